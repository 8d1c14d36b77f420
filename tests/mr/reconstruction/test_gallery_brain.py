"""The gallery's real brain, where its recording is present."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
KSPACE = (
    Path(os.environ.get("PROBAND_SHARED", ROOT.parent / "shared"))
    / "recordings"
    / "mr"
    / "brain_8ch_230x180_kspace.npy"
)


@pytest.mark.skipif(not KSPACE.exists(), reason=f"no recording at {KSPACE}")
def test_the_gallery_draws_a_brain_with_less_noise_outside_it(tmp_path):
    spec = importlib.util.spec_from_file_location("gallery_mr", ROOT / "docs" / "gallery_mr.py")
    assert spec and spec.loader
    gallery = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gallery)
    found = gallery.images(np.load(KSPACE))
    folded, image = found["zeros for what is missing"], found["l1-wavelet"]
    inside = slice(75, 155), slice(60, 120)
    corners = [(slice(0, 20), slice(0, 20)), (slice(-20, None), slice(-20, None))]
    level = [max(np.abs(i[c]).mean() for c in corners) / np.abs(i[inside]).mean() for i in (folded, image)]
    assert level[1] < 0.5 * level[0]
    # finer than the zero-filled one: more of its energy in differences between neighbours
    sharp = [np.abs(np.diff(i[inside], axis=0)).mean() / np.abs(i[inside]).mean() for i in (folded, image)]
    assert sharp[1] > sharp[0]
    gallery.picture(found, tmp_path / "brain.png")
    assert (tmp_path / "brain.png").stat().st_size > 10_000
