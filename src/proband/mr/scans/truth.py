"""What an image would be without noise and with all of its lines: the same spins heard by an ideal receiver.

The ideal receiver hears all tissue alike; its image is brightened by the array's own sensitivity (after prewhitening, the root
of the sum of squares), since that shading is the array's and not an error of the image."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.scans.chain import Finished, raw_of
from proband.mr.scans.shading import shading


def truth_of(finished: Finished) -> Image:
    """The noiseless image of a fully sampled scan. Raises ModelError where lines are missing."""
    from proband.mr.reconstruction import reconstruct

    ready = finished.ready
    raw = raw_of(ready, finished.ideal[:, None], np.eye(1, dtype=complex))
    try:
        image = reconstruct(raw, "auto" if not _cartesian(finished) else "fft")
    except ModelError as problem:
        raise ModelError(
            f"scan {ready.protocol.name} does not measure all lines, so it has no truth of its own; name a fully sampled scan in `truth` ({problem})"
        ) from None
    bright = shading(ready)
    return replace(
        image,
        data=np.abs(image.data) * (bright[..., None] if image.data.ndim == 4 else bright),
        name=f"{ready.protocol.name} truth",
    )


def _cartesian(finished: Finished) -> bool:
    from proband.mr.reconstruction.kspace import is_cartesian

    return is_cartesian(finished.raw)
