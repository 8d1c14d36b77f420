"""Waves of single beats, as a catheter's tip, a flow probe or a gated camera draws them, and what is read from them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from proband.evidence.scoring.once import once
from proband.evidence.scoring.places_of_blood import LUNGS
from proband.units import ms, s

SIGNALS = (
    "heart.count", "heart.atrial_clock", "left_ventricle.pressure", "left_ventricle.volume", "right_ventricle.pressure", "mitral_valve.flow",
    "aortic_valve.flow", "pulmonary_valve.flow", "coronary_arteries.flow", *LUNGS,
)  # fmt: skip
STILL = 0.3  # L/min: less than this is no flow through a valve
STEP = 1e-3  # s


@dataclass(frozen=True)
class Beat:
    """From one ventricular excitation to the next, a value every millisecond, in the units of the signals."""

    traces: dict[str, np.ndarray]

    def __getitem__(self, signal: str) -> np.ndarray:
        return self.traces[signal]

    @property
    def ejection(self) -> tuple[int, int]:
        """First and last moment (ms) of flow through the aortic valve."""
        flows = np.flatnonzero(self["aortic_valve.flow"] > STILL)
        return int(flows[0]), int(flows[-1])

    @property
    def filling(self) -> tuple[int, int]:
        """The moment (ms) at which the mitral flow before this beat's ejection ends, and that at which the next begins."""
        begin, end = self.ejection
        open_ = self["mitral_valve.flow"] > STILL
        before = np.flatnonzero(open_[:begin])
        return int(before[-1]) if before.size else 0, end + int(np.argmax(open_[end:]))

    def rate(self, signal: str) -> np.ndarray:
        """Of change, per second."""
        return np.gradient(self[signal], STEP)


@once
def beats(sheet: str) -> list[Beat]:
    """Ten seconds of whole beats of a patient who has come to rest."""
    from proband.engine import Engine
    from proband.patients import load

    run = Engine(load(sheet), observe=SIGNALS, threads=1).start()
    run.advance(120 * s)
    run.record(every=1 * ms)
    run.advance(10 * s)
    traces = {name: np.asarray(values).squeeze() for name, values in run.traces().items() if name in SIGNALS}
    return cut_into_beats(traces)


def cut_into_beats(traces: dict[str, np.ndarray]) -> list[Beat]:
    """Whole beats of a recording that has `heart.count`."""
    starts = np.flatnonzero(np.diff(traces["heart.count"]) > 0) + 1
    return [Beat({n: v[a:b] for n, v in traces.items()}) for a, b in itertools.pairwise(starts)]


def mean(of: Callable[[Beat], float], sheet: str) -> float:
    """The mean of what is read from each beat of a patient."""
    return float(np.mean([of(beat) for beat in beats(sheet)]))


def relaxation_constant(beat: Beat) -> float:
    """Time constant in ms of the logarithm of left ventricular pressure, from its fastest fall to 5 mmHg above the
    end-diastolic pressure (Weiss 1976)."""
    pressure = beat["left_ventricle.pressure"]
    begin = int(np.argmin(beat.rate("left_ventricle.pressure")))
    low = pressure[begin:] < pressure[0] + 5
    end = begin + int(np.argmax(low))
    slope = np.polyfit(np.arange(begin, end) * STEP, np.log(pressure[begin:end]), 1)[0]
    return -1000 / slope


def fastest_fall(beat: Beat, side: str = "left") -> float:
    """Of a ventricle's pressure, in mmHg/s."""
    return -float(beat.rate(f"{side}_ventricle.pressure").min())


def lungs_blood(beat: Beat) -> np.ndarray:
    """In the lungs' vessels, in mL."""
    return np.sum([beat[place] for place in LUNGS], axis=0)


def lungs_swing(beat: Beat) -> float:
    """The most less the least blood in the lungs, in % of the stroke volume."""
    blood = lungs_blood(beat)
    stroke = beat["pulmonary_valve.flow"].sum() * 1000 / 60 * STEP
    return float(100 * (blood.max() - blood.min()) / stroke)
