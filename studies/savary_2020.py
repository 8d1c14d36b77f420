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


def delay(occlusion=(4.0, 8.0), compliance=(20.0, 50.0), R=15.0, neural_time=0.8, seconds=30, **settings):
    """Mean time, ms, from an effort's begin to the turn of the airway pressure: its lowest, from where the ventilator lifts it.

    Every occlusion pressure (cmH2O; a quarter sine that reaches it in 100 ms) with every compliance (mL/cmH2O). Efforts of
    0.8 s are assumed: they end before the breath does, so that none has a second one."""
    import math

    import numpy as np

    from proband.benches.test_lung import test_lung
    from proband.devices.ventilator import ventilator
    from proband.engine import Engine
    from proband.units import L, cmH2O, ms, per_min, s

    pull, C = (grid.ravel() for grid in np.meshgrid(occlusion, compliance))
    values = {
        "muscles.strength": pull / math.sin(math.pi / 2 * 0.1 / neural_time),
        "muscles.rate": 18.0, "muscles.neural_time": neural_time,
        "lung.C": C, "lung.V_0": 15 * C, "lung.volume": 20 * C,
    }  # fmt: skip
    body = test_lung(
        ventilator, R=R * cmH2O * s / L, active=True, set_rate=12 * per_min, pressure_limit=80 * cmH2O, **settings
    )
    observe = ["muscles.pressure", "ventilator.pressure", "ventilator.phase"]
    run = Engine(body, observe=observe).start(len(C), values=values)
    run.advance(60 * s)
    run.record(every=1 * ms)
    run.advance(seconds * s)
    traces, delays = run.traces(), []
    for effort, pressure, phase in zip(*(traces[name] for name in observe), strict=True):
        begun = np.flatnonzero((phase[1:] > 0.5) & (phase[:-1] < 0.5))
        for felt in np.flatnonzero((effort[1:] > 0.01) & (effort[:-1] <= 0.01)):
            answers = begun[(begun >= felt) & (begun < felt + 500)]
            if len(answers) and phase[felt] < 0.5:
                delays.append(float(pressure[felt : answers[0] + 50].argmin()))
    return float(np.mean(delays))


def experiment(lab: Lab):
    error, late = lab.bench(volumes), lab.bench(delay)
    return lambda: {
        "savary-volume-engstrom": error(),
        "savary-delay-engstrom": late(),
    }


if __name__ == "__main__":
    tell(__file__)
