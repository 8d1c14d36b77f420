"""What MRD files of scanners' converters hold beside readouts of an image, and how their slices lie."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from proband.model import ModelError

# Flags of the ISMRMRD header (n is bit n − 1): what is no line of an image.
APART = {"NOISE": 19, "NAVIGATION": 23, "FEEDBACK": 26, "DUMMY": 27, "RTFEEDBACK": 28, "COIL_CORRECTION": 29}
PHASE_CORRECTION = 24  # an echo-planar train's navigator: Pulseq's NAV
REVERSE = 22  # samples in the order in which they were measured, from high k to low


def flagged(head: np.ndarray, flag: int) -> np.ndarray:
    """(readouts,) bool."""
    return (head["flags"] >> np.uint64(flag - 1)) & np.uint64(1) != 0


def imaging_rows(head: np.ndarray) -> np.ndarray:
    """Rows of the first encoding's image, its calibration lines and its phase correction; other encodings (a separate
    calibration), dummies, feedback and navigators of breathing are left aside."""
    apart = np.zeros(len(head), bool)
    for flag in APART.values():
        apart |= flagged(head, flag)
    rows = np.flatnonzero(~apart)
    return rows[head["encoding_space_ref"][rows] == head["encoding_space_ref"][rows].min(initial=0)]


def backwards(head: np.ndarray, samples: int) -> np.ndarray:
    """Index along k of every sample, (readouts, samples): reversed readouts run from the last to the first."""
    index = np.arange(samples, dtype=float)
    return np.where(flagged(head, REVERSE)[:, None], index[::-1], index)


def stacked(head: np.ndarray, thickness: float, path: Path) -> tuple[np.ndarray, float, np.ndarray] | None:
    """The slices of a two-dimensional scan, if there are several: each readout's place in the stack (counted along the slices'
    normal), their distance (m) and the middle of the stack (3,) in mm as MRD has it. Raises ModelError for uneven ones."""
    numbers, first = np.unique(head["idx"]["slice"], return_index=True)
    if len(numbers) < 2:
        return None
    places = head["position"][first].astype(float)
    normal = head["slice_dir"][first[0]].astype(float)
    along = places @ normal
    order = np.argsort(along, kind="stable")
    gaps = np.diff(along[order])
    if not np.ptp(along) > 0:  # nobody wrote where they lie: in their order, side by side
        order, gaps = np.arange(len(numbers)), np.full(len(numbers) - 1, thickness * 1e3)
    if np.ptp(gaps) > 0.05 * gaps.mean():
        raise ModelError(f"the slices of {path} lie at uneven distances ({gaps.min():.1f} to {gaps.max():.1f} mm), which make no one grid.")  # fmt: skip
    rank = np.empty(len(numbers), int)
    rank[order] = np.arange(len(numbers))
    return rank[np.searchsorted(numbers, head["idx"]["slice"])], float(gaps.mean()) * 1e-3, places.mean(0)
