"""Savary 2020: an intensive care ventilator on a bench."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "A test lung of 20 or 50 mL/cmH2O and 15 cmH2O s/L, 350 to 550 mL, efforts with an occlusion pressure of 4 and 8 cmH2O: the laboratory's ventilator, which is of no make."


def volumes():
    import numpy as np

    from proband.benches.test_lung import test_lung
    from proband.devices.ventilator import ventilator
    from proband.engine import Engine
    from proband.units import L, cmH2O, mL, s

    body = test_lung(ventilator, C=20 * mL / cmH2O, R=15 * cmH2O * s / L, trigger=0.0, pressure_limit=80 * cmH2O)
    wanted, C = np.array([350.0, 450, 550, 350, 450, 550]), np.array([20.0, 20, 20, 50, 50, 50])
    run = Engine(body, observe=["lung.volume"]).start(
        6, values={"ventilator.tidal_volume": wanted, "lung.C": C, "lung.V_0": 15 * C, "lung.volume": 20 * C}
    )
    run.advance(60 * s)
    run.begin_window()
    run.advance(20 * s)
    window = run.window()
    return float(np.mean(np.abs(window.max("lung.volume") - window.min("lung.volume") - wanted) / wanted * 100))


def delay(strengths=(25.0, 50.0), mode="VC-CMV", seconds=20):
    """Mean time from the effort's begin to the ventilator's, ms. A quarter sine of 1 s reaches 0.16 of its peak in 100 ms."""
    import numpy as np

    from proband.benches.test_lung import test_lung
    from proband.devices.ventilator import ventilator
    from proband.engine import Engine
    from proband.units import ms, s

    body = test_lung(ventilator, tube=True, active=True, mode=mode)
    run = Engine(body, observe=["muscles.pressure", "ventilator.phase"]).start(
        len(strengths), values={"muscles.strength": list(strengths), "muscles.rate": 18.0}
    )
    run.advance(60 * s)
    run.record(every=2 * ms, names=["muscles.pressure", "ventilator.phase"])
    run.advance(seconds * s)
    traces, delays = run.traces(), []
    for pull, phase in zip(traces["muscles.pressure"], traces["ventilator.phase"], strict=True):
        efforts = np.flatnonzero((pull[1:] > 0.01) & (pull[:-1] <= 0.01))
        begun = np.flatnonzero((phase[1:] > 0.5) & (phase[:-1] < 0.5))
        delays += [2.0 * (b - efforts[efforts <= b][-1]) for b in begun if (efforts <= b).any()]
    return float(np.mean([d for d in delays if d < 500]))


def experiment(lab: Lab):
    error, late = lab.bench(volumes), lab.bench(delay)
    return lambda: {
        "savary-volume-engstrom": error(),
        "savary-delay-engstrom": late(),
    }


if __name__ == "__main__":
    tell(__file__)
