"""Chelucci 1993: the fast part of a passive expiration, after a hold."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "11 normal people and 6 patients with acute respiratory distress, ventilated: the anaesthetised man and the man with moderate distress, through an 8 mm tube."


def expiration(patient: str) -> float:
    """Time (s) in which the first 63 % of what is expired leaves."""
    import numpy as np

    from proband.engine import Engine
    from proband.evidence.scoring.breathers import ventilated
    from proband.patients import load
    from proband.units import ms, s

    body = ventilated(load(patient, gases=False))
    run = Engine(body, observe=["chest_wall.lung_volume"]).start(
        1, values={"ventilator.set_rate": 8.0, "ventilator.inspiratory_time": 1.5, "ventilator.pause_time": 0.4}
    )
    run.advance(60 * s)
    run.record(every=10 * ms, names=["chest_wall.lung_volume"])
    run.advance(15 * s)
    V = run.traces()["chest_wall.lung_volume"][0]
    top = int(np.argmax(V[:750]))
    fall = V[top : top + 600]
    low = fall.min()
    share = (fall - low) / (fall[0] - low)
    leaves = np.flatnonzero(share < 0.99)[0]  # the pause is over
    return 0.01 * float(np.flatnonzero(share < 1 / np.e)[0] - leaves)


def experiment(lab: Lab):
    seen = {name: lab.bench(lambda name=name: expiration(name)) for name in ("anaesthetised", "ards_moderate")}
    return lambda: {"chelucci-normal": seen["anaesthetised"](), "chelucci-ards": seen["ards_moderate"]()}


if __name__ == "__main__":
    tell(__file__)
