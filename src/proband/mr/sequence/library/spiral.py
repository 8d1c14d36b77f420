"""Spiral gradient echo."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.encoding import dwell_time
from proband.mr.sequence.gradient_echo import SPOILING
from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.pulses import play_pulse, slice_pulse


def archimedean(
    fov: float, resolution: float, interleaves: int, max_gradient: float, max_slew: float, raster: float
) -> np.ndarray:
    """Gradient (n, 2) in Hz/m at the raster's steps of k = λ θ exp(iθ), as fast as amplitude and slew allow.

    `max_gradient` in Hz/m and `max_slew` in Hz/m/s bound the vector, so every turn of it keeps to them. θ is stepped with
    the largest θ'' that leaves the slew bound unbroken: |λ (θ''(1 + iθ) + θ'²(2i − θ))| = slew (cf. Glover 1999)."""
    pitch = interleaves / (2 * np.pi * fov)
    end = 1 / (2 * resolution) / pitch
    fine = raster / 16
    theta, speed, k = 0.0, 0.0, [0j]
    count = 0
    while theta < end:
        fastest = max_gradient / (pitch * np.sqrt(1 + theta**2))
        if speed < fastest:
            a, b = 1 + theta**2, theta * speed**2
            c = speed**4 * (theta**2 + 4) - (max_slew / pitch) ** 2
            root = b * b - a * c
            push = (-b + np.sqrt(root)) / a if root > 0 else -speed / fine * 0.01
            speed = min(speed + push * fine, fastest)
        else:
            speed = fastest
        theta += speed * fine
        count += 1
        if count % 16 == 0:
            k.append(pitch * theta * np.exp(1j * theta))
        if count > 16 * 200_000:
            raise ModelError("the spiral is too long; ask for more interleaves.")
    k = np.array(k)
    g = np.diff(k) / raster
    return np.stack([g.real, g.imag], axis=-1)


@sequence
def spiral(
    draft,
    fov=option(0.22, "m", "field of view"),
    matrix=option(96, "", "pixels along an edge", least=8),
    thickness=option(0.005, "m", "of the slice"),
    interleaves=option(16, "", "spirals, turned evenly over 2π", least=1),
    order=option("linear", ("linear", "golden"), "of the angles"),
    TE=option(None, "s", "from the pulse to the spiral's beginning; none: the shortest"),
    TR=option(None, "s", "repetition time; none: the shortest"),
    flip=option(15.0, "deg", "flip angle"),
    dwell=option(4e-6, "s", "of the readout"),
    dummies=option(0, "", "repetitions before the first spiral"),
):  # fmt: skip
    """Spiral gradient echo: from the middle of k-space outwards along Archimedean spirals; LIN is the interleaf."""
    limits = draft.limits
    raster = limits.gradient_raster
    pulse = slice_pulse(draft, np.deg2rad(flip), thickness, 2e-3, 4.0)
    most, slew = 0.95 * limits.max_gradient * GAMMA, 0.9 * limits.max_slew * GAMMA
    wave = archimedean(fov, fov / matrix, interleaves, most, slew, raster)
    read = len(wave) * raster
    # Down to zero in a straight line, within the slew limit.
    down = max(2, int(np.ceil(np.abs(wave[-1]).max() / (slew * raster))) + 1)
    ramp = wave[-1] * (1 - (np.arange(down) + 0.5) / down)[:, None]
    whole = np.concatenate([wave, ramp])
    # The mean of each raster step is the value in its middle; so the moment at every step's end is that of the design.
    reach = whole.sum(axis=0) * raster
    samples = int(read / dwell_time(draft, 1, 1 / dwell))
    dwell = dwell_time(draft, 1, 1 / dwell)
    if samples > limits.max_adc_samples:
        raise ModelError(
            f"{samples} samples are more than the receiver's {limits.max_adc_samples}; ask for more interleaves."
        )
    lead = float(np.ceil(limits.adc_dead_time / raster) * raster)
    adc = draft.pp.make_adc(samples, dwell=dwell, delay=lead, system=draft.system)

    before = draft.shortest(pulse.area_after)
    back = max(draft.shortest(float(np.hypot(*reach))), draft.shortest(2.0 / thickness))
    readout = draft.up(lead + max(len(whole) * raster, samples * dwell + limits.adc_dead_time))
    least = pulse.after + before + lead
    pause = draft.near((least if TE is None else TE) - least)
    if pause < -1e-9:
        raise ModelError(f"TE {(TE or 0) * 1e3:.4g} ms is too short; {least * 1e3:.4g} ms is the least.")
    shortest = pulse.duration + before + pause + readout + back
    period = draft.up(shortest if TR is None else TR)
    if period < shortest - 1e-9:
        raise ModelError(f"TR {period * 1e3:.4g} ms is too short; {shortest * 1e3:.4g} ms is the least.")
    step = 2 * np.pi / interleaves if order == "linear" else 2 * np.pi * (2 / (1 + np.sqrt(5)))
    angles = (np.arange(interleaves) * step) % (2 * np.pi)

    for n in range(-dummies, interleaves):
        turn = angles[n % interleaves]
        rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        turned, end = whole @ rotation, reach @ rotation
        count = n + dummies
        phase = SPOILING * (count * (count + 1) / 2 % 360)
        play_pulse(draft, pulse, phase=phase)
        draft.play(draft.trapezoid(draft.slice, -pulse.area_after, before), draft.pp.make_delay(before))
        draft.wait(pause)
        waves = []
        for axis, values in zip((draft.read, draft.phase), turned.T):
            key = ("spiral", axis, n % interleaves)
            if key not in draft._kept:
                made = draft.pp.make_arbitrary_grad(axis, values, first=0.0, last=0.0, delay=lead, system=draft.system)
                draft._kept[key] = draft.keep(made)
            waves.append(draft._kept[key])
        listen = draft.receiver(adc, phase) if n >= 0 else None
        said = {"LIN": n} if n >= 0 else {}
        draft.play(*waves, listen, draft.pp.make_delay(readout), **said)
        draft.play(
            draft.trapezoid(draft.read, -float(end[0]), back), draft.trapezoid(draft.phase, -float(end[1]), back),
            draft.trapezoid(draft.slice, 2.0 / thickness, back), draft.pp.make_delay(back),
        )  # fmt: skip
        draft.wait(period - shortest)
    return {
        "TE": least + pause, "TR": period, "flip": flip, "FOV": (fov, fov, thickness), "matrix": (matrix, matrix, 1),
        "bandwidth": 1 / (dwell * samples), "interleaves": interleaves, "readout": read, "angles": angles,
    }  # fmt: skip
