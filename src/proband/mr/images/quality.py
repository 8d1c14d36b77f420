"""How good an image is: against the truth, against its noise, and by itself."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError


def _pair(image: np.ndarray, truth: np.ndarray, mask: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    image, truth = np.asarray(image), np.asarray(truth)
    if image.shape != truth.shape:
        raise ModelError(f"an image of shape {image.shape} cannot be compared with a truth of shape {truth.shape}.")
    mask = np.ones(image.shape, bool) if mask is None else np.asarray(mask, bool)
    if mask.shape != image.shape or not mask.any():
        raise ModelError("the mask of a comparison must have the image's shape and hold at least one voxel.")
    if not (np.isfinite(image[mask]).all() and np.isfinite(truth[mask]).all()):
        raise ModelError("an image with numbers that are not finite has no quality.")
    return image, truth, mask


def scaled_to(image: np.ndarray, truth: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """The image times the one factor that brings it nearest to the truth (least squares over the mask)."""
    image, truth, mask = _pair(image, truth, mask)
    power = np.vdot(image[mask], image[mask])
    return image * (np.vdot(image[mask], truth[mask]) / power if power else 0.0)


def nrmse(image: np.ndarray, truth: np.ndarray, mask: np.ndarray | None = None) -> float:
    """‖image − truth‖ / ‖truth‖ over the mask. Scale first where the scanner's scale is arbitrary (`scaled_to`)."""
    image, truth, mask = _pair(image, truth, mask)
    size = np.linalg.norm(truth[mask])
    if size == 0:
        raise ModelError("the truth is zero all over the mask, so an error relative to it has no meaning.")
    return float(np.linalg.norm(image[mask] - truth[mask]) / size)


def ssim(image: np.ndarray, truth: np.ndarray, mask: np.ndarray | None = None, width: float = 1.5) -> float:
    """Structural similarity, mean over the mask (Wang 2004 IEEE Trans Image Process 13:600): Gaussian window of 1.5 pixels,
    K1 0.01, K2 0.03, range that of the truth. Axes of length one are left out of the window."""
    from scipy.ndimage import gaussian_filter

    image, truth, mask = _pair(image, truth, mask)
    x, y = (np.abs(a).astype(float) if np.iscomplexobj(a) else a.astype(float) for a in (image, truth))
    span = float(y[mask].max() - y[mask].min())
    if span == 0:
        raise ModelError("the truth is flat over the mask, so structural similarity has no meaning.")
    sigma = [width if n > 1 else 0.0 for n in x.shape]

    def blur(a):
        return gaussian_filter(a, sigma, truncate=3.5)

    mx, my = blur(x), blur(y)
    vx, vy, c = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
    k1, k2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    index = (2 * mx * my + k1) * (2 * c + k2) / ((mx**2 + my**2 + k1) * (vx + vy + k2))
    return float(index[mask].mean())


def snr_difference(first: np.ndarray, second: np.ndarray, mask: np.ndarray) -> float:
    """SNR of one image from two of the same object: mean signal · √2 / standard deviation of the difference over the mask
    (NEMA MS 1, difference method)."""
    first, second, mask = _pair(np.abs(first), np.abs(second), mask)
    spread = (first - second)[mask].std(ddof=1) / np.sqrt(2) if mask.sum() > 1 else 0.0
    if spread == 0:
        raise ModelError("both images are the same, so their noise cannot be told; scan twice with two seeds.")
    return float((first[mask].mean() + second[mask].mean()) / 2 / spread)


def percent_integral_uniformity(low: float, high: float) -> float:
    """100 (1 − (high − low) / (high + low)) of the darkest and brightest region (ACR guidance)."""
    if not 0 <= low <= high or high == 0:
        raise ModelError(f"a uniformity needs 0 ≤ low ≤ high and a bright region, but has {low} and {high}.")
    return float(100 * (1 - (high - low) / (high + low)))


def edge_width(profile: np.ndarray, step: float) -> float:
    """Distance over which one edge rises from 10 to 90 %, in the unit of `step` (samples that far apart).

    The ends of the profile must lie on the two plateaus. Raises ModelError where there is no edge."""
    profile = np.abs(np.asarray(profile, complex)) if np.iscomplexobj(profile) else np.asarray(profile, float)
    if profile.ndim != 1 or len(profile) < 5 or not np.isfinite(profile).all():
        raise ModelError("an edge needs a profile of at least five finite samples.")
    ends = max(1, len(profile) // 6)
    low, high = profile[:ends].mean(), profile[-ends:].mean()
    if low > high:
        profile, low, high = profile[::-1], high, low
    if high - low < 1e-12 * max(abs(high), 1e-300) or high == low:
        raise ModelError("the profile has no edge: both of its ends are equally bright.")
    share = (profile - low) / (high - low)
    middle = int(np.flatnonzero(share >= 0.5)[0])

    def crossing(level: float, downwards: bool) -> float:
        i = middle
        if downwards:
            while i > 0 and share[i - 1] > level:
                i -= 1
            if i == 0:
                return 0.0
            return i - (share[i] - level) / (share[i] - share[i - 1]) if share[i] > level else float(i)
        while i < len(share) - 1 and share[i] < level:
            i += 1
        return i - (share[i] - level) / (share[i] - share[i - 1]) if i > 0 and share[i] > share[i - 1] else float(i)

    return float((crossing(0.9, False) - crossing(0.1, True)) * step)


def dice(first: np.ndarray, second: np.ndarray) -> float:
    """Overlap of two masks, 0 to 1."""
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    total = int(first.sum()) + int(second.sum())
    if first.shape != second.shape or total == 0:
        raise ModelError("an overlap needs two masks of one shape, not both empty.")
    return float(2 * (first & second).sum() / total)
