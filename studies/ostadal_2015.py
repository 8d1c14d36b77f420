"""Ostadal 2015: pigs in cardiogenic shock on veno-arterial ECMO, 1 against 5 L/min.

Matched to the state at 1 L/min (systolic pressure, stroke volume and end-systolic volume): contractility, stiffness of the
ventricle, resistance, blood volume. What 5 L/min does to it is the experiment.

The rate is theirs at either flow, their output over their stroke volume: 58/min at 1 L/min, 47/min at 5 L/min, for the nodes of anaesthetised pigs still heard of the
pressure. And arteries stiffen with it: Langewouters' arctangent through twice the compliance at half the pressure gives 1.45 of the resting one at 75 mmHg."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import LARGE_ARTERIES, RESERVOIRS, pig_on_support
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.patients.circulation import BEDS
from proband.patients.size import resized
from proband.units import mL, mmHg

COHORT = (
    "5 swine of 45 kg, anaesthetised, ventilated, hearts made hypoxic: the resting man brought to 45 kg, without reflexes, with their rate, output over stroke volume, at "
    "either flow; arteries softer as the pressure is lower (Langewouters 1984), and the ventricle a quarter softer."
)
SIZE = 45 / 75
E_MAX, STIFFNESS, RESISTANCE, MORE_BLOOD = 1.41, 0.75, 0.238, 668 * mL
PERIOD = {1.0: 1.03, 5.0: 60 * 0.040 / 1.86}  # s, of a beat
SOFT_ARTERIES = {1.0: 2.0, 5.0: 1.45}  # compliance, of that at 96 mmHg
PROBE = 1.02  # the console's flow probe reads that much too high
ROWS = {
    "sbp": "systolic", "co": "native_flow", "esv": "left_end_systolic_volume", "sv": "stroke_volume", "ef": "ejection_fraction",
    "sw": "stroke_work",
}  # fmt: skip


def pig(body: Body) -> Body:
    small = pig_on_support(body, SIZE)
    held = sum(small.value(f"{vein}.C").si for vein in RESERVOIRS)
    rows = {f"{r}.R": RESISTANCE * small.value(f"{r}.R") for r in BEDS}
    rows |= {
        f"{v}.volume": small.value(f"{v}.volume") + small.value(f"{v}.C").si / held * MORE_BLOOD for v in RESERVOIRS
    }
    rows |= {"left_ventricle.k_E": STIFFNESS * small.value("left_ventricle.k_E")}
    return small.with_values(rows)


def experiment(lab: Lab):
    watch = ["ecmo.flow", "monitor.stroke_work"]
    man = resized(lab.body("healthy_man"), SIZE)

    def at(flow):
        rows = {f"{a}.C": SOFT_ARTERIES[flow] * man.value(f"{a}.C").to(mL / mmHg) for a in LARGE_ARTERIES}
        rows |= {"left_ventricle.E_max": E_MAX, "sinus_nerves.T_0": PERIOD[flow], "ecmo.set_flow": PROBE * flow}
        return lab.person("healthy_man", rows, changed=pig, watch=watch).measure()

    little, much = at(1.0), at(5.0)
    return lambda: {
        f"ostadal-{flow}-{short}": window(quantity)
        for flow, window in (("1", little), ("5", much))
        for short, quantity in ROWS.items()
    }


if __name__ == "__main__":
    tell(__file__)
