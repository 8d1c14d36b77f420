"""A scan in an oblique plane: its gradients are turned, its slices moved by the pulses' frequency, its image put in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from proband.mr.scanner.scanner import GAMMA
from proband.mr.sequence.timeline import Pulse, Timeline, Waveform
from proband.mr.space import Grid


@dataclass(frozen=True, eq=False)
class Plane:
    """Where the sequence's own axes lie: `turn` (3, 3), its columns in the world; `centre` (3,) m: the middle of the image."""

    turn: np.ndarray
    centre: np.ndarray

    @classmethod
    def straight(cls) -> Plane:
        return cls(np.eye(3), np.zeros(3))

    @property
    def is_straight(self) -> bool:
        return bool(np.allclose(self.turn, np.eye(3)) and not np.any(self.centre))

    def placed(self, grid: Grid) -> Grid:
        """A grid of the sequence's axes in the world."""
        move = np.eye(4)
        move[:3, :3], move[:3, 3] = self.turn, self.centre
        return Grid(grid.shape, move @ grid.affine)


def turned(timeline: Timeline, plane: Plane) -> Timeline:
    """The timeline with gradients along the plane's axes and slices through its centre.

    A selective pulse under gradient G follows the slice by γ G·centre, its phase counted from its middle."""
    if plane.is_straight:
        return timeline
    knots = np.unique(np.concatenate([w.times for w in timeline.gradients]))
    own = np.stack(
        [np.interp(knots, w.times, w.values, 0, 0) if len(w.times) else 0 * knots for w in timeline.gradients]
    )
    world = plane.turn @ own
    where = plane.turn.T @ plane.centre  # along the sequence's axes

    def moved(pulse: Pulse) -> Pulse:
        length = pulse.step * np.atleast_2d(pulse.wave).shape[1]
        middle = pulse.start + length / 2
        shift = GAMMA * float(sum(np.interp(middle, knots, g) * x for g, x in zip(own, where)))
        if abs(shift) < 1e-9:
            return pulse
        return replace(pulse, frequency=pulse.frequency + shift, phase=pulse.phase - np.pi * shift * length)

    return replace(
        timeline,
        gradients=tuple(Waveform(knots, g) for g in world),  # type: ignore[arg-type]
        pulses=tuple(moved(p) for p in timeline.pulses),
    )
