"""How brightly an array hears each place of the image, by the coils' sensitivities of a prescan; and an image without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.mr.images.image import Image
from proband.mr.scans.chain import receive_on_image
from proband.mr.scans.preparing import Prepared

FAINT = 0.05  # of the mean: what is heard less is not brightened further, since nothing but noise is there


def shading(ready: Prepared) -> np.ndarray:
    """Root of the sum of squares of the prewhitened sensitivities, (nx, ny, nz), 1 at its mean."""
    bright = np.sqrt((np.abs(receive_on_image(ready)) ** 2).sum(0))
    return bright / bright.mean()


def evened(image: Image, ready: Prepared) -> Image:
    """The image, (nx, ny, nz) or with frames after them, normalised by the prescan as scanners show it."""
    data = np.asarray(image.data)
    bright = np.maximum(shading(ready), FAINT).reshape(data.shape[:3] + (1,) * (data.ndim - 3))
    return replace(image, data=data / bright)
