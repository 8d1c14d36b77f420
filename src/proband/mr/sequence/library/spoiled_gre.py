"""Spoiled gradient echo (FLASH), 2-D and 3-D."""

from __future__ import annotations

from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.ordering import asked_lines, flags, slice_positions
from proband.mr.sequence.pulses import slab_pulse
from proband.mr.sequence.rows import ACCELERATION, ACS, PARTIAL_FOURIER, PARTITIONS, PATTERN, SEED


@sequence
def spoiled_gre(
    draft,
    fov=option((0.22, 0.22), "m", "field of view, read and phase"),
    matrix=option((128, 128), "", "samples and lines", least=1),
    thickness=option(0.005, "m", "of a slice; in 3-D of a partition"),
    slices=option(1, "", "number of slices (2-D)", least=1),
    gap=option(0.0, "m", "between slices"),
    partitions=PARTITIONS,
    TE=option(None, "s", "echo time; none: the shortest"),
    TR=option(None, "s", "repetition time of one slice's lines; none: the shortest"),
    flip=option(10.0, "deg", "flip angle"),
    bandwidth=option(400.0, "Hz/pixel", "of the readout"),
    rf_duration=option(2e-3, "s", "of the pulse"),
    time_bandwidth=option(None, "", "of the pulse: how sharp the slice is; none: 4 in 2-D, 8 in 3-D", least=1),
    oversampling=option(1, "", "of the readout", least=1),
    spoil=option(2.0, "cycles/voxel", "of the spoiler: along the slice in 2-D, along the read direction in 3-D"),
    dummies=option(0, "", "repetitions before the first line, towards the steady state"),
    acceleration=ACCELERATION,
    pattern=PATTERN,
    acs=ACS,
    partial_fourier=PARTIAL_FOURIER,
    seed=SEED,
):  # fmt: skip
    """Spoiled gradient echo, 2-D multi-slice or 3-D: T1 contrast with a short TR, spoiled by phase and by gradient."""
    three_d = partitions > 1
    sharp = time_bandwidth or (8.0 if three_d else 4.0)
    pulse, slab = slab_pulse(draft, flip, thickness, partitions, rf_duration, sharp)
    nx = matrix[0] * oversampling
    echo = GradientEcho(
        draft, pulse, fov=(fov[0] * oversampling, fov[1]), matrix=(nx, matrix[1]), bandwidth=bandwidth / oversampling,
        TE=TE, TR=None if TR is None else TR / slices, slab=slab, partitions=partitions, thickness=thickness, spoil=spoil,
    )  # fmt: skip
    positions = slice_positions(slices, thickness + gap)
    mask, steps = asked_lines((matrix[1], partitions), acceleration, pattern, acs, seed, partial_fourier)
    for n in range(dummies * slices):
        echo.play(position=positions[n % slices][1], acquire=False)
    for line, partition in steps:
        for slc, position in positions:
            said = {"LIN": line, **flags(mask, line, partition, acceleration, acs, pattern)}
            said |= {"PAR": partition} if three_d else {"SLC": slc}
            echo.play(line, partition if three_d else None, position=position, labels=said)
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "TR": echo.TR * slices, "flip": flip, "FOV": (*fov, slab if three_d else slices * (thickness + gap)),
        "matrix": (*matrix, partitions if three_d else slices), "bandwidth": echo.reading.bandwidth / nx, "mask": mask,
        "oversampling": oversampling, "slice_positions": [p for _, p in sorted(positions)],
    }  # fmt: skip
