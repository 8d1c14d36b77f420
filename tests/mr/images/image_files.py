"""Images for the tests of files, and what a damaged file must do."""

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.space import Grid


def oblique_grid(shape=(12, 10, 5)):
    c, s = np.cos(0.3), np.sin(0.3)
    affine = np.eye(4)
    affine[:3, :3] = np.array([[1, 0, 0], [0, c, -s], [0, s, c]]) * [1e-3, 2e-3, 4e-3]
    affine[:3, 3] = [-0.011, 0.023, -0.035]
    return Grid(shape, affine)


def ramp_image(frames=None, unit="s", **info):
    grid = oblique_grid()
    shape = grid.shape if frames is None else (*grid.shape, frames)
    data = np.arange(np.prod(shape), dtype=float).reshape(shape) / 500 + 0.1
    times = None if frames is None else np.arange(frames) * 0.05
    return Image(data, grid, "T1 map", unit, frame_times=times, info=info)


def value_at(image, world):
    """Nearest voxel's value at a place."""
    index = np.round(np.linalg.solve(image.grid.affine, [*world, 1.0])[:3]).astype(int)
    return image.data[tuple(index)]


def damaged(whole: bytes, cut: int | None, flips: list[tuple[int, int]]) -> bytes:
    broken = bytearray(whole if cut is None else whole[: cut % len(whole)])
    for place, bit in flips:
        if broken:
            broken[place % len(broken)] ^= 1 << bit
    return bytes(broken)


def reads_or_refuses(read, file, content: bytes, shown) -> None:
    """A damaged file is read as finite numbers, or refused in one sentence: never anything else."""
    file.write_bytes(content)
    try:
        data = np.asarray(shown(read(file)))
    except ModelError as problem:
        said = str(problem)
        assert said.endswith(".") and "\n" not in said and "Traceback" not in said
    else:
        assert np.isfinite(data).all()
