"""Echo-planar imaging: gradient echo, and spin echo with diffusion."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.diffusion import design, directions
from proband.mr.sequence.echo_planar import EchoPlanar
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.ordering import slice_positions
from proband.mr.sequence.pulses import fat_saturation, play_pulse, slice_pulse, spoil
from proband.mr.sequence.rows import PARTIAL_FOURIER
from proband.mr.sequence.undersampling import pattern

FOV = option((0.22, 0.22), "m", "field of view, read and phase")
MATRIX = option((64, 64), "", "samples and lines", least=2)
THICKNESS = option(0.004, "m", "of a slice")
SLICES = option(1, "", "number of slices", least=1)
GAP = option(0.0, "m", "between slices")
BANDWIDTH = option(2000.0, "Hz/pixel", "of the readout")
ACCELERATION = option(1.0, "", "every R-th line", least=1)
NAVIGATORS = option(3, "lines", "without encoding before the train, for the ghost's phase")
FAT = option(True, "", "saturate fat before each excitation")


def _train(draft, fov, matrix, bandwidth, acceleration, partial, navigators) -> EchoPlanar:
    mask = pattern((matrix[1], 1), "uniform", acceleration, 0, partial=partial)
    lines = [int(n) for n in np.flatnonzero(mask[:, 0])]
    return EchoPlanar(draft, fov=fov, matrix=matrix, bandwidth=bandwidth, lines=lines, navigators=navigators)


def _fat(draft, pulse, thickness) -> None:
    if pulse is not None:
        play_pulse(draft, pulse)
        spoil(draft, 3.0 / thickness, draft.slice)  # unlike the crushers: no echo of it comes back


@sequence
def epi(
    draft, fov=FOV, matrix=MATRIX, thickness=THICKNESS, slices=SLICES, gap=GAP,
    TE=option(0.03, "s", "echo time of the middle line; none: the shortest"),
    TR=option(None, "s", "from volume to volume; none: the shortest"),
    flip=option(90.0, "deg", "flip angle"),
    volumes=option(1, "", "repetitions, as in functional imaging", least=1),
    dummies=option(0, "", "volumes before the first"),
    bandwidth=BANDWIDTH, acceleration=ACCELERATION, partial_fourier=PARTIAL_FOURIER, navigators=NAVIGATORS, fat_saturation_=FAT,
):  # fmt: skip
    """Gradient-echo EPI: a slice in one shot, T2* contrast; LIN, REV, NAV, SLC, REP."""
    pulse = slice_pulse(draft, np.deg2rad(flip), thickness, 3e-3, 4.0)
    train = _train(draft, fov, matrix, bandwidth, acceleration, partial_fourier, navigators)
    fat = fat_saturation(draft) if fat_saturation_ else None
    rephase = draft.shortest(pulse.area_after)
    least = pulse.after + rephase + train.to_middle
    gap_before = draft.near((least if TE is None else TE) - least)
    if gap_before < -1e-9:
        raise ModelError(f"TE {(TE or 0) * 1e3:.4g} ms is too short; {least * 1e3:.4g} ms is the least.")
    slot = None
    for volume in range(-dummies, volumes):
        for slc, position in slice_positions(slices, thickness + gap):
            begin = draft.clock
            _fat(draft, fat, thickness)
            play_pulse(draft, pulse, position=position)
            draft.play(draft.trapezoid(draft.slice, -pulse.area_after))
            if volume >= 0:
                draft.wait(gap_before)
                train.play(SLC=slc, REP=volume)
            else:
                draft.wait(gap_before + train.duration)
            spoil(draft, 4.0 / thickness, draft.slice)
            least_slot = draft.clock - begin
            slot = draft.up(least_slot if TR is None else TR / slices)
            if slot < least_slot - 1e-9:
                raise ModelError(f"TR {(TR or 0):.4g} s is too short; {least_slot * slices:.4g} s is the least.")
            draft.wait_until(begin + slot)
    return {
        "TE": least + gap_before, "TR": (slot or 0.0) * slices, "flip": flip, "FOV": (*fov, slices * (thickness + gap)),
        "matrix": (*matrix, slices), "bandwidth": train.reading.bandwidth / matrix[0], "volumes": volumes,
        "echo_spacing": train.reading.duration, "lines": train.lines,
    }  # fmt: skip


@sequence
def diffusion_epi(
    draft, fov=FOV, matrix=MATRIX, thickness=THICKNESS, slices=SLICES, gap=GAP,
    b_values=option((0.0, 1000.0), "s/mm² each", "how strongly diffusion is weighted"),
    directions_=option(3, "", "of every b above 0; up to 3 are the axes", least=1),
    TE=option(None, "s", "echo time; none: the shortest that reaches the largest b"),
    TR=option(3.0, "s", "from volume to volume; none: the shortest"),
    dummies=option(1, "", "volumes without b before the first that is measured: all then begin alike"),
    bandwidth=BANDWIDTH, acceleration=ACCELERATION, partial_fourier=option(0.75, "", "share of lines measured at all", least=0.5),
    navigators=NAVIGATORS, fat_saturation_=FAT,
):  # fmt: skip
    """Spin-echo EPI with diffusion weighting (Stejskal–Tanner); REP is the volume, its b and direction are in the protocol."""
    excite = slice_pulse(draft, np.pi / 2, thickness, 3e-3, 4.0)
    refocus = slice_pulse(draft, np.pi, thickness, 3e-3, 4.0, "refocusing")
    train = _train(draft, fov, matrix, bandwidth, acceleration, partial_fourier, navigators)
    fat = fat_saturation(draft) if fat_saturation_ else None
    rephase = draft.shortest(excite.area_after)
    crusher = draft.trapezoid(draft.slice, 2.0 / thickness)
    crush = draft.shortest(2.0 / thickness)
    before = excite.after + rephase + crush + refocus.before
    after = refocus.after + crush + train.to_middle
    pair, TE = design(draft, max(b_values) * 1e6, before, after, crush + refocus.duration + crush, TE)
    axes = (draft.read, draft.phase, draft.slice)
    table = [(b, v) for b in b_values for v in (directions(directions_) if b else np.zeros((1, 3)))]

    def lobe(b: float, v: np.ndarray) -> None:
        if not pair.lobe:
            return
        events = [None, None, None]
        for n, axis in enumerate(axes):
            size = pair.strength(b * 1e6) * v[n] * pair.amplitude
            if abs(size) > 1.0:
                events[n] = draft.pp.make_trapezoid(
                    axis, amplitude=size, rise_time=pair.ramp, flat_time=pair.delta - pair.ramp, fall_time=pair.ramp,
                    system=draft.system,
                )  # fmt: skip
        draft.play(*events, draft.pp.make_delay(pair.lobe))

    slot = 0.0
    for volume, (b, v) in enumerate([(0.0, np.zeros(3))] * dummies + table, -dummies):
        for slc, position in slice_positions(slices, thickness + gap):
            begin = draft.clock
            _fat(draft, fat, thickness)
            centre = draft.clock + excite.before
            play_pulse(draft, excite, position=position)
            draft.play(draft.trapezoid(draft.slice, -excite.area_after))
            lobe(b, v)
            draft.wait(centre + TE / 2 - refocus.before - crush - draft.clock)
            draft.play(crusher)
            play_pulse(draft, refocus, phase=np.pi / 2, position=position)
            draft.play(crusher)
            lobe(b, v)
            draft.wait(centre + TE - train.to_middle - draft.clock)
            if volume >= 0:
                train.play(SLC=slc, REP=volume)
            else:
                draft.wait(train.duration)
            spoil(draft, 4.0 / thickness, draft.slice)
            least = draft.clock - begin
            slot = draft.up(least if TR is None else TR / slices)
            if slot < least - 1e-9:
                raise ModelError(f"TR {(TR or 0):.4g} s is too short; {least * slices:.4g} s is the least.")
            draft.wait_until(begin + slot)
    return {
        "TE": TE, "TR": slot * slices, "flip": 90.0, "FOV": (*fov, slices * (thickness + gap)), "matrix": (*matrix, slices),
        "bandwidth": train.reading.bandwidth / matrix[0], "echo_spacing": train.reading.duration, "lines": train.lines,
        "b_values": [b for b, _ in table], "directions": np.array([v for _, v in table]), "delta": pair.delta,
        "Delta": pair.separation,
    }  # fmt: skip
