"""HeartMate II by another group's parabolas. A check between two models: it counts for nothing.

In theirs the pump runs from ventricle to aorta, with no cannula or graft beside it: their head is that of all three."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import RIG, heartmate2_rig
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "No patient: pump, cannula and graft between two reservoirs, the flow imposed."
BEFORE, BEHIND = "inlet.pressure", "outlet.pressure"


def experiment(lab: Lab):
    seen = {
        (n, q): lab.rig(heartmate2_rig, {"pump.speed": n, "throttle.wanted": q}, watch=(*RIG, BEFORE, BEHIND))
        .wait(8 * s)
        .measure(2 * s)
        for n in (8000, 9000, 10000)
        for q in (3, 5)
    }
    return lambda: {f"hm2-{n}-{q}": w(BEHIND) - w(BEFORE) for (n, q), w in seen.items()}


if __name__ == "__main__":
    tell(__file__)
