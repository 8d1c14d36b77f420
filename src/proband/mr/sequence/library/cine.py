"""The beating heart in motion."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.heart_beat import usual_contrast
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.ordering import asked_lines, flags, segments
from proband.mr.sequence.pulses import slice_pulse
from proband.mr.sequence.rows import ACCELERATION, ACS, SEED


@sequence
def cine(
    draft,
    fov=option((0.32, 0.32), "m", "field of view, read and phase"),
    matrix=option((128, 96), "", "samples and lines", least=1),
    thickness=option(0.008, "m", "of a slice"),
    position=option(0.0, "m", "of the slice along its normal", least=-1.0),
    gating=option("prospective", ("prospective", "retrospective"), "after each R wave, or free running and sorted later"),
    RR=option(0.9, "s", "time from beat to beat that the protocol is made for"),
    views=option(8, "lines", "of one phase in each heartbeat", least=1),
    phases=option(None, "", "of the cycle (prospective); none: as many as fill 90 % of RR", least=1),
    contrast=option("by field", ("by field", "spoiled", "balanced"),
                    "balanced below 4 T, spoiled above: at 5 T bSSFP has dark bands in the heart"),
    TR=option(None, "s", "repetition time; none: the shortest"),
    flip=option(None, "deg", "none: 45 balanced, 12 spoiled"),
    spoil=option(2.0, "cycles/voxel", "of the spoiler along the slice (spoiled)"),
    preparation=option(2, "beats", "without readouts, towards the steady state"),
    bandwidth=option(900.0, "Hz/pixel", "of the readout"),
    acceleration=ACCELERATION,
    pattern=option("uniform", ("uniform", "random", "kt"), "of undersampling; kt: random lines, others in every phase (prospective)"),
    acs=ACS,
    seed=SEED,
):  # fmt: skip
    """Segmented cardiac cine: some lines of every phase in each heartbeat.

    Prospective: PHS is the phase, SEG the heartbeat; every segment waits for its trigger (`gating.gated`). Retrospective:
    each segment repeats for 1.25 RR, SET counts the repeats, and `gating.cardiac_phase` tells each line's phase."""
    contrast = usual_contrast(draft, contrast)
    balanced = contrast == "balanced"
    flip = flip if flip is not None else 45.0 if balanced else 12.0
    pulse = slice_pulse(draft, np.deg2rad(flip), thickness, 1e-3, 2.7)
    echo = GradientEcho(
        draft,
        pulse,
        fov=fov,
        matrix=matrix,
        bandwidth=bandwidth,
        TR=TR,
        thickness=thickness,
        balanced=balanced,
        spoil=spoil,
    )
    one = views * echo.TR
    if phases is None:
        phases = int(0.9 * RR / one)
    phases = round(phases)
    if gating == "prospective" and (phases < 1 or phases * one > RR):
        raise ModelError(f"{phases} phases of {one * 1e3:.3g} ms do not fit into a beat of {RR * 1e3:g} ms.")
    kt = pattern == "kt"
    if kt and gating != "prospective":
        raise ModelError(
            "the pattern kt gives every phase its own lines, so the phases must be known: gating = prospective."
        )
    asked = [
        asked_lines((matrix[1], 1), acceleration, "random" if kt else pattern, acs, seed + n)
        for n in range(phases if kt else 1)
    ]
    parts = [segments([line for line, _ in steps], views) for _, steps in asked]

    def play(part: list[int], mask: np.ndarray, **labels: int) -> None:
        for line in part:
            echo.play(
                line,
                position=position,
                labels={"LIN": line, **flags(mask, line, 0, acceleration, acs, "random" if kt else pattern), **labels},
            )

    # Beats without readouts, towards the steady state.
    for beat in range(preparation):
        if gating == "prospective":
            draft.trigger()
        for n in range(int(0.9 * RR / echo.TR)):
            rising = balanced and beat == 0
            echo.play(position=position, acquire=False, scale=min(1.0, (n + 0.5) / 10) if rising else 1.0)
    for number in range(len(parts[0])):
        if gating == "prospective":
            draft.trigger()
            for phase in range(phases):
                n = phase if kt else 0
                play(parts[n][number], asked[n][0], PHS=phase, SEG=number)
        else:
            begin, repeat = draft.clock, 0
            while draft.clock < begin + 1.25 * RR:
                play(parts[0][number], asked[0][0], SEG=number, SET=repeat)
                repeat += 1
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "TR": echo.TR, "flip": flip, "FOV": (*fov, thickness), "matrix": (*matrix, 1), "contrast": contrast,
        "bandwidth": echo.reading.bandwidth / matrix[0], "mask": np.stack([m for m, _ in asked]) if kt else asked[0][0], "gating": gating, "gated": gating == "prospective",
        "phases": phases, "temporal_resolution": one, "RR": RR, "slice_positions": [position],
    }  # fmt: skip
