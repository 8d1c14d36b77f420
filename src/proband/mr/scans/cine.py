"""A cine of a beating heart: for every phase the patient as it stands then, in the steady state that the scan keeps up.

A spoiled scan pulses on through the whole beat, so that all phases are in one steady state. For each phase the spins of that
moment are brought into it by the repetitions that the scan plays before the phase's first lines (the longitudinal part starts
where theory puts it), then play that phase's own lines of every heartbeat. What is left out: blood that comes in unsaturated,
and movement while a phase's lines are played. The heart a phase shows follows the triggers: late or false ones blur it."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.scans.chain import Finished, Tell, imaging, noise_of, noisy, raw_of, reconstructed
from proband.mr.scans.preparing import Prepared, spins_of
from proband.mr.scans.turning import Plane, turned

APPROACH = 24  # repetitions before a phase's first line


@dataclass(frozen=True)
class Cine:
    """What a reader measures in a cine, beside what went in. Volumes in mL, shares in %."""

    ejection_fraction: float
    ejection_fraction_truth: float
    end_diastolic_volume: float
    end_diastolic_volume_truth: float
    end_systolic_volume: float
    end_systolic_volume_truth: float
    false_triggers: float
    volumes: tuple[float, ...]
    times: tuple[float, ...]  # s after end of diastole


def slices_of(ready: Prepared) -> list[float]:
    """Where along the plane's normal the slices lie (m), so that they cover the ventricle from apex to base."""
    truth = ready.scene.body.truth
    length = float(np.linalg.norm(np.asarray(truth["base"], float) - np.asarray(truth["apex"], float)))
    thickness = float(ready.info["FOV"][2])
    count = int(np.ceil(length / thickness)) + 1
    return [float((n - (count - 1) / 2) * thickness) for n in range(count)]


def scan_cine(ready: Prepared, keeper: Any, tell: Tell, threads: int | None, key: str) -> Finished:
    """All slices and phases; each slice is kept when it is finished."""
    begin = time.perf_counter()
    if ready.info.get("contrast") != "spoiled" or not ready.info.get("gated"):
        raise ModelError(
            "a cine of the beating heart is played spoiled and prospectively gated; set contrast: spoiled."
        )
    if ready.protocol.plane != "short_axis":
        raise ModelError("a cine of the beating heart lies in its short axis; set plane: short_axis.")
    places = slices_of(ready)
    count = int(ready.info["phases"])
    taken, spins, steps = 0, 0, 0.0
    slices, sets = [], []
    patient = None
    for n, place in enumerate(places):
        here = moved(ready, place)
        name = f"{ready.protocol.name}-{hashlib.sha256(f'{key} {ready.protocol} {n}'.encode()).hexdigest()[:16]}"
        kept = keeper.recall(name)
        if kept is None:
            heard = None
            for phase in range(count):
                tell((n + phase / count) / len(places) * 0.95, f"{ready.protocol.name}: slice {n + 1} of {len(places)}")
                frame, patient, size = one_phase(here, phase, threads)
                heard = frame if heard is None else [a if b is None else b for a, b in zip(heard, frame)]
                spins, steps = (
                    spins + size,
                    steps + float(size) * sum(r.samples + 2 for r in here.timeline.readouts) / count,
                )
            assert heard is not None
            signal = np.stack([heard[i] for i in imaging(here)]).astype(np.complex64)
            keeper.remember(name, {"signal": signal})
        else:
            signal, taken = kept["signal"], taken + 1
        slices.append(signal)
        sets.append(here)
    return finished(ready, sets, slices, patient, spins, steps, taken, time.perf_counter() - begin)


def moved(ready: Prepared, place: float) -> Prepared:
    """The same scan of another slice, `place` m along the normal."""
    plane = Plane(ready.plane.turn, ready.plane.centre + ready.plane.turn[:, 2] * place)
    from proband.mr.sequence.gating import gated, triggers

    timeline = ready.sequence.timeline
    if ready.triggers is not None:
        timeline = gated(timeline, triggers(ready.triggers, ready.scene.scanner.field, ready.protocol.seed))
    return replace(ready, plane=plane, timeline=turned(timeline, plane), grid=plane.placed(ready.sequence.grid))  # type: ignore[arg-type]


def moments(ready: Prepared) -> np.ndarray:
    """When in the beat (s after the R wave) each readout is taken."""
    assert ready.triggers is not None
    times = np.array([r.start for r in ready.timeline.readouts])
    last = np.searchsorted(ready.triggers, times, side="right") - 1
    return times - ready.triggers[np.clip(last, 0, None)]


def one_phase(ready: Prepared, phase: int, threads: int | None) -> tuple[list[Any], Any, int]:
    """What is heard in the readouts of one phase (None in the others'), the patient as it stood, the number of spins."""
    from proband.mr.spins import State, play

    timeline = ready.timeline
    own = np.array([r.labels.get("PHS", 0) for r in timeline.readouts]) == phase
    when = moments(ready)[own]
    spins, receive, patient = spins_of(ready, float(np.median(when)))
    starts = np.array([p.start for p in timeline.pulses])
    readouts = np.array([r.start for r in timeline.readouts])
    TR = float(ready.info["TR"])
    flip = np.deg2rad(float(ready.info["flip"])) * np.abs(spins.transmit[0])
    E1 = np.exp(-TR / spins.T1)
    steady = (1 - E1) / (1 - E1 * np.cos(flip))  # of the longitudinal magnetisation before a pulse (Ernst)
    n = len(spins.density)
    state = State(0.0, np.stack([np.zeros(n), np.zeros(n), steady]), np.zeros((3, n)))
    heard: list[Any] = [None] * len(timeline.readouts)
    index = np.flatnonzero(own)
    beats = np.split(index, np.flatnonzero(np.diff(index) > 1) + 1)
    assert timeline.blocks is not None
    for b, lines in enumerate(beats):
        first = int(np.searchsorted(starts, readouts[lines[0]]) - 1)
        lead = max(0, first - APPROACH) if b == 0 else first
        begin = float(timeline.blocks[np.searchsorted(timeline.blocks, starts[lead] + 1e-9) - 1])
        last = timeline.readouts[lines[-1]]
        after = int(np.searchsorted(starts, last.start))
        end = (
            float(timeline.blocks[np.searchsorted(timeline.blocks, starts[after] + 1e-9) - 1])
            if after < len(starts)
            else timeline.duration
        )
        # A trigger's pause may lie before the next pulse: end with the repetition.
        rep = float(timeline.blocks[np.searchsorted(timeline.blocks, starts[after - 1] + 1e-9) - 1]) + TR
        end = min(end, float(timeline.blocks[np.argmin(np.abs(timeline.blocks - rep))]))
        signals, state = play(
            timeline,
            spins,
            receive,
            state=replace(state, time=begin),
            stop=end,
            precision=ready.protocol.precision,
            threads=threads,
        )
        inside = [i for i, r in enumerate(timeline.readouts) if begin <= r.start < end]
        for i, s in zip(inside, signals, strict=True):
            if own[i]:
                heard[i] = np.asarray(s, np.complex64)
    return heard, patient, n


def finished(ready, sets, slices, patient, spins, steps, taken, seconds) -> Finished:
    """The stack as one image with frames, and what a reader finds in it."""
    from proband.mr.images.image import Image
    from proband.mr.space import Grid

    images, again, raws = [], [], []
    for n, (here, signal) in enumerate(zip(sets, slices)):
        one = replace(here, protocol=replace(here.protocol, name=f"{here.protocol.name}-{n}"))
        silent = signal[:, :-1]
        raw = raw_of(one, noisy(one, silent, 0) if ready.protocol.noise else silent, noise_of(one))
        raws.append(raw)
        images.append(reconstructed(one, raw))
        again.append(
            reconstructed(one, raw_of(one, noisy(one, silent, 1), raw.noise)) if ready.protocol.noise else None
        )
    first = sets[0].grid
    grid = Grid((first.shape[0], first.shape[1], len(sets)), first.affine)
    stack = lambda parts: np.concatenate([p.data[:, :, :1] for p in parts], axis=2)  # noqa: E731
    image = replace(images[0], data=stack(images), grid=grid, name=ready.protocol.name)
    other = replace(image, data=stack(again)) if ready.protocol.noise else None
    whole = replace(ready, grid=grid)
    raw = replace(
        raws[0], grid=grid, signal=np.concatenate([r.signal for r in raws]), trajectory=np.concatenate([r.trajectory for r in raws]),
        times=np.concatenate([r.times for r in raws]),
        labels={k: np.concatenate([r.labels[k] for r in raws]) for k in raws[0].labels} | {"SLC": np.repeat(np.arange(len(raws)), [len(r.signal) for r in raws])},
    )  # fmt: skip
    patient = patient if patient is not None else ready.subject.on(grid, ready.scene.scanner.field, 0.0)
    made = Finished(
        whole,
        raw,
        np.concatenate([s[:, :-1] for s in slices]),
        np.concatenate([s[:, -1] for s in slices]),
        image,
        other,
        patient,
        {},
        spins,
        steps,
        taken,
        seconds,
    )
    del Image
    return replace(made, cine=read(made))


def read(done: Finished) -> Cine:
    """The ventricle's volume in every phase as a reader contours it, and the ejection fraction.

    Blood is what is nearer to the blood's brightness than to the muscle's, partial voxels by their share, connected to the
    ventricle's axis, below the valve's plane, which a reader takes from the long axis (here from the phantom)."""
    from scipy.ndimage import binary_dilation, label

    ready = done.ready
    beat = ready.subject.beat
    data = np.abs(np.asarray(done.image.data))
    grid = done.image.grid
    volume = float(np.prod(grid.voxel)) * 1e6  # mL
    labels = np.array([r.labels.get("PHS", 0) for r in ready.timeline.readouts])
    whens = moments(ready)
    times = [float(np.median(whens[labels == phase])) for phase in range(data.shape[3])]
    found = []
    for phase, when in enumerate(times):
        now = ready.subject.on(coarse_of(grid), ready.scene.scanner.field, when)
        turn, apex, base = (np.asarray(now.truth[k], float) for k in ("axes", "apex", "base"))
        height = (grid.points() - apex) @ turn[:, 2]
        off = (grid.points() - apex) - height[..., None] * turn[:, 2]
        aside = np.linalg.norm(off, axis=-1)
        long_axis = float((base - apex) @ turn[:, 2])
        # The slice that the valve cuts counts by its share.
        step = float(grid.voxel[2])
        share = np.clip((long_axis - height) / step + 0.5, 0, 1)
        frame = data[..., phase]
        core = (aside < 0.006) & (height > 0.4 * long_axis) & (height < 0.8 * long_axis)
        bright = float(np.median(frame[core]))
        near = (aside < 0.05) & (share > 0) & (height > 0)
        dark = float(np.percentile(frame[near & (aside > 0.02)], 20))
        part = np.clip((frame - dark) / (bright - dark), 0, 1) if bright > dark else np.zeros(frame.shape)
        pieces = np.asarray(label((part > 0.5) & near)[0])  # pyright: ignore[reportIndexIssue]
        inside = [p for p in np.unique(pieces[core]) if p]
        cavity = np.isin(pieces, inside)
        rim = binary_dilation(cavity, structure=np.ones((3, 3, 1), bool)) & near
        found.append(
            float(
                (np.where(cavity, np.maximum(part, 0), np.where(rim, np.where(part < 0.5, part, 0), 0)) * share).sum()
                * volume
            )
        )
    largest, least = max(found), min(found)
    false = 0.0
    if ready.triggers is not None:
        from proband.mr.sequence.gating import triggers

        heard = triggers(ready.triggers, ready.scene.scanner.field, ready.protocol.seed)
        false = 100.0 * max(0, len(heard) - len(ready.triggers)) / max(1, len(ready.triggers))
    return Cine(
        100 * (1 - least / largest),
        beat.ejection_fraction,
        largest,
        float(beat.LV.max()),
        least,
        float(beat.LV.min()),
        false,
        tuple(found),
        tuple(times),
    )


def coarse_of(grid: Any) -> Any:
    """A grid of one voxel: only the patient's own marks are asked for."""
    from proband.mr.space import Grid

    return Grid((1, 1, 1), grid.affine)
