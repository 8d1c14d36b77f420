"""Chelucci 1993: the fast part of a passive expiration, after a hold."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "11 normal people and 6 patients with acute respiratory distress, ventilated: the anaesthetised man and the man with moderate distress, through an 8 mm tube. Two exponentials are fitted to the volume, as in the paper."
STEP = 0.01  # s, between two samples of the volume


def expiration(patient: str) -> float:
    """Time constant (s) of the larger of the two exponentials that the expired volume is."""
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
    fall = V[top : top + 550]
    fall = fall - fall.min()
    return _larger(fall[np.flatnonzero(fall < 0.99 * fall[0])[0] :])  # the pause is over


def _larger(volume) -> float:
    """Least squares over a grid of pairs of time constants; their volumes follow from each pair, and none is negative."""
    import numpy as np

    t = STEP * np.arange(len(volume))
    best, found = np.inf, float("nan")
    for fast in np.geomspace(0.1, 1.5, 100):
        for slow in np.geomspace(1.5 * fast, 8.0, 40):
            shapes = np.exp(-t[:, None] / np.array([fast, slow]))
            shares = np.linalg.lstsq(shapes, volume, rcond=None)[0]
            left = float(((shapes @ shares - volume) ** 2).sum())
            if shares.min() >= 0 and left < best:
                best, found = left, float((fast, slow)[int(shares.argmax())])
    return found


def experiment(lab: Lab):
    seen = {name: lab.bench(lambda name=name: expiration(name)) for name in ("anaesthetised", "ards_moderate")}
    return lambda: {"chelucci-normal": seen["anaesthetised"](), "chelucci-ards": seen["ards_moderate"]()}


if __name__ == "__main__":
    tell(__file__)
