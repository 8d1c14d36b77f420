"""Spin echo and turbo spin echo."""

from __future__ import annotations

from proband.model import ModelError
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.ordering import asked_lines, flags, slice_positions
from proband.mr.sequence.pulses import inversion, play_pulse, spoil
from proband.mr.sequence.rows import ACCELERATION, ACS, LINE_PATTERN, SEED
from proband.mr.sequence.spin_echo_train import SpinEchoTrain

FOV = option((0.22, 0.22), "m", "field of view, read and phase")
MATRIX = option((128, 128), "", "samples and lines", least=1)
THICKNESS = option(0.005, "m", "of a slice")
SLICES = option(1, "", "number of slices", least=1)
GAP = option(0.0, "m", "between slices")
TI = option(None, "s", "from an inversion to the excitation (STIR, FLAIR); none: no inversion")


def _shot(draft, train, lines, labels, position, TI, slot) -> None:
    """Inversion, train, and the rest of the slot."""
    begin = draft.clock
    if TI is not None:
        invert = inversion(draft)
        play_pulse(draft, invert)
        spoil(draft, 3.0 / train.thickness, draft.slice)
        draft.wait(begin + invert.before + TI - train.excite.before - draft.clock, "TI")
    train.play(lines, position, labels)
    if draft.clock > begin + slot + 1e-9:
        raise ModelError(
            f"TR leaves {slot * 1e3:.4g} ms for a slice; {(draft.clock - begin) * 1e3:.4g} ms is the least."
        )
    draft.wait_until(begin + slot)


def _slot(draft, train, echoes: int, TI: float | None, TR: float | None, slices: int) -> float:
    """Time of one slice in a TR, s."""
    before = 0.0 if TI is None else TI + 12e-3
    return draft.up(
        (train.duration(echoes) + before if TR is None else TR / slices)
        + (draft.limits.block_raster if TR is None else 0)
    )


@sequence
def spin_echo(
    draft, fov=FOV, matrix=MATRIX, thickness=THICKNESS, slices=SLICES, gap=GAP,
    TE=option(None, "s", "echo time, and distance of further echoes; none: the shortest"),
    TR=option(0.5, "s", "repetition time; all slices within"),
    TI=TI,
    echoes=option(1, "", "echoes of the same line (CPMG, for T2 maps)", least=1),
    bandwidth=option(300.0, "Hz/pixel", "of the readout"),
    acceleration=ACCELERATION,
    pattern=LINE_PATTERN,
    acs=ACS,
    seed=SEED,
):  # fmt: skip
    """Spin echo with one or several echoes a line, also after an inversion; LIN, SLC, ECO."""
    train = SpinEchoTrain(draft, fov=fov, matrix=matrix, thickness=thickness, bandwidth=bandwidth, spacing=TE)
    mask, steps = asked_lines((matrix[1], 1), acceleration, pattern, acs, seed)
    slot = _slot(draft, train, echoes, TI, TR, slices)
    for line, _ in steps:
        for slc, position in slice_positions(slices, thickness + gap):
            said = {"LIN": line, "SLC": slc, **flags(mask, line, 0, acceleration, acs, pattern)}
            labels = [said | ({"ECO": n} if echoes > 1 else {}) for n in range(echoes)]
            _shot(draft, train, [line] * echoes, labels, position, TI, slot)
    return {
        "spoiler": (0.0, train.crusher), "TE": train.spacing, "echo_times": tuple(train.spacing * (n + 1) for n in range(echoes)), "TR": slot * slices,
        "TI": TI, "flip": 90.0, "FOV": (*fov, slices * (thickness + gap)), "matrix": (*matrix, slices), "mask": mask,
        "bandwidth": train.reading.bandwidth / matrix[0],
    }  # fmt: skip


@sequence
def turbo_spin_echo(
    draft, fov=FOV, matrix=MATRIX, thickness=THICKNESS, slices=SLICES, gap=GAP,
    turbo=option(16, "", "lines after one excitation", least=1),
    TE=option(0.08, "s", "effective echo time: that of the middle of k-space"),
    TR=option(3.0, "s", "repetition time; all slices within"),
    TI=TI,
    refocusing=option(180.0, "deg", "flip of the refocusing pulses; less saves SAR"),
    bandwidth=option(500.0, "Hz/pixel", "of the readout"),
    acceleration=ACCELERATION,
    pattern=LINE_PATTERN,
    acs=ACS,
    seed=SEED,
):  # fmt: skip
    """Turbo (fast) spin echo: many lines after one excitation, the contrast set by the echo of the middle line."""
    common = {"fov": fov, "matrix": matrix, "thickness": thickness, "bandwidth": bandwidth, "refocusing": refocusing}
    shortest = SpinEchoTrain(draft, **common).spacing
    number = min(int(TE / shortest + 1e-9), turbo)
    if number < 1:
        raise ModelError(f"TE {TE * 1e3:.4g} ms is too short; {shortest * 1e3:.4g} ms is the least.")
    train = SpinEchoTrain(draft, spacing=TE / number, **common)
    mask, steps = asked_lines((matrix[1], 1), acceleration, pattern, acs, seed)
    shots = bands(sorted(line for line, _ in steps), turbo, matrix[1] // 2, number - 1)
    slot = _slot(draft, train, turbo, TI, TR, slices)
    for lines in shots:
        for slc, position in slice_positions(slices, thickness + gap):
            labels = [
                {}
                if line is None
                else {"LIN": line, "SLC": slc, "SEG": n, **flags(mask, line, 0, acceleration, acs, pattern)}
                for n, line in enumerate(lines)
            ]
            _shot(draft, train, lines, labels, position, TI, slot)
    return {
        "spoiler": (0.0, train.crusher), "TE": train.spacing * number, "spacing": train.spacing, "turbo": turbo, "TR": slot * slices, "TI": TI, "flip": 90.0,
        "refocusing": refocusing, "FOV": (*fov, slices * (thickness + gap)), "matrix": (*matrix, slices), "mask": mask,
        "bandwidth": train.reading.bandwidth / matrix[0], "shots": len(shots),
    }  # fmt: skip


def bands(lines: list[int], turbo: int, middle: int, echo: int) -> list[list[int | None]]:
    """Lines of each shot: k-space is cut into as many bands as there are echoes, each shot takes one line of every band,
    and the band with the middle line is met by echo number `echo`."""
    shots = -(-len(lines) // turbo)
    centre = lines.index(middle)
    # Lines from `start` on fill the echoes band by band, so that the middle line falls into band `echo`.
    band = centre // shots
    order = [(band - echo + n) % turbo for n in range(turbo)]
    padded: list[int | None] = [*lines, *[None] * (shots * turbo - len(lines))]
    return [[padded[b * shots + shot] for b in order] for shot in range(shots)]
