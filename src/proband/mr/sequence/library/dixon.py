"""Multi-echo gradient echo for water and fat, R2* and the field."""

from __future__ import annotations

import numpy as np

from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.pulses import FAT_PPM, slab_pulse
from proband.mr.sequence.rows import PARTITIONS


@sequence
def dixon(
    draft,
    fov=option((0.32, 0.32), "m", "field of view, read and phase"),
    matrix=option((96, 96), "", "samples and lines", least=1),
    thickness=option(0.006, "m", "of the slice; in 3-D of a partition"),
    partitions=PARTITIONS,
    echoes=option(6, "", "number of echoes", least=2),
    spacing=option(None, "s", "between echoes; none: a third of the time in which fat turns once against water",
                   "Reeder et al. 2005: phases 2π/3 apart are the best for three points"),
    TE=option(None, "s", "first echo; none: the shortest"),
    TR=option(None, "s", "repetition time; none: the shortest"),
    flip=option(5.0, "deg", "flip angle"),
    bandwidth=option(1200.0, "Hz/pixel", "of the readout"),
):  # fmt: skip
    """Multi-echo Dixon: one direction of readout, interleaved over repetitions where echoes lie too close together."""
    turn = 1 / (abs(FAT_PPM) * 1e-6 * GAMMA * draft.limits.B0)
    spacing = draft.near(turn / 3 if spacing is None else spacing)
    three_d = partitions > 1
    pulse, slab = slab_pulse(draft, flip, thickness, partitions, 1e-3, 4.0)
    common = {
        "fov": fov, "matrix": matrix, "bandwidth": bandwidth, "slab": slab, "partitions": partitions, "thickness": thickness,
    }  # fmt: skip
    probe = GradientEcho(draft, pulse, echoes=2, **common)
    interleaves = max(1, int(np.ceil(probe.spacing / spacing - 1e-9)))
    trains = [list(range(n, echoes, interleaves)) for n in range(min(interleaves, echoes))]
    longest = len(trains[0])
    later = spacing * (len(trains) - 1)
    echo = GradientEcho(
        draft,
        pulse,
        TE=TE,
        TR=TR,
        echoes=longest,
        spacing=spacing * interleaves if longest > 1 else None,
        later=later,
        **common,
    )
    for line in range(matrix[1]):
        for partition in range(partitions):
            for n in range(len(trains)):
                # Every train is as long as the first; what lies beyond the last echo asked for is measured, too.
                numbers = tuple(n + k * interleaves for k in range(longest))
                said = {"LIN": line} | ({"PAR": partition} if three_d else {})
                echo.play(line, partition if three_d else None, shift=n * spacing, echo_numbers=numbers, labels=said)
    times = [echo.TE + n * spacing for n in range(longest * len(trains))]
    return {
        "spoiler": echo.spoiler, "TE": times[0], "echo_times": times, "TR": echo.TR, "flip": flip, "FOV": (*fov, slab),
        "matrix": (*matrix, partitions), "bandwidth": echo.reading.bandwidth / matrix[0], "interleaves": len(trains),
        "fat_ppm": FAT_PPM,
    }  # fmt: skip
