"""The Rome ramp test of HeartMate 3, with the right ventricle in view."""

import numpy as np

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.bodies import PUMP, with_heartmate3
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "38 patients: severe heart failure, 24 persons with the scatter of such a cohort (assumed: elastances, resistances and filling "
    "by 15–20 %). A ramp ends at the first speed with suction. No change: mean pressure by less than 3 mmHg, index by less than 1."
)
SPEEDS = range(5000, 6401, 200)
PEOPLE = 24
SCATTER = {
    "left_ventricle.E_max": 0.20, "right_ventricle.E_max": 0.20, "pulmonary_arterioles.R": 0.25, "lower_body_arterioles.R": 0.15,
    "gut_arterioles.R": 0.15, "upper_body_arterioles.R": 0.15, "left_ventricle.k_E": 0.10,
}  # fmt: skip
FILLING = 0.06  # of the blood volume, as a share of itself
SUCTION = 0.5  # share of the inlet that the wall covers for a moment


def experiment(lab: Lab):
    random = np.random.default_rng(38)
    body = lab.body("hfref_severe")
    rows = {name: (body.value(name).to(body.row(name)[1].unit), spread) for name, spread in SCATTER.items()}
    veins = {v: body.value(f"{v}.volume").to(body.row(f"{v}.volume")[1].unit) for v in ("splanchnic", "lower_body")}
    ramps = []
    for _ in range(PEOPLE):
        values = {name: value * np.exp(spread * random.standard_normal()) for name, (value, spread) in rows.items()}
        more = 6500 * FILLING * random.standard_normal()
        values |= {f"{v}.volume": volume + more / 2 for v, volume in veins.items()}
        person = lab.person("hfref_severe", {**values, "lvad.speed": SPEEDS[0]}, changed=with_heartmate3, watch=PUMP)
        ramps.append([person.set("lvad.speed", n).wait(25 * s).measure(15 * s) for n in SPEEDS])

    def until_suction(ramp):
        """Speeds before the wall covers the inlet; the whole ramp where it never does."""
        ended = next((i for i, w in enumerate(ramp) if w.most("lvad.suction") > SUCTION), None)
        return (ramp, False) if ended is None else (ramp[:ended], True)

    def change(quantity):
        seen = [r for r, _ in map(until_suction, ramps) if len(r) > 1]
        return float(np.mean([r[-1](quantity) - r[0](quantity) for r in seen])) if seen else float("nan")

    def results():
        ended = [e for _, e in map(until_suction, ramps)]
        return {
            "rome-flow": direction(change("lvad.flow")),
            "rome-wedge": direction(change("wedge")),
            "rome-map": direction(change("mean_arterial"), least=3),
            "rome-pi": direction(change("lvad.pulsatility_index"), least=1),
            "rome-suction": 100 * float(np.mean(ended)),
            "rome-6400": 100 * (1 - float(np.mean(ended))),
        }

    return results


if __name__ == "__main__":
    tell(__file__)
