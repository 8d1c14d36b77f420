"""Waves of single beats, as a catheter's tip, a flow probe or a gated camera draws them, and what is read from them."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from proband.units import ms, s

SIGNALS = (
    "heart.count", "heart.atrial_clock", "left_ventricle.pressure", "left_ventricle.volume", "right_ventricle.pressure", "mitral_valve.flow",
    "aortic_valve.flow", "pulmonary_valve.flow", "coronary_arteries.flow", "pulmonary_artery.volume", "pulmonary_capillaries.volume",
    "pulmonary_veins.volume",
)  # fmt: skip
STILL = 5.0  # mL/s: less than this is no flow through a valve
STEP = 1e-3  # s
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Beat:
    """From one ventricular excitation to the next, a value every millisecond, in the units of the signals."""

    traces: dict[str, np.ndarray]

    def __getitem__(self, signal: str) -> np.ndarray:
        return self.traces[signal]

    @property
    def ejection(self) -> tuple[int, int]:
        """First and last moment (ms) of flow through the aortic valve."""
        flows = np.flatnonzero(self["aortic_valve.flow"] > STILL / 1000 * 60)
        return int(flows[0]), int(flows[-1])

    @property
    def filling(self) -> tuple[int, int]:
        """The moment (ms) at which the mitral flow before this beat's ejection ends, and that at which the next begins."""
        begin, end = self.ejection
        open_ = self["mitral_valve.flow"] > STILL / 1000 * 60
        before = np.flatnonzero(open_[:begin])
        return int(before[-1]) if before.size else 0, end + int(np.argmax(open_[end:]))

    def rate(self, signal: str) -> np.ndarray:
        """Of change, per second."""
        return np.gradient(self[signal], STEP)


def beats(sheet: str, seconds: float = 10) -> list[Beat]:
    """Whole beats of a patient at rest who has come to it; one recording serves all who ask."""
    with _one_at_a_time:
        return _recorded(sheet, seconds)


@functools.cache
def _recorded(sheet: str, seconds: float) -> list[Beat]:
    from proband.engine import Engine
    from proband.patients import load

    run = Engine(load(sheet), observe=SIGNALS, threads=1).start()
    run.advance(120 * s)
    run.record(every=1 * ms)
    run.advance(seconds * s)
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
    return sum(
        (beat[f"pulmonary_{place}.volume"] for place in ("capillaries", "veins")), beat["pulmonary_artery.volume"]
    )


def lungs_swing(beat: Beat) -> float:
    """The most less the least blood in the lungs, in % of the stroke volume."""
    blood = lungs_blood(beat)
    stroke = beat["pulmonary_valve.flow"].sum() * 1000 / 60 * STEP
    return float(100 * (blood.max() - blood.min()) / stroke)
