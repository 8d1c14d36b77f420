"""A patient who has lived with a pump for months: no longer decompensated, so blood volume and pulmonary resistance are matched anew.

Matched to two numbers of the asymptomatic HeartMate II group (right atrial and mean pulmonary pressure at 9,400 rpm), which
are calibration for that reason. `python -m proband.evidence.scoring.chronic` finds the two values again."""

from __future__ import annotations

import numpy as np

from proband.model import Body
from proband.patients import sheet, with_blood_volume
from proband.units import mL

SHEET = "hfref_severe"
MATCHED = {"volume": 6456.0, "lungs": 0.278}  # mL; share of the sheet's pulmonary resistance
TARGETS = {"central_venous": 9.0, "pulmonary_mean": 23.0}  # mmHg
LUNGS = ("pulmonary_arterioles.R", "pulmonary_venules.R")


def months_on_support(body: Body, volume: float = 0.0, lungs: float = 0.0) -> Body:
    """The patient of the sheet of severe heart failure, months after implantation."""
    rows = {row: body.value(row) * (lungs or MATCHED["lungs"]) for row in LUNGS}
    return with_blood_volume(body.with_values(rows), (volume or MATCHED["volume"]) * mL)


def fit(rounds: int = 6) -> dict[str, float]:
    """Newton's method, the trial values side by side as lanes of one run."""
    from proband.evidence.scoring.bodies import with_heartmate2
    from proband.evidence.scoring.lab import Lab

    x = np.array(list(MATCHED.values()))
    step = np.array([60.0, 0.03])
    for _ in range(rounds):
        lab = Lab()
        seen = []
        for trial in [x, *(x + np.diag(step))]:
            body = months_on_support(lab.body(SHEET), *trial)
            plain = lab.body(SHEET)
            names = [*LUNGS] + [f"{n}.volume" for n, p in plain.parts.items() if p.component.kind == "compartment"]
            values = {n: body.value(n).to(plain.row(n)[1].unit) for n in names}
            seen.append(lab.person(SHEET, {**values, "lvad.speed": 9400.0}, changed=with_heartmate2).measure())
        lab.run()
        told = np.array([[w(q) for q in TARGETS] for w in seen])
        print(dict(zip(MATCHED, x.round(3))), dict(zip(TARGETS, told[0].round(2))))
        slopes = ((told[1:] - told[0]) / step[:, None]).T
        move = np.linalg.solve(slopes, np.array(list(TARGETS.values())) - told[0])
        x = np.clip(x + np.clip(move, [-400, -0.2], [400, 0.2]), [4800, 0.2], [7000, 1.5])
    return dict(zip(MATCHED, (float(v) for v in x)))


if __name__ == "__main__":
    assert sheet(SHEET)
    print(fit())
