"""Abart 2025: how well HeartMate 3 knows its own flow, from partial to full support.

The pump runs as it does in patients, with the pulse of its own that nobody can switch off: every 2 s, so that six of them are three of its cycles."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, with_heartmate3
from proband.evidence.scoring.study import tell
from proband.units import ms

COHORT = "Virtual patients on a hybrid loop: severe and moderate heart failure at 4,600 to 6,000 rpm, six seconds seen every 20 ms."
SPEEDS = (4600, 5200, 5600, 6000)
SIGNALS = ("lvad.flow", "lvad.instant_flow")


def experiment(lab: Lab):
    seen = []
    for sheet in ("hfref_severe", "hfref_moderate"):
        for n in SPEEDS:
            person = lab.person(sheet, {"lvad.speed": n}, changed=with_heartmate3, watch=(*PUMP, *SIGNALS))
            seen += [person.measure(20 * ms) for _ in range(300)]

    def pair():
        return np.array([[w(name) for name in SIGNALS] for w in seen]).T

    return lambda: {
        "abart-rmse": float(np.sqrt(np.mean((pair()[1] - pair()[0]) ** 2))),
        "abart-r": float(np.corrcoef(*pair())[0, 1]),
    }


if __name__ == "__main__":
    tell(__file__)
