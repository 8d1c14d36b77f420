"""Which phase of the heart a readout belongs to, found afterwards from the moments of the R waves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proband.model import ModelError
from proband.mr.raw import RawData


def gate(raw: RawData, triggers: np.ndarray, phases: int, tolerance: float = 0.2) -> RawData:
    """The raw data with label PHS: the share of its own beat at which each readout was taken, in `phases` bins.

    `triggers` (beats + 1,) s. Beats that differ from the median length by more than `tolerance` (arrhythmia, a missed
    wave) and readouts outside all beats are left out; a `gated_out` share goes into `info`. Beats are stretched linearly."""
    triggers = np.asarray(triggers, float)
    if triggers.size < 2 or (np.diff(triggers) <= 0).any():
        raise ModelError(f"gating: {triggers.size} triggers, where at least two rising times in s are needed")
    if phases < 1:
        raise ModelError(f"gating: {phases} phases, where 1 is the least")
    length = np.diff(triggers)
    regular = np.abs(length - np.median(length)) <= tolerance * np.median(length)
    middle = np.asarray(raw.times).mean(1)
    beat = np.searchsorted(triggers, middle, side="right") - 1
    inside = (beat >= 0) & (beat < len(length))
    clipped = np.clip(beat, 0, len(length) - 1)
    share = (middle - triggers[clipped]) / length[clipped]
    phase = np.clip((share * phases).astype(int), 0, phases - 1)
    other = np.zeros(len(middle), bool)
    for name in ("NOISE", "NAV"):
        if name in raw.labels:
            other |= np.asarray(raw.labels[name]) != 0
    kept = (inside & regular[clipped]) | other
    if not (kept & ~other).any():
        raise ModelError(
            "gating: no readout falls into a regular beat; triggers and readouts may be on different clocks"
        )
    labels = {name: np.asarray(values)[kept] for name, values in raw.labels.items()} | {
        "PHS": np.where(other, 0, phase)[kept]
    }
    return replace(
        raw,
        signal=raw.signal[kept],
        trajectory=raw.trajectory[kept],
        times=raw.times[kept],
        labels=labels,
        info=dict(raw.info) | {"gated_out": float(1 - kept.mean())},
    )
