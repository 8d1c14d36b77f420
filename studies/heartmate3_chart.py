"""The chart of HeartMate 3: head over flow from 3,000 to 8,000 rpm."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import RIG, heartmate3_rig
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "No patient: the pump alone between two reservoirs, its flow imposed."
POINTS = {
    3000: (0, 1, 2, 2.9), 4000: (0, 2, 3, 4.5), 5000: (0, 2, 4, 6), 7000: (0, 2, 4, 5, 8), 8000: (0, 2, 3, 5, 6, 8, 10),
}  # fmt: skip


def experiment(lab: Lab):
    seen = {
        (speed, flow): lab.rig(heartmate3_rig, {"pump.speed": speed, "throttle.wanted": flow}, watch=RIG)
        .wait(8 * s)
        .measure(2 * s)
        for speed, flows in POINTS.items()
        for flow in flows
    }
    return lambda: {f"hm3-{speed}-{flow:g}": w("pump.head") for (speed, flow), w in seen.items()}


if __name__ == "__main__":
    tell(__file__)
