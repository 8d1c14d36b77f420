"""A scan of more spins than are played together: the same signals, and a stop between portions loses nothing."""

from collections.abc import Mapping

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.mr.scans import preparing
from proband.mr.scans.chain import scan
from proband.mr.scans.protocol import Protocol
from proband.mr.scans.subject import Subject

OPTIONS = {"fov": (0.24, 0.24), "matrix": (16, 12), "thickness": 8e-3, "TR": 0.1, "TE": 4e-3, "flip": 40.0}
PROTOCOL = Protocol("one", "scanner_3t", "spoiled_gre", options=OPTIONS, points=(2, 2, 4), part="head", slew=0.2)
HEAD = Subject(phantom="head", table=0.02, coarse=8e-3)


class Shelf:
    """Keeps what it is given; breaks where a stop by hand would."""

    def __init__(self, breaks_after: int = 10**9):
        self.kept: dict[str, Mapping[str, np.ndarray]] = {}
        self.left = breaks_after

    def recall(self, key):
        return self.kept.get(key)

    def remember(self, key, arrays):
        self.kept[key] = {k: np.array(v) for k, v in arrays.items()}
        if key.endswith("-state"):
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt


def test_portions_sound_as_the_whole_and_a_stop_between_them_is_made_good(monkeypatch):
    whole = scan(HEAD, PROTOCOL, threads=1)
    monkeypatch.setattr(preparing, "TOGETHER", whole.spins // 3)
    parted = scan(HEAD, PROTOCOL, threads=1)
    assert parted.spins == whole.spins
    assert np.abs(parted.silent - whole.silent).max() < 2e-5 * np.abs(whole.silent).max()
    shelf = Shelf(breaks_after=2)
    with pytest.raises(KeyboardInterrupt):
        scan(HEAD, PROTOCOL, threads=1, keeper=shelf)
    again = scan(HEAD, PROTOCOL, threads=1, keeper=shelf)
    assert again.taken_over == 2
    assert np.array_equal(again.silent, parted.silent) and np.array_equal(again.raw.signal, parted.raw.signal)


def test_a_scan_that_had_finished_is_taken_over_whole():
    """Also one that is short: of a trial that is stopped in its last scan, the others are not played again."""
    shelf = Shelf()
    whole = scan(HEAD, PROTOCOL, threads=1, keeper=shelf)
    kept = len(shelf.kept)
    again = scan(HEAD, PROTOCOL, threads=1, keeper=shelf)
    assert (whole.taken_over, again.taken_over, len(shelf.kept)) == (0, 1, kept)
    assert np.array_equal(again.silent, whole.silent) and np.array_equal(again.image.data, whole.image.data)
