"""A real brain from undersampled raw data: what zeros for missing samples give, and what compressed sensing gives.

    python docs/gallery_mr.py KSPACE.npy PICTURE.png

KSPACE.npy holds complex k-space (coils, n0, n1), its centre at n//2, with zeros where nothing was sampled."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from proband.mr.reconstruction import coils, espirit, fista
from proband.mr.reconstruction.fourier import to_image
from proband.mr.reconstruction.operators import Cartesian


def images(kspace: np.ndarray, regularisation: float = 0.004, iterations: int = 60) -> dict[str, np.ndarray]:
    """Zero-filled and l1-wavelet image (n0, n1), and the maps that were found in the centre of k-space."""
    kspace = np.asarray(kspace, np.complex64)
    mask = (np.abs(kspace).sum(0) > 0).astype(np.float32)
    maps, _ = espirit.maps(espirit.calibration(kspace, mask), mask.shape)
    descent = Cartesian(maps, mask, (0, 1)).descent()
    return {
        "zeros for what is missing": coils.root_sum_of_squares(to_image(kspace, (1, 2))),
        "l1-wavelet": np.abs(fista.l1_wavelet(descent, descent.adjoint(kspace), regularisation, iterations)),
        "sampled": mask,
    }


def picture(found: dict[str, np.ndarray], path: Path) -> None:
    """Side by side, grey, each to its own brightest percent."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4 * len(found), 5), layout="constrained")
    for axes, (name, image) in zip(figure.subplots(1, len(found)), found.items(), strict=True):
        axes.imshow(image, cmap="gray", vmin=0, vmax=np.percentile(image, 99.5))
        axes.set_title(name)
        axes.set_axis_off()
    figure.savefig(path, dpi=100)


if __name__ == "__main__":
    picture(images(np.load(sys.argv[1])), Path(sys.argv[2]))
