"""The Rome ramp test of HeartMate 3, with the right ventricle in view."""

import numpy as np

from proband.evidence.scoring import Lab, direction, moved
from proband.evidence.scoring.bodies import PUMP, months_with_heartmate3
from proband.evidence.scoring.study import tell
from proband.units import mL, s

COHORT = (
    "38 patients: severe heart failure months after implantation, 24 persons with an assumed scatter (elastances and resistances "
    "by 10–25 %, blood volume by 4 %). A ramp ends at the first speed with suction. No change: within 10 %."
)
SPEEDS = range(5000, 6401, 200)
PEOPLE = 24
SCATTER = {
    "left_ventricle.E_max": 0.20, "right_ventricle.E_max": 0.20, "pulmonary_arterioles.R": 0.25, "lower_body_arterioles.R": 0.15,
    "gut_arterioles.R": 0.15, "upper_body_arterioles.R": 0.15, "left_ventricle.k_E": 0.10,
}  # fmt: skip
FILLING = 0.04  # of the blood volume, as a share of itself
SUCTION = 0.5  # share of the inlet that the wall covers for a moment


def experiment(lab: Lab):
    random = np.random.default_rng(38)
    body = lab.body("hfref_severe")
    chronic = months_with_heartmate3(body)
    rows = {name: (chronic.value(name).to(chronic.row(name)[1].unit), spread) for name, spread in SCATTER.items()}
    veins = {v: chronic.value(f"{v}.volume").to(mL) for v in ("splanchnic", "lower_body")}
    ramps = []
    for _ in range(PEOPLE):
        values = {name: value * np.exp(spread * random.standard_normal()) for name, (value, spread) in rows.items()}
        more = 5770 * FILLING * random.standard_normal()
        values |= {f"{v}.volume": volume + more / 2 for v, volume in veins.items()}
        person = lab.person(
            "hfref_severe", {**values, "lvad.speed": SPEEDS[0]}, changed=months_with_heartmate3, watch=PUMP
        )
        ramps.append([person.set("lvad.speed", n).wait(25 * s).measure(15 * s) for n in SPEEDS])

    def until_suction(ramp):
        """Speeds before the wall covers the inlet; the whole ramp where it never does."""
        ended = next((i for i, w in enumerate(ramp) if w.most("lvad.suction") > SUCTION), None)
        return (ramp, False) if ended is None else (ramp[:ended], True)

    def ends(quantity):
        """The mean at the lowest speed and at the last one."""
        seen = [r for r, _ in map(until_suction, ramps) if len(r) > 1 and np.isfinite(r[-1](quantity))]
        return tuple(float(np.mean([r[i](quantity) for r in seen])) if seen else float("nan") for i in (0, -1))

    def change(quantity):
        first, last = ends(quantity)
        return direction(last - first)

    def results():
        ended = [e for r, e in map(until_suction, ramps) if e or np.isfinite(r[-1]("lvad.flow"))]
        return {
            "rome-flow": change("lvad.flow"),
            "rome-wedge": change("wedge"),
            "rome-map": moved(*ends("mean_arterial"), "mmHg"),
            "rome-pi": moved(*ends("lvad.pulsatility_index"), "1"),
            "rome-suction": 100 * float(np.mean(ended)),
            "rome-6400": 100 * (1 - float(np.mean(ended))),
        }

    return results


if __name__ == "__main__":
    tell(__file__)
