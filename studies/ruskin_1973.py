"""Ruskin 1973: what a quiet inspiration takes from the left ventricle's stroke.

In each breath the least of the beats that begin in inspiration is held against the last beat before it."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import STEP, cut_into_beats
from proband.units import ms, s

COHORT = "11 normal patients breathing quietly: the breathing man."
SIGNALS = ("heart.count", "aortic_valve.flow", "aorta.pressure", "chest_wall.lung_volume")


def recorded() -> dict[str, float]:
    from proband.engine import Engine
    from proband.patients import load

    run = Engine(load("breathing_man"), observe=SIGNALS, threads=1).start()
    run.advance(200 * s)
    run.record(every=1 * ms)
    run.advance(60 * s)
    beats = cut_into_beats({n: np.asarray(v).squeeze() for n, v in run.traces().items() if n in SIGNALS})
    inward = [beat["chest_wall.lung_volume"][50] > beat["chest_wall.lung_volume"][0] for beat in beats]
    read = {
        "ruskin-sv": [beat["aortic_valve.flow"].sum() * 1000 / 60 * STEP for beat in beats],
        "ruskin-sbp": [beat["aorta.pressure"].max() for beat in beats],
        "ruskin-pp": [np.ptp(beat["aorta.pressure"]) for beat in beats],
    }
    return {row: fall(values, inward) for row, values in read.items()}


def fall(values, inward) -> float:
    """Mean over the breaths, in %."""
    found, i = [], 1
    while i < len(values):
        if inward[i] and not inward[i - 1]:
            end = i
            while end < len(values) and inward[end]:
                end += 1
            found.append(100 * (min(values[i:end]) / values[i - 1] - 1))
            i = end
        i += 1
    return float(np.mean(found))


def experiment(lab: Lab):
    seen = lab.bench(recorded)
    return lambda: seen()


if __name__ == "__main__":
    tell(__file__)
