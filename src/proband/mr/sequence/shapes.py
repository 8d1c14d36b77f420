"""Pulseq's compressed shapes: run lengths of the derivative."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError

#: No shape of a scan is longer; a damaged count must not fill the memory.
LONGEST = 20_000_000


def decompress(packed: np.ndarray, samples: int, where: str, may_be_plain: bool = True) -> np.ndarray:
    """The shape's samples, (samples,).

    `packed` is the derivative, in which a value that stands twice is followed by the number of its further repeats.
    From version 1.4 on a shape with as many numbers as samples is stored as it is (`may_be_plain`)."""
    if samples < 1 or samples > LONGEST:
        raise ModelError(f"{where} has num_samples {samples}; between 1 and {LONGEST} would be right.")
    if may_be_plain and len(packed) == samples:
        return packed
    steps: list[np.ndarray] = []
    length, at, n = 0, 0, len(packed)
    equal = np.flatnonzero(packed[1:] == packed[:-1]) if n > 1 else np.empty(0, dtype=int)
    for pair in equal:
        if pair < at:
            continue  # the pair is the count of a run, or a part of one that was read
        if pair + 2 >= n:
            raise ModelError(f"{where} ends inside a run: the number of repeats is missing.")
        repeats = packed[pair + 2]
        if repeats < 0 or repeats != np.floor(repeats) or repeats > samples:
            raise ModelError(
                f"{where} repeats a value {repeats:g} times; a whole number up to {samples} would be right."
            )
        steps += [packed[at:pair], np.full(int(repeats) + 2, packed[pair])]
        length += int(pair - at) + int(repeats) + 2
        if length > samples:
            break
        at = int(pair) + 3
    if length <= samples:
        steps.append(packed[at:])
        length += n - at
    if length != samples:
        raise ModelError(f"{where} unpacks to {length} samples instead of the {samples} that it announces.")
    return np.cumsum(np.concatenate(steps))
