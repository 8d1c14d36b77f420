"""Traces: observed signals, one frame every so many steps."""

from __future__ import annotations

import numpy as np

from proband.engine.cells import aligned


class Recorder:
    """Keeps the frames of the signals `columns` (numbers of observed outputs)."""

    def __init__(self, every: int, names: list[str], columns: list[int], step_s: float):
        self.every, self.names, self.columns, self.step_s = every, names, columns, step_s
        self.going = True
        self.frames: list[np.ndarray] = []  # (blocks, frames, signals, lanes)
        self.times: list[np.ndarray] = []

    def room(self, blocks: int, outputs: int, width: int, start: int, steps: int, kind: type) -> np.ndarray:
        """A buffer for the frames that fall due in these steps, of all observed outputs."""
        return aligned((blocks, max(self._due(start, steps), 1), outputs, width), kind)

    def _due(self, start: int, steps: int) -> int:
        return -(-(start + steps) // self.every) - -(-start // self.every)

    def keep(self, buffer: np.ndarray, start: int, steps: int) -> None:
        """Take the signals that are wanted out of a filled buffer."""
        due = self._due(start, steps)
        if due:
            self.frames.append(buffer[:, :due][:, :, self.columns])
            first = -(-start // self.every) * self.every
            self.times.append((first + self.every * np.arange(due)) * self.step_s)

    def forget_from(self, time_s: float) -> None:
        """Drop frames of this moment and later."""
        kept = [t < time_s for t in self.times]
        self.frames = [f[:, k] for f, k in zip(self.frames, kept, strict=True)]
        self.times = [t[k] for t, k in zip(self.times, kept, strict=True)]

    def table(self, patients: int) -> tuple[np.ndarray, np.ndarray]:
        """Times (frames,) in s, and values (signals, patients, frames) in SI."""
        if not self.frames:
            return np.zeros(0), np.zeros((len(self.names), patients, 0))
        rows = np.concatenate(self.frames, axis=1)  # blocks, frames, signals, lanes
        table = rows.transpose(2, 0, 3, 1).reshape(len(self.names), -1, rows.shape[1])[:, :patients]
        return np.concatenate(self.times), table.astype(np.float64)
