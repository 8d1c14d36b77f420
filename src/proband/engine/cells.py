"""The numbers of all patients of a run: blocks of lanes, one column of slots per patient."""

from __future__ import annotations

import numpy as np


class Cells:
    """`data` has the shape (blocks, slots, lanes). The last block is filled up with copies nobody asks for."""

    def __init__(self, slots: int, patients: int, width: int, kind: type):
        self.patients, self.width = patients, width
        self.blocks = -(-patients // width)
        self.data = aligned((self.blocks, slots, width), kind)
        self.keys = aligned((self.blocks, width), np.uint64)  # of the patients' random streams

    def column(self, slot: int) -> np.ndarray:
        """A slot of every patient, in float64."""
        return self.data[:, slot].reshape(-1)[: self.patients].astype(np.float64)

    def put(self, slot: int, values: np.ndarray | float, keep: np.ndarray | np.bool_ = np.ma.nomask) -> None:
        """Fill a slot of every patient but those who keep what they have."""
        values = np.broadcast_to(np.asarray(values, np.float64), (self.patients,))
        if keep is not np.ma.nomask:
            values = np.where(keep, self.column(slot), values)
        self.data[:, slot] = self._padded(values)

    def of(self, patient: int) -> np.ndarray:
        """The numbers of one patient, (1, slots, 1)."""
        block, lane = divmod(patient, self.width)
        return self.data[block : block + 1, :, lane : lane + 1]

    def put_keys(self, keys: np.ndarray) -> None:
        self.keys[:] = self._padded(keys)

    def _padded(self, values: np.ndarray) -> np.ndarray:
        return np.resize(values, self.blocks * self.width).reshape(self.blocks, self.width)


def aligned(shape: tuple[int, ...], kind: type) -> np.ndarray:
    """Zeros whose blocks begin where a whole register can be loaded."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    raw = np.zeros(size + 128, np.uint8)
    offset = -raw.ctypes.data % 128
    return raw[offset : offset + size].view(kind).reshape(shape)
