"""Spins laid out for the solver: a few hundred at a time, filled up with spins of no density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.mr.phantom.spins import Isochromats
from proband.mr.spins.kernel import ROWS


@dataclass(frozen=True, eq=False)
class State:
    """The spins at one moment of a scan: `time` in s, `magnetisation` (3, n), `walk` (3, n) in m (of diffusing spins)."""

    time: float
    magnetisation: np.ndarray
    walk: np.ndarray


class Tiles:
    """n spins as `count` tiles of `size`, and what the coils hear of them."""

    def __init__(self, spins: Isochromats, receive: np.ndarray, size: int, precision: str):
        self.n, self.size = len(spins.density), size
        self.count = -(-self.n // size)
        transmit = np.atleast_2d(np.asarray(spins.transmit))
        self.channels = len(transmit)
        self.rows = len(ROWS) + 2 * self.channels
        place = np.asarray(spins.position)
        self.given: dict[int, np.ndarray] = {ROWS.index(name): place[:, k] for k, name in enumerate("xyz")}
        rows = {"off": spins.off_resonance, "density": spins.density, "D": spins.diffusion}
        if spins.velocity is not None:
            rows |= {name: np.asarray(spins.velocity)[:, k] for k, name in enumerate(("vx", "vy", "vz"))}
        self.given |= {ROWS.index(name): np.asarray(v) for name, v in rows.items() if v is not None}
        self.times = {ROWS.index("R1"): np.asarray(spins.T1), ROWS.index("R2"): np.asarray(spins.T2)}
        for c, field in enumerate(transmit):
            self.given |= {len(ROWS) + 2 * c: field.real, len(ROWS) + 2 * c + 1: field.imag}
        self.shift = spins.shift
        self.number = np.float32 if precision == "float32" else np.float64
        self.receive, self.coils = receive, len(receive)
        if self.coils > 1:
            self.group(np.asarray(spins.voxel))
        else:
            parts = np.zeros((self.count, 2, size), self.number)
            for k, part in enumerate((np.real(receive[0]), np.imag(receive[0]))):
                fill(parts[:, k], part)
            self.parts = parts

    def group(self, voxel: np.ndarray) -> None:
        """Neighbouring spins of one voxel, with the same sensitivities, are heard together."""
        new = np.zeros(self.count * self.size, bool)
        new[:: self.size] = True
        new[self.n : self.n + 1] = True
        changed = voxel[1:] != voxel[:-1]
        for one in self.receive:
            changed |= one[1:] != one[:-1]
        new[1 : self.n] |= changed
        starts = np.nonzero(new)[0]
        real = starts < self.n
        self.parts = np.zeros((len(starts), self.coils, 2), self.number)
        chosen = np.asarray(self.receive, complex)[:, starts[real]].T
        self.parts[real, :, 0], self.parts[real, :, 1] = np.real(chosen), np.imag(chosen)
        self.first_group = np.append(np.nonzero(starts % self.size == 0)[0], len(starts)).astype(np.int64)
        # each tile's own list of bounds, closed by the tile's size
        self.bounds = np.full(len(starts) + self.count, self.size, np.int64)
        self.bounds[np.arange(len(starts)) + starts // self.size] = starts % self.size

    def listening(self, first: int) -> dict[str, int]:
        """Where the tiles from `first` on find their sensitivities."""
        if self.coils == 1:
            return {"receive": self.parts[first].ctypes.data, "receive_step": self.parts.strides[0]}
        return {
            "all_receive": self.parts.ctypes.data, "first_group": self.first_group[first:].ctypes.data,
            "all_groups": self.bounds[first:].ctypes.data,
        }  # fmt: skip

    def lay(self, table: np.ndarray, first: int, count: int) -> None:
        """Fill the rows of some tiles, (count, rows, size)."""
        a, b = first * self.size, min((first + count) * self.size, self.n)
        for row, values in self.given.items():
            fill(table[:count, row], values[a:b])
        for row, values in self.times.items():
            fill(table[:count, row], 1 / values[a:b])

    def start(self, vectors: np.ndarray, first: int, count: int, before: State | None) -> None:
        """Magnetisation and walks as a tile begins, (count, 6, size): at rest, or as a stretch before has left them."""
        a, b = first * self.size, min((first + count) * self.size, self.n)
        if before is None:
            vectors[:] = 0
            fill(vectors[:count, 2], self.given[ROWS.index("density")][a:b])
            return
        for row, values in enumerate((*before.magnetisation, *before.walk)):
            fill(vectors[:count, row], values[a:b])

    def gather(self, vectors: np.ndarray, first: int, count: int, after: State) -> None:
        """Take down how some tiles ended."""
        a, b = first * self.size, min((first + count) * self.size, self.n)
        for row, values in enumerate((*after.magnetisation, *after.walk)):
            values[a:b] = vectors[:count, row].reshape(-1)[: b - a]

    def path(self, tile: int) -> np.ndarray:
        """A tile's displacements by frame, (frames + 1, 3, size); the last frame twice, since a path ends with rest."""
        shift = np.asarray(self.shift)
        a, b = tile * self.size, min((tile + 1) * self.size, self.n)
        result = np.zeros((len(shift) + 1, 3, self.size))
        result[:-1, :, : b - a] = shift[:, a:b].transpose(0, 2, 1)
        result[-1] = result[-2]
        return result


def fill(tiles: np.ndarray, values: np.ndarray) -> None:
    """Lay values out over (tiles, size); what is left of the last tile is 0."""
    size = tiles.shape[1]
    whole = len(values) // size
    tiles[:whole] = values[: whole * size].reshape(whole, size)
    if whole < len(tiles):
        rest = len(values) - whole * size
        tiles[whole, :rest], tiles[whole, rest:] = values[whole * size :], 0
