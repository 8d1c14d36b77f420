"""Yunus 1982: pressure at the shut mouth a tenth of a second into a quiet breath."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import before_the_mouth
from proband.evidence.scoring.study import tell
from proband.units import ms, s

COHORT = "Healthy adults in air, alike sitting and lying: the man who breathes through a mouthpiece and a valve of 100 mL (assumed, as in other studies with one), which is shut at the end of four expirations."
VALVE = before_the_mouth(100)
OCCLUSIONS = 4  # the mean of as many is reliable (Kera 2013)


def occluded(run) -> float:
    """The pressure that the muscles build up in the first 100 ms against a shut mouth, cmH2O."""

    def now(signal):
        return float(run.now(signal)[0])

    while now("mouth.flow") > -6:  # L/min, until gas comes out
        run.advance(5 * ms)
    while now("mouth.flow") < -1:  # until nearly all is out
        run.advance(5 * ms)
    run.command("mouth.open", 0.0)
    run.advance(5 * ms)
    before, last = now("airway.pressure"), run.time + 20
    while now("airway.pressure") > before - 0.02 and run.time < last:
        run.advance(2 * ms)
    run.advance(100 * ms)
    built = (before - now("airway.pressure")) * 1.35951  # mmHg to cmH2O
    run.command("mouth.open", 1.0)
    run.advance(30 * s)
    return built


def at_rest() -> float:
    """Mean of some occlusions of one who breathes quietly, cmH2O."""
    from proband.engine import Engine
    from proband.engine.settling import hastened
    from proband.patients import load

    run = Engine(load("breathing_man"), observe=["mouth.flow", "airway.pressure"]).start(1, values=VALVE)
    with hastened(run):
        run.advance(180 * s)
    return sum(occluded(run) for _ in range(OCCLUSIONS)) / OCCLUSIONS


def experiment(lab: Lab):
    done = lab.bench(at_rest)
    return lambda: {"yunus-occlusion": done()}


if __name__ == "__main__":
    tell(__file__)
