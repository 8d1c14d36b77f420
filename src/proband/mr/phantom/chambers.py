"""The volumes of the heart's chambers over one beat, given or taken from the circulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.model import ModelError

CHAMBERS = {"LV": "left_ventricle", "RV": "right_ventricle", "LA": "left_atrium", "RA": "right_atrium"}


@dataclass(frozen=True, eq=False)
class ChamberVolumes:
    """`time` (n,) s from the beginning of a beat, rising; `LV`, `RV`, `LA`, `RA` (n,) mL. The beat closes after `period` s."""

    time: np.ndarray
    LV: np.ndarray
    RV: np.ndarray
    LA: np.ndarray
    RA: np.ndarray
    period: float

    def __post_init__(self) -> None:
        time = np.asarray(self.time, float)
        if time.ndim != 1 or len(time) < 2 or not (np.isfinite(time).all() and (np.diff(time) > 0).all()):
            raise ModelError("the times of chamber volumes must be at least two, in s, and rising.")
        if not self.period >= time[-1] - time[0]:
            raise ModelError(f"a beat of {self.period} s is shorter than the times of its volumes.")
        object.__setattr__(self, "time", time - time[0])
        for name in CHAMBERS:
            values = np.asarray(getattr(self, name), float)
            if values.shape != time.shape or not (
                np.isfinite(values).all() and (values > 1).all() and (values < 1500).all()
            ):
                raise ModelError(f"the volumes of {name} must be {len(time)} numbers in mL, each between 1 and 1500.")
            object.__setattr__(self, name, values)

    def at(self, time: float | np.ndarray) -> dict[str, np.ndarray]:
        """Volumes (mL) at times of any beat."""
        return {
            n: np.interp(np.asarray(time, float), self.time, getattr(self, n), period=self.period) for n in CHAMBERS
        }

    @property
    def ejection_fraction(self) -> float:
        """Of the left ventricle, in percent."""
        return float(100 * (1 - self.LV.min() / self.LV.max()))


def heart_of(patient: str, *, settle: float = 60.0, every: float = 0.01) -> ChamberVolumes:
    """One beat of a patient of the circulation by name, after `settle` s (to rest), from end of diastole to the next."""
    from proband import patients
    from proband.engine import Engine
    from proband.units import s

    body = patients.load(patient)
    run = Engine(body, observe=[f"{part}.volume" for part in CHAMBERS.values()]).start(patients=1)
    run.advance(settle * s)
    run.record(every=every * s)
    run.advance(6 * s)
    traces = {n: np.asarray(run.traces()[f"{part}.volume"][0]) for n, part in CHAMBERS.items()}
    return one_beat(traces, every)


def one_beat(traces: dict[str, np.ndarray], every: float) -> ChamberVolumes:
    """The last whole beat in traces (n,) of the four chambers (mL), a sample each `every` s."""
    volume = traces["LV"]
    half = (volume.max() + volume.min()) / 2
    emptying = np.flatnonzero((volume[:-1] >= half) & (volume[1:] < half))
    if len(emptying) < 3:
        raise ModelError("no whole beat was found in the left ventricle's volume; record at least three beats.")
    ends = [int(a + volume[a : b + 1].argmax()) for a, b in zip(emptying[-3:-1], emptying[-2:], strict=True)]
    beat = slice(ends[0], ends[1])
    time = np.arange(ends[1] - ends[0]) * every
    return ChamberVolumes(time, *(traces[n][beat] for n in CHAMBERS), period=(ends[1] - ends[0]) * every)
