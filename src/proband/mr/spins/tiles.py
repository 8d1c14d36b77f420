"""Spins laid out for the solver: a few hundred at a time, filled up with spins of no density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.mr.phantom.spins import Isochromats
from proband.mr.spins.layout import DIFFUSION, ROW, ROWS, STATE


@dataclass(frozen=True, eq=False)
class State:
    """The spins at one moment of a scan: `time` in s, `magnetisation` (3, n), `walk` (3, n) in m (of diffusing spins)."""

    time: float
    magnetisation: np.ndarray
    walk: np.ndarray


class Tiles:
    """n spins as `count` tiles of `size`, and what the coils hear of them.

    Rows of numbers stay where they are, whatever their step; `rows` tells the kernel where, and what stands for none."""

    def __init__(self, spins: Isochromats, receive: np.ndarray, size: int, precision: str, before: State | None = None):
        self.n, self.size = len(spins.density), size
        self.count = -(-self.n // size)
        transmit = np.atleast_2d(np.asarray(spins.transmit, complex))
        self.channels = len(transmit)
        place, density = np.asarray(spins.position, float), np.asarray(spins.density, float)
        given: dict[str, np.ndarray] = {name: place[:, k] for k, name in enumerate("xyz")}
        named: dict[str, np.ndarray | None] = {"off": spins.off_resonance, "T1": spins.T1, "T2": spins.T2}
        self.diffusion = None if spins.diffusion is None else np.asarray(spins.diffusion, float)
        if self.diffusion is not None and self.diffusion.ndim == 1:
            named |= dict.fromkeys(DIFFUSION[:3], self.diffusion)
        elif self.diffusion is not None:
            named |= dict(zip(DIFFUSION, self.diffusion.T, strict=True))
        if spins.velocity is not None:
            named |= {name: np.asarray(spins.velocity)[:, k] for k, name in enumerate(("vx", "vy", "vz"))}
        given |= {name: np.asarray(v, float) for name, v in named.items() if v is not None}
        given |= {"density": density, "mz": density}
        if before is not None:
            given |= dict(zip(STATE, (*before.magnetisation, *before.walk), strict=True))
        self.shift = spins.shift
        self.number = np.float32 if precision == "float32" else np.float64
        self.receive, self.coils = receive, len(receive)
        rows = [(given.get(name), 1.0 if name in ("T1", "T2") else 0.0) for name in ROWS]
        rows += [(part, 0.0) for field in transmit for part in (np.real(field), np.imag(field))]
        rows += [(given.get(name), 0.0) for name in STATE]
        if self.coils > 1:
            self.group(np.asarray(spins.voxel))
        else:
            alone = np.asarray(receive[0], complex)
            rows += [(np.real(alone), 0.0), (np.imag(alone), 0.0)]
        self.kept = rows  # as long as the kernel may look at them
        self.rows = np.array([(0, 0, f) if v is None else (v.ctypes.data, v.strides[0], f) for v, f in rows], ROW)

    def group(self, voxel: np.ndarray) -> None:
        """Neighbouring spins of one voxel, with the same sensitivities, are heard together."""
        new = np.zeros(self.count * self.size, bool)
        new[:: self.size] = True
        new[self.n : self.n + 1] = True
        changed = voxel[1:] != voxel[:-1]
        for one in self.receive:
            changed |= _steps(one)
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

    def listening(self) -> dict[str, int]:
        """Where the kernel finds the sensitivities of several coils."""
        if self.coils == 1:
            return {}
        return {
            "all_receive": self.parts.ctypes.data, "first_group": self.first_group.ctypes.data,
            "all_groups": self.bounds.ctypes.data,
        }  # fmt: skip

    def path(self, tile: int) -> np.ndarray:
        """A tile's displacements by frame, (frames + 1, 3, size); the last frame twice, since a path ends with rest."""
        shift = np.asarray(self.shift)
        a, b = tile * self.size, min((tile + 1) * self.size, self.n)
        result = np.zeros((len(shift) + 1, 3, self.size))
        result[:-1, :, : b - a] = shift[:, a:b].transpose(0, 2, 1)
        result[-1] = result[-2]
        return result


def _steps(row: np.ndarray) -> np.ndarray:
    """Where a number (n,) differs from the one before it, (n − 1,). Bits are compared, many times faster than complex numbers."""
    if row.dtype != np.complex64 or not row.flags.c_contiguous:
        return row[1:] != row[:-1]
    bits = row.view(np.int64)
    return bits[1:] != bits[:-1]
