"""Which lines (and partitions) are measured. Masks are bool (lines, partitions); the middle of k-space is n // 2."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError

PATTERNS = ("uniform", "caipi", "poisson", "random")
#: Golden angle of full spokes, π (√5 − 1)/2, rad (Winkelmann et al. 2007).
GOLDEN_ANGLE = np.pi * (np.sqrt(5) - 1) / 2


def calibration(shape: tuple[int, int], size: int) -> np.ndarray:
    """The middle lines (and, in 3-D, partitions) that maps are estimated from."""
    mask = np.zeros(shape, dtype=bool)
    where = []
    for n in shape:
        width = min(size, n)
        first = n // 2 - width // 2
        where.append(slice(first, first + width) if n > 1 else slice(None))
    if size > 0:
        mask[tuple(where)] = True
    return mask


def uniform(shape: tuple[int, int], acceleration: tuple[int, int]) -> np.ndarray:
    """Every R-th line of each direction, the middle of k-space among them."""
    keep = [(np.arange(n) - n // 2) % r == 0 for n, r in zip(shape, acceleration)]
    return keep[0][:, None] & keep[1][None, :]


def caipi(shape: tuple[int, int], acceleration: tuple[int, int], shift: int | None = None) -> np.ndarray:
    """2-D CAIPIRINHA (Breuer et al. 2006): from one kept line to the next the partitions are shifted by `shift`."""
    if shift is None:
        shift = max(1, acceleration[1] // 2)
    y = (np.arange(shape[0]) - shape[0] // 2)[:, None]
    z = (np.arange(shape[1]) - shape[1] // 2)[None, :]
    row = y // acceleration[0]
    return (y % acceleration[0] == 0) & ((z - row * shift) % acceleration[1] == 0)


def poisson_disc(
    shape: tuple[int, int], acceleration: float, seed: int, decay: float = 1.5, inside: np.ndarray | None = None
) -> np.ndarray:
    """Points no closer than a distance that grows with the distance from the middle; `inside` is measured anyway.

    Dart throwing in random order (Bridson's idea on a grid); the distance's scale is found by bisection so that
    1/`acceleration` of all points is kept, calibration included, to 2 %."""
    inside = np.zeros(shape, dtype=bool) if inside is None else inside
    total = shape[0] * shape[1]
    wanted = total / acceleration
    if wanted < inside.sum():
        raise ModelError(
            f"The calibration region alone takes {int(inside.sum())} of the {wanted:.0f} points at R = {acceleration:g}."
        )
    grid = np.stack(np.meshgrid(*[np.arange(n) - n // 2 for n in shape], indexing="ij"), axis=-1)
    reach = [max(n // 2, 1) for n in shape]
    radius = np.sqrt(((grid / reach) ** 2).sum(axis=-1))
    order = np.random.default_rng(seed).permutation(total)
    best, low, high = None, 0.0, float(max(shape))
    for _ in range(24):
        scale = (low + high) / 2
        mask = _throw(shape, order, scale * (0.3 + radius) ** decay) | inside
        if best is None or abs(mask.sum() - wanted) < abs(best.sum() - wanted):
            best = mask
        if abs(mask.sum() - wanted) <= 0.005 * wanted:
            break
        low, high = (scale, high) if mask.sum() > wanted else (low, scale)
    assert best is not None
    # The last points: left out, or added, at random, far from the middle or not alike.
    rest = round(wanted) - int(best.sum())
    pool = np.flatnonzero((best & ~inside).ravel() if rest < 0 else ~best.ravel())
    chosen = np.random.default_rng(seed + 1).choice(pool, size=min(abs(rest), len(pool)), replace=False)
    best.ravel()[chosen] = rest > 0
    return best


def _throw(shape: tuple[int, int], order: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Points taken in `order`, each of which forbids those nearer than its own distance."""
    mask, free = np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)
    ny, nz = shape
    for index in order:
        y, z = divmod(int(index), nz)
        if not free[y, z]:
            continue
        mask[y, z] = True
        r = float(distance[y, z])
        if r < 1:
            continue
        reach = int(r)
        y0, y1, z0, z1 = max(y - reach, 0), min(y + reach + 1, ny), max(z - reach, 0), min(z + reach + 1, nz)
        near = (np.arange(y0, y1)[:, None] - y) ** 2 + (np.arange(z0, z1)[None, :] - z) ** 2 < r * r
        free[y0:y1, z0:z1] &= ~near
    return mask


def random_lines(
    shape: tuple[int, int], acceleration: float, seed: int, decay: float = 3.0, inside: np.ndarray | None = None
) -> np.ndarray:
    """Random points, denser in the middle: probability ∝ (1 − radius)^decay (Lustig et al. 2007), 1/R of all kept."""
    inside = np.zeros(shape, dtype=bool) if inside is None else inside
    grid = np.stack(np.meshgrid(*[(np.arange(n) - n // 2) / max(n // 2, 1) for n in shape], indexing="ij"), axis=-1)
    radius = np.clip(np.sqrt((grid**2).sum(axis=-1)), 0, 1)
    weight = np.where(inside, 0.0, (1 - radius) ** decay + 1e-3)
    more = round(shape[0] * shape[1] / acceleration) - int(inside.sum())
    if more < 0:
        raise ModelError(f"The calibration region alone takes more than 1/{acceleration:g} of all points.")
    chosen = np.random.default_rng(seed).choice(
        weight.size, size=min(more, int((weight > 0).sum())), replace=False, p=weight.ravel() / weight.sum()
    )
    mask = inside.copy()
    mask.ravel()[chosen] = True
    return mask


def pattern(
    shape: tuple[int, int], kind: str = "uniform", acceleration: float | tuple[int, int] = 1, acs: int = 24,
    seed: int = 0, partial: float = 1.0,
) -> np.ndarray:  # fmt: skip
    """The mask of lines and partitions to measure.

    `acceleration`: one number (lines, or all points for poisson and random) or one for each direction; `partial`: share
    of the lines that are measured at all, from the end of k-space (partial Fourier, 0.5 to 1)."""
    each = acceleration if isinstance(acceleration, tuple) else None
    one = float(np.prod(acceleration))
    if one < 1 or not 0.5 <= partial <= 1:
        raise ModelError(
            f"Acceleration {acceleration} and partial Fourier {partial} cannot be: at least 1, and 0.5 to 1."
        )
    inside = calibration(shape, acs if one > 1 else 0)
    if one == 1:
        mask = np.ones(shape, dtype=bool)
    elif kind in ("uniform", "caipi"):
        steps = each or (int(one), 1)
        if each is None and one != int(one):
            raise ModelError(f"Acceleration {one:g} cannot be uniform; a whole number would be right.")
        mask = (uniform(shape, steps) if kind == "uniform" else caipi(shape, steps)) | inside
    elif kind == "poisson":
        mask = poisson_disc(shape, one, seed, inside=inside)
    elif kind == "random":
        mask = random_lines(shape, one, seed, inside=inside)
    else:
        raise ModelError(f"Pattern {kind!r} is not known; known are {', '.join(PATTERNS)}.")
    # Partial Fourier leaves out the first lines, so that the middle comes early.
    mask[: shape[0] - int(np.ceil(partial * shape[0]))] = False
    return mask


def golden_angles(count: int, first: int = 0) -> np.ndarray:
    """Angles of spokes, rad, each a golden angle after the last."""
    return (np.arange(first, first + count) * GOLDEN_ANGLE) % np.pi
