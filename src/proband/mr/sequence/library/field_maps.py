"""Maps of the main field and of the transmit field, for the shim and for corrections."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.gradient_echo import GradientEcho
from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.ordering import slice_positions
from proband.mr.sequence.pulses import FAT_PPM, slab_pulse, slice_pulse
from proband.mr.sequence.pulses import spoil as spoil_
from proband.mr.sequence.rows import PARTITIONS


@sequence
def b0_map(
    draft,
    fov=option((0.24, 0.24), "m", "field of view, read and phase"),
    matrix=option((64, 64), "", "samples and lines", least=1),
    thickness=option(0.004, "m", "of the slice; in 3-D of a partition"),
    partitions=PARTITIONS,
    TE=option(None, "s", "first echo; none: the shortest"),
    spacing=option(None, "s", "between the two echoes; none: whole turns of fat against water"),
    TR=option(None, "s", "repetition time; none: the shortest"),
    flip=option(10.0, "deg", "flip angle"),
    bandwidth=option(1000.0, "Hz/pixel", "of the readout"),
):  # fmt: skip
    """B0 map: two gradient echoes, fat and water alike in both; off-resonance is the phase
    difference over 2π · spacing, lagging (a spin too fast turns as exp(−i 2πΔf t))."""
    turn = 1 / (abs(FAT_PPM) * 1e-6 * GAMMA * draft.limits.B0)
    three_d = partitions > 1
    pulse, slab = slab_pulse(draft, flip, thickness, partitions, 1e-3, 4.0)
    common = {
        "fov": fov, "matrix": matrix, "bandwidth": bandwidth, "slab": slab, "partitions": partitions, "thickness": thickness,
    }  # fmt: skip
    least = GradientEcho(draft, pulse, echoes=2, **common).spacing
    spacing = np.ceil(least / turn) * turn if spacing is None else spacing
    echo = GradientEcho(draft, pulse, TE=TE, TR=TR, echoes=2, spacing=spacing, **common)
    for line in range(matrix[1]):
        for partition in range(partitions):
            said = {"LIN": line} | ({"PAR": partition} if three_d else {})
            echo.play(line, partition if three_d else None, labels=said)
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "echo_times": echo.echo_times, "TR": echo.TR, "flip": flip, "FOV": (*fov, slab),
        "matrix": (*matrix, partitions), "bandwidth": echo.reading.bandwidth / matrix[0],
    }  # fmt: skip


@sequence
def b1_map(
    draft,
    fov=option((0.24, 0.24), "m", "field of view, read and phase"),
    matrix=option((48, 48), "", "samples and lines", least=1),
    thickness=option(0.006, "m", "of a partition"),
    partitions=option(16, "", "of the slab", least=2),
    TR1=option(0.02, "s", "after the first pulse", "Yarnykh 2007: 20 ms"),
    TR2=option(0.1, "s", "after the second pulse", "Yarnykh 2007: 100 ms"),
    TE=option(None, "s", "echo time; none: the shortest"),
    flip=option(60.0, "deg", "asked flip angle", "Yarnykh 2007: 40 to 80°"),
    bandwidth=option(600.0, "Hz/pixel", "of the readout"),
    spoil=option(2.0, "cycles/voxel", "of the spoiler in TR1; TR2/TR1 times as much in TR2", "Nehrke 2009"),
    dummies=option(10, "", "pairs before the first line"),
):  # fmt: skip
    """B1+ map by actual flip angles (AFI, Yarnykh 2007): two pulses, two delays, one ratio, free of T1 and T2.

    With n = TR2/TR1 and r = |S2/S1| (SET 1 over SET 0), cos α = (r n − 1)/(n − r). A hard pulse is not needed: the slab's
    middle feels the full flip."""
    slab = partitions * thickness
    pulse = slice_pulse(draft, np.deg2rad(flip), slab, 1.5e-3, 6.0)
    echo = GradientEcho(
        draft, pulse, fov=fov, matrix=matrix, bandwidth=bandwidth, TE=TE, TR=TR1, slab=slab, partitions=partitions,
        thickness=thickness, spoil=spoil, spoiling=np.deg2rad(129.3),  # Nehrke 2009
    )  # fmt: skip
    ratio = round(TR2 / echo.TR)
    if ratio < 2 or abs(ratio * echo.TR - TR2) > draft.limits.block_raster:
        raise ModelError(
            f"TR2 {TR2:g} s must be a whole multiple of TR1 {echo.TR:g} s, so that the spoiling keeps to time."
        )
    # As if the pulses between had been left out of one spoiled train (Nehrke 2009): moment and phase go on with time.
    moment = (ratio - 1) * echo.spoiler[0]
    long = draft.shortest(moment)
    extra = draft.near((ratio - 1) * echo.TR)

    def pair(line: int | None, partition: int | None) -> None:
        for n in range(2):
            said = {} if line is None else {"LIN": line, "PAR": partition or 0, "SET": n}
            echo.play(line, partition, acquire=line is not None, labels=said)
        spoil_(draft, moment, draft.read)
        draft.wait(extra - long)
        echo.skip(ratio - 1)

    for _ in range(dummies):
        pair(None, None)
    for line in range(matrix[1]):
        for partition in range(partitions):
            pair(line, partition)
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "TR": 2 * echo.TR + extra, "TR1": echo.TR, "TR2": echo.TR + extra, "flip": flip,
        "FOV": (*fov, slab), "matrix": (*matrix, partitions), "bandwidth": echo.reading.bandwidth / matrix[0],
        "method": "actual flip angle",
    }  # fmt: skip


@sequence
def b1_map_double_angle(
    draft,
    fov=option((0.24, 0.24), "m", "field of view, read and phase"),
    matrix=option((64, 32), "", "samples and lines", least=1),
    thickness=option(0.008, "m", "of a slice"),
    slices=option(1, "", "number of slices", least=1),
    gap=option(0.0, "m", "between slices"),
    TE=option(None, "s", "echo time; none: the shortest"),
    TR=option(5.0, "s", "repetition time; magnetisation must have come back",
              "Insko and Bolinger 1993: five times T1 or more"),
    flip=option(60.0, "deg", "the smaller flip angle; the other is twice as large", "Stollberger and Wach 1996: 60 and 120°"),
    bandwidth=option(600.0, "Hz/pixel", "of the readout"),
):  # fmt: skip
    """B1+ map by two angles (Insko and Bolinger 1993): cos α = |S(2α)| / (2 |S(α)|), slow but simple; SET 0 is α, 1 is 2α."""
    # The larger pulse decides how long both are; the smaller is the same with half the amplitude.
    pulse = slice_pulse(draft, np.deg2rad(2 * flip), thickness, 3e-3, 4.0)
    echo = GradientEcho(
        draft, pulse, fov=fov, matrix=matrix, bandwidth=bandwidth, TE=TE, TR=TR / slices, thickness=thickness, spoil=4.0
    )
    for line in range(matrix[1]):
        for n in range(2):
            for slc, position in slice_positions(slices, thickness + gap):
                echo.play(line, position=position, scale=(0.5, 1.0)[n], labels={"LIN": line, "SLC": slc, "SET": n})
    return {
        "spoiler": echo.spoiler, "TE": echo.TE, "TR": echo.TR * slices, "flip": flip, "FOV": (*fov, slices * (thickness + gap)),
        "matrix": (*matrix, slices), "bandwidth": echo.reading.bandwidth / matrix[0], "method": "double angle",
    }  # fmt: skip
