"""Balanced steady-state free precession, 2-D and 3-D."""

from __future__ import annotations

from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.ordering import asked_lines, flags
from proband.mr.sequence.pulses import slab_pulse
from proband.mr.sequence.rows import ACCELERATION, ACS, PARTIAL_FOURIER, PARTITIONS, PATTERN, SEED


@sequence
def bssfp(
    draft,
    fov=option((0.22, 0.22), "m", "field of view, read and phase"),
    matrix=option((128, 128), "", "samples and lines", least=1),
    thickness=option(0.006, "m", "of the slice; in 3-D of a partition"),
    partitions=PARTITIONS,
    TR=option(None, "s", "repetition time, TE is half of it; none: the shortest"),
    flip=option(35.0, "deg", "flip angle"),
    bandwidth=option(900.0, "Hz/pixel", "of the readout"),
    rf_duration=option(1e-3, "s", "of the pulse"),
    ramp=option(10, "", "repetitions with a rising flip before the first line, towards the steady state"),
    dummies=option(0, "", "further repetitions with the full flip before the first line"),
    acceleration=ACCELERATION,
    pattern=PATTERN,
    acs=ACS,
    partial_fourier=PARTIAL_FOURIER,
    seed=SEED,
):  # fmt: skip
    """Balanced SSFP (TrueFISP): bright blood and fluid, dark bands 1/TR apart where the field is off."""
    three_d = partitions > 1
    pulse, slab = slab_pulse(draft, flip, thickness, partitions, rf_duration, 2.7)
    echo = GradientEcho(
        draft, pulse, fov=fov, matrix=matrix, bandwidth=bandwidth, TR=TR, slab=slab, partitions=partitions,
        thickness=thickness, balanced=True,
    )  # fmt: skip
    for n in range(ramp + dummies):
        echo.play(acquire=False, scale=min(1.0, (n + 0.5) / max(ramp, 1)))
    mask, steps = asked_lines((matrix[1], partitions), acceleration, pattern, acs, seed, partial_fourier)
    for line, partition in steps:
        said = {"LIN": line, **flags(mask, line, partition, acceleration, acs, pattern)}
        said |= {"PAR": partition} if three_d else {}
        echo.play(line, partition if three_d else None, labels=said)
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "TR": echo.TR, "flip": flip, "FOV": (*fov, slab), "matrix": (*matrix, partitions),
        "bandwidth": echo.reading.bandwidth / matrix[0], "mask": mask,
    }  # fmt: skip
