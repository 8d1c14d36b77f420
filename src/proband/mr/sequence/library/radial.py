"""Radial gradient echo, 2-D and stack of stars."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.pulses import slice_pulse
from proband.mr.sequence.undersampling import golden_angles


@sequence
def radial(
    draft,
    fov=option(0.22, "m", "field of view"),
    matrix=option(128, "", "samples of a spoke", least=2),
    thickness=option(0.005, "m", "of the slice; in 3-D of a partition"),
    partitions=option(1, "", "more than 1: stack of stars", least=1),
    spokes=option(None, "", "number of spokes; none: π/2 times the samples (Nyquist)", least=1),
    angles=option("golden", ("golden", "uniform"), "each spoke a golden angle after the last, or evenly over π"),
    contrast=option("spoiled", ("spoiled", "balanced"), "gradient echo"),
    TE=option(None, "s", "echo time (spoiled); none: the shortest"),
    TR=option(None, "s", "repetition time; none: the shortest"),
    flip=option(10.0, "deg", "flip angle"),
    bandwidth=option(600.0, "Hz/pixel", "of the readout"),
    rf_duration=option(1.5e-3, "s", "of the pulse"),
    dummies=option(0, "", "repetitions before the first spoke"),
):  # fmt: skip
    """Radial gradient echo: full spokes through the middle of k-space, forgiving of motion and undersampling."""
    three_d, balanced = partitions > 1, contrast == "balanced"
    if balanced and TE is not None:
        raise ModelError("balanced spokes have TE = TR/2; give TR alone.")
    count = int(np.ceil(np.pi / 2 * matrix)) if spokes is None else round(spokes)
    slab = partitions * thickness
    pulse = slice_pulse(draft, np.deg2rad(flip), slab if three_d else thickness, rf_duration, 4.0)
    echo = GradientEcho(
        draft, pulse, fov=(fov, fov), matrix=(matrix, 1), bandwidth=bandwidth, TE=TE, TR=TR, slab=slab,
        partitions=partitions, thickness=thickness, balanced=balanced,
    )  # fmt: skip
    turns = golden_angles(count) if angles == "golden" else np.arange(count) * np.pi / count
    for n in range(dummies):
        echo.play(angle=float(turns[n % count]), acquire=False)
    for spoke, angle in enumerate(turns):
        for partition in range(partitions):
            said = {"LIN": spoke} | ({"PAR": partition} if three_d else {})
            echo.play(None, partition if three_d else None, angle=float(angle), labels=said)
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "TR": echo.TR, "flip": flip, "FOV": (fov, fov, slab), "matrix": (matrix, matrix, partitions),
        "bandwidth": echo.reading.bandwidth / matrix, "angles": turns,
    }  # fmt: skip
