"""Magnetisation-prepared rapid gradient echo."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.ordering import centric, flags
from proband.mr.sequence.pulses import inversion, play_pulse, slice_pulse, spoil
from proband.mr.sequence.rows import ACS
from proband.mr.sequence.undersampling import pattern as mask_of


@sequence
def mprage(
    draft,
    fov=option((0.24, 0.24), "m", "field of view, read and phase"),
    matrix=option((96, 96), "", "samples and lines", least=1),
    partitions=option(64, "", "measured after one inversion", least=2),
    thickness=option(0.0025, "m", "of a partition"),
    TI=option(0.9, "s", "from the inversion to the middle of k-space", "Jack et al. 2008 (ADNI): 900 ms"),
    TR=option(2.3, "s", "from one inversion to the next", "Jack et al. 2008 (ADNI): 2300 ms"),
    TE=option(None, "s", "echo time; none: the shortest"),
    flip=option(9.0, "deg", "flip angle", "Jack et al. 2008 (ADNI): 9°"),
    echo_TR=option(None, "s", "from one pulse of the train to the next; none: the shortest"),
    bandwidth=option(240.0, "Hz/pixel", "of the readout", "Jack et al. 2008 (ADNI): 240 Hz/pixel"),
    order=option("linear", ("linear", "centric"), "of the partitions"),
    acceleration=option(1.0, "", "of the lines, with ACS lines", least=1),
    acs=ACS,
):  # fmt: skip
    """MPRAGE: adiabatic inversion, then a train of spoiled echoes through the partitions; grey and white matter by T1."""
    slab = partitions * thickness
    invert = inversion(draft)
    pulse = slice_pulse(draft, np.deg2rad(flip), slab, 1.5e-3, 6.0)
    echo = GradientEcho(
        draft, pulse, fov=fov, matrix=matrix, bandwidth=bandwidth, TE=TE, TR=echo_TR, slab=slab, partitions=partitions,
        thickness=thickness,
    )  # fmt: skip
    train = list(range(partitions))
    train = centric(train, partitions // 2) if order == "centric" else train
    middle = train.index(partitions // 2) * echo.TR + pulse.before
    mask = mask_of((matrix[1], 1), "uniform", acceleration, acs)
    for line in np.flatnonzero(mask[:, 0]):
        begin = draft.clock
        play_pulse(draft, invert)
        spoil(draft, 2.0 / thickness, draft.slice)
        gap = begin + invert.before + TI - middle - draft.clock
        if gap < 0:
            raise ModelError(f"TI {TI:.4g} s is too short; {TI - gap:.4g} s is the least.")
        draft.wait(gap)
        for partition in train:
            echo.play(
                int(line),
                partition,
                labels={"LIN": int(line), "PAR": partition, **flags(mask, int(line), 0, acceleration, acs, "uniform")},
            )
        if draft.clock > begin + TR + 1e-9:
            raise ModelError(f"TR {TR:.4g} s is too short; {draft.clock - begin:.4g} s is the least.")
        draft.wait_until(begin + TR)
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "TR": TR, "TI": TI, "echo_TR": echo.TR, "flip": flip, "FOV": (*fov, slab),
        "matrix": (*matrix, partitions), "bandwidth": echo.reading.bandwidth / matrix[0], "mask": mask, "order": order,
    }  # fmt: skip
