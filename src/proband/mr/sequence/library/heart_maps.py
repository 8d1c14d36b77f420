"""T1 and T2 maps of the heart, one image a heartbeat."""

from __future__ import annotations

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.heart_beat import SingleShot, beat
from proband.mr.sequence.options import option, sequence
from proband.mr.sequence.pulses import adiabatic_saturation, hard_pulse, inversion, play_pulse, saturation, spoil

FOV = option((0.32, 0.32), "m", "field of view, read and phase")
MATRIX = option((128, 96), "", "samples and lines", least=1)
THICKNESS = option(0.008, "m", "of the slice")
DELAY = option(0.6, "s", "from the R wave to the middle of k-space, in diastole")
CONTRAST = option("by field", ("by field", "spoiled", "balanced"), "balanced below 4 T, spoiled above")
FLIP = option(None, "deg", "none: 35 balanced, 8 spoiled")
BANDWIDTH = option(1000.0, "Hz/pixel", "of the readout")
TR_ECHO = option(None, "s", "from one pulse to the next; none: the shortest")
ACCELERATION = option(2.0, "", "of the lines, with ACS lines", least=1)
ACS = option(16, "lines", "measured fully in the middle")
PARTIAL = option(0.75, "", "share of lines measured at all", least=0.5)
RAMP = option(5, "", "repetitions with a rising flip before the first line (balanced)", least=1)


@sequence
def molli(
    draft,
    fov=FOV, matrix=MATRIX, thickness=THICKNESS, delay=DELAY,
    beats=option((5, 3, 3), "beats each", "images after the first inversion, pause, images after the next, …",
                 "Kellman and Hansen 2014: 5(3)3"),
    TI=option(None, "s", "from the first inversion to its first image's middle; none: the shortest"),
    TI_step=option(0.08, "s", "how much longer TI is after each further inversion", "Messroghli et al. 2004: 80 ms"),
    contrast=CONTRAST, flip=FLIP, bandwidth=BANDWIDTH, TR=TR_ECHO, acceleration=ACCELERATION, acs=ACS,
    partial_fourier=PARTIAL, ramp=RAMP,
):  # fmt: skip
    """MOLLI T1 map: inversion, then one image in each of several heartbeats; SET is the image, SEG the inversion.

    The time from the inversion follows from the heart: TI + n RR. Without waiting for triggers the beats have no length,
    so play it through `gating.gated`."""
    if len(beats) % 2 == 0 or min(beats) < 1:
        raise ModelError(f"beats = {beats} cannot be; images, pause, images, … as in (5, 3, 3).")
    shot = SingleShot(
        draft, fov=fov, matrix=matrix, thickness=thickness, contrast=contrast, flip=flip, bandwidth=bandwidth, TR=TR,
        acceleration=acceleration, acs=acs, partial=partial_fourier, ramp=ramp,
    )  # fmt: skip
    invert = inversion(draft)
    shortest = invert.after + draft.shortest(3.0 / thickness) + shot.to_middle + 2 * draft.limits.block_raster
    first = draft.up(shortest if TI is None else TI)
    image = group = 0
    times = []

    def prepare() -> None:
        play_pulse(draft, invert)
        spoil(draft, 3.0 / thickness, draft.slice)

    for n, count in enumerate(beats):
        if n % 2:
            for _ in range(count):
                draft.trigger()
                # A beat without an image still has some length: the trigger must not be the same.
                draft.wait(delay)
            continue
        for k in range(count):
            ti = first + group * TI_step
            beat(draft, shot, delay, prepare if k == 0 else None, ti + invert.before, SET=image, SEG=group)
            times.append((ti, k))
            image += 1
        group += 1
    return shot.info(fov, thickness) | {
        "TI": first,
        "TI_step": TI_step,
        "beats": beats,
        "TI_and_beat": times,
        "delay": delay,
    }


@sequence
def sasha(
    draft,
    fov=FOV, matrix=MATRIX, thickness=THICKNESS, delay=DELAY,
    images=option(10, "", "after a saturation; one more without comes first", "Chow et al. 2014: 1 + 10 images", least=2),
    TS=option(None, "s each", "from the saturation to the image's middle; none: evenly from 0.2 s (what the pulse "
              "left across the field has decayed by then) up to the R wave"),
    saturate=option("adiabatic", ("adiabatic", "train"), "one BIR-4 pulse and one spoiler, or a train of hard pulses: it leaves "
                    "less where the field is off, but stimulated echoes come back from its spoilers, also a beat later"),
    contrast=CONTRAST, flip=FLIP, bandwidth=BANDWIDTH, TR=TR_ECHO, acceleration=ACCELERATION, acs=ACS,
    partial_fourier=PARTIAL, ramp=RAMP,
):  # fmt: skip
    """Saturation-recovery T1 map (SASHA, Chow et al. 2014): slower than MOLLI in precision, without its bias.

    SET 0 is the image without saturation; `TS` of the protocol has one time for each image (infinite for the first)."""
    shot = SingleShot(
        draft, fov=fov, matrix=matrix, thickness=thickness, contrast=contrast, flip=flip, bandwidth=bandwidth, TR=TR,
        acceleration=acceleration, acs=acs, partial=partial_fourier, ramp=ramp,
    )  # fmt: skip
    pulse = adiabatic_saturation(draft, thickness) if saturate == "adiabatic" else saturation(draft, thickness)
    least = pulse.after + shot.to_middle + 2 * draft.limits.block_raster
    if TS is None:
        TS = tuple(float(t) for t in np.linspace(max(least, 0.2), delay - pulse.before - 1e-3, images))
    times = tuple(draft.up(t) for t in (TS if isinstance(TS, tuple) else (TS,)))

    beat(draft, shot, delay, SET=0)
    # One beat without an image: from here on every saturation meets the same magnetisation, and leaves the same.
    draft.trigger()
    begin = draft.clock
    draft.wait_until(begin + delay - times[-1] - pulse.before)
    pulse.play()
    draft.wait_until(begin + delay)
    for n, time in enumerate(times, start=1):
        beat(draft, shot, delay, pulse.play, time + pulse.before, SET=n)
    return shot.info(fov, thickness) | {"TS": (float("inf"), *times), "delay": delay}


@sequence
def t2prep(
    draft,
    fov=FOV, matrix=MATRIX, thickness=THICKNESS, delay=DELAY,
    TE_prep=option((0.0, 0.025, 0.055), "s each", "of each image's preparation; 0: none", "Giri et al. 2009: 0, 24, 55 ms"),
    recovery=option(3, "beats", "between images", "Giri et al. 2009: two or more beats"),
    contrast=CONTRAST, flip=FLIP, bandwidth=BANDWIDTH, TR=TR_ECHO, acceleration=ACCELERATION, acs=ACS,
    partial_fourier=PARTIAL, ramp=RAMP,
):  # fmt: skip
    """T2 map by preparation: 90° – four composite 180° (MLEV) – 90° back, then an image; SET is the image."""
    shot = SingleShot(
        draft, fov=fov, matrix=matrix, thickness=thickness, contrast=contrast, flip=flip, bandwidth=bandwidth, TR=TR,
        acceleration=acceleration, acs=acs, partial=partial_fourier, ramp=ramp,
    )  # fmt: skip
    down = hard_pulse(draft, np.pi / 2, "preparation")
    turn = hard_pulse(draft, np.pi, "preparation")
    # Composite refocusing 90x 180y 90x: the three played one after the other, dead times between.
    half = down.duration + turn.duration / 2
    spoiling = draft.shortest(3.0 / thickness)

    def composite(sign: float) -> None:
        for pulse, phase in ((down, 0.0), (turn, np.pi / 2), (down, 0.0)):
            play_pulse(draft, pulse, phase=phase + (0.0 if sign > 0 else np.pi))

    def prepare(time: float) -> None:
        begin = draft.clock + down.before
        play_pulse(draft, down)
        for n, sign in enumerate((1, 1, -1, -1)):
            centre = begin + time * (2 * n + 1) / 8
            gap = centre - half - draft.clock
            if gap < -1e-9:
                raise ModelError(
                    f"TE_prep {time * 1e3:.3g} ms is too short; {(time - 8 * gap) * 1e3:.3g} ms is enough."
                )
            draft.wait(gap)
            composite(sign)
        draft.wait(begin + time - down.before - draft.clock, "the last part of TE_prep")
        play_pulse(draft, down, phase=np.pi)
        spoil(draft, 3.0 / thickness, draft.slice)

    for n, time in enumerate(TE_prep):
        if n:
            for _ in range(round(recovery)):
                draft.trigger()
                draft.wait(delay)
        # The preparation ends right before the image.
        lead = down.duration + time + spoiling + shot.to_middle + 5 * draft.limits.block_raster
        beat(draft, shot, delay, (lambda t=time: prepare(t)) if time else None, draft.up(lead), SET=n)
    return shot.info(fov, thickness) | {"TE_prep": TE_prep, "recovery": recovery, "delay": delay}
