"""Hála 2020: pigs with chronic failing hearts on veno-arterial ECMO, minimal flow against 5 L/min.

Matched to the state at minimal flow (peak pressure, end-diastolic pressure and volume, end-systolic volume): contractility and stiffness of
the ventricle, resistance, blood volume. What 5 L/min does to it is the experiment. The rate is theirs before it, 2.9 L/min in strokes of 50 mL, at either flow;
arteries soften as pressure falls (Langewouters), as in Ostadal's pigs.

At 32 mmHg a quarter of the strength is missing here, since the muscle that does little work needs little blood: their index of contractility did not change.
The end-diastolic pressure stays as it is, where theirs doubled: the right ventricle empties and the bag yields."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import LARGE_ARTERIES, RESERVOIRS, pig_on_support
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.patients.circulation import BEDS
from proband.patients.size import resized
from proband.units import mL

COHORT = (
    "Five pigs whose hearts were paced fast for months, anaesthetised and ventilated: a man with severe failure brought to 47 kg (assumed), without reflexes, "
    "at their rate; arteries twice and, at 5 L/min, 1.7 times as soft as at 96 mmHg (Langewouters 1984). Minimal flow is 0.5 L/min (assumed)."
)
SIZE = 47 / 75
E_MAX, STIFFNESS, RESISTANCE, MORE_BLOOD = 0.77, 0.0108, 0.198, -350 * mL
PERIOD = 1.03  # s, of a beat
SOFT_ARTERIES = {0.5: 2.0, 5.0: 1.7}  # compliance, of that at 96 mmHg
ROWS = {
    "peak": "left_systolic", "edp": "left_end_diastolic", "edv": "left_end_diastolic_volume", "esv": "left_end_systolic_volume", "sw": "stroke_work",
}  # fmt: skip


def pig(body: Body) -> Body:
    return pig_on_support(body, SIZE)


def rows(body: Body, flow: float) -> dict[str, float]:
    """Of the matched pig at a flow (L/min)."""

    def own(row: str) -> float:
        return body.value(row).to(body.row(row)[1].unit)

    held = sum(own(f"{vein}.C") for vein in RESERVOIRS)
    of = {f"{a}.C": SOFT_ARTERIES[flow] * own(f"{a}.C") for a in LARGE_ARTERIES}
    of |= {f"{r}.R": RESISTANCE * own(f"{r}.R") for r in BEDS}
    of |= {f"{v}.volume": own(f"{v}.volume") + own(f"{v}.C") / held * MORE_BLOOD.to(mL) for v in RESERVOIRS}
    return of | {
        "left_ventricle.E_max": E_MAX,
        "left_ventricle.k_E": STIFFNESS,
        "sinus_nerves.T_0": PERIOD,
        "ecmo.set_flow": flow,
    }


def experiment(lab: Lab):
    small = resized(lab.body("hfref_severe"), SIZE)

    def at(flow):
        return lab.person(
            "hfref_severe", rows(small, flow), changed=pig, watch=["ecmo.flow", "monitor.stroke_work"]
        ).measure()

    seen = {"0": at(0.5), "5": at(5.0)}
    return lambda: {f"hala-{flow}-{short}": w(quantity) for flow, w in seen.items() for short, quantity in ROWS.items()}


if __name__ == "__main__":
    tell(__file__)
