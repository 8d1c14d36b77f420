"""A cine of a beating heart: for every phase the patient as it stands then, in the steady state that the scan keeps up.

A scan pulses on through the whole beat, so that all phases are in one steady state. What stands still sounds alike in every
phase: it is played once, on all lines. What moves is played for every phase, as the heart stands when its triggers let the
phase's lines be taken (late and false triggers blur it). Blood that comes into the slice is fresh: it is bright where it is exchanged fast (`residence`). What is left out:
movement while a phase's lines of one beat are played, and jets (blood is mixed within a slice)."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scans.chain import (
    EDITION,
    Finished,
    Tell,
    imaging,
    noise_of,
    noisy,
    raw_of,
    received,
    reconstructed,
)
from proband.mr.scans.preparing import LEAST_SPINS, Prepared, spin_grid, spins_of
from proband.mr.scans.shading import evened
from proband.mr.scans.turning import Plane, turned
from proband.mr.sequence import MRSequence
from proband.mr.sequence.timeline import Timeline
from proband.mr.space import Grid

# Repetitions before the first line: spoiled, from the steady state of theory; balanced, from rest, some T1 T2 / (T1 + T2).
APPROACH = {"spoiled": 24, "balanced": 160}
ALIKE = 0.02  # s: beats whose triggers let a phase be taken this close together share one heart
CHAMBERS = ("left_ventricle", "right_ventricle", "left_atrium", "right_atrium")


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
    if not ready.info.get("gated"):
        raise ModelError("a cine of the beating heart is prospectively gated; set gating: prospective.")
    if ready.protocol.plane != "short_axis":
        raise ModelError("a cine of the beating heart lies in its short axis; set plane: short_axis.")
    places, sequence = slices_of(ready), plain(ready)
    sets = [moved(ready, place) for place in places]
    names = [
        f"{ready.protocol.name}-{hashlib.sha256(f'{EDITION} {key} {ready.protocol} {n}'.encode()).hexdigest()[:16]}"
        for n in range(len(places))
    ]
    kept = [keeper.recall(name) for name in names]
    taken = sum(k is not None for k in kept)
    with Slices(sequence, threads) as playing:
        todo = {n: playing.start(here) for n, here in enumerate(sets) if kept[n] is None}
        for done, (n, future) in enumerate(todo.items()):
            for share in playing.shares(future):
                tell(
                    (taken + done + share) / len(places) * 0.9, f"{ready.protocol.name}: slice {n + 1} of {len(places)}"
                )
            heard, size, played = future.result()
            signal = np.stack([heard[i] for i in imaging(sets[n])]).astype(np.complex64)
            kept[n] = {"signal": signal, "spins": np.array(size), "steps": np.array(played)}
            keeper.remember(names[n], kept[n])
    slices = [k["signal"] for k in kept]
    spins, steps = sum(int(k["spins"]) for k in kept), sum(float(k["steps"]) for k in kept)
    tell(0.9, f"{ready.protocol.name}: images")
    patient = ready.subject.on(spin_grid(sets[len(sets) // 2]), ready.scene.scanner.field, 0.0)
    return finished(ready, sets, slices, patient, spins, steps, taken, time.perf_counter() - begin)


class Slices:
    """Plays slices two at a time: while one is laid out in Python, the other's spins have the processor. Leaving it early (Ctrl-C)
    stops both between two phases of the heart."""

    def __init__(self, sequence: MRSequence, threads: int | None):
        self.sequence, self.threads, self.halt = sequence, threads, threading.Event()
        self.pool, self.heard = ThreadPoolExecutor(2), {}

    def __enter__(self) -> Slices:
        return self

    def __exit__(self, *error: object) -> None:
        self.halt.set()
        self.pool.shutdown(cancel_futures=True)

    def start(self, ready: Prepared) -> Future:
        """What `one_slice` gives, later."""
        share = [0.0]

        def say(done: float) -> None:
            share[0] = done
            if self.halt.is_set():
                raise ModelError("the scan was stopped.")

        future = self.pool.submit(lambda: one_slice(ready, self.sequence, say, self.threads))
        self.heard[future] = share
        return future

    def shares(self, future: Future) -> Iterator[float]:
        """How much of a slice is done, told now and then until it is."""
        while not wait([future], timeout=0.2).done:
            yield self.heard[future][0]


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


@dataclass(frozen=True)
class Shot:
    """Lines of one phase taken in one beat: their readouts' numbers, and when in the beat (s after the R wave)."""

    phase: int
    readouts: tuple[int, ...]
    moment: float


def shots_of(ready: Prepared) -> list[Shot]:
    """In the order in which they are played."""
    phases = np.array([r.labels.get("PHS", 0) for r in ready.timeline.readouts])
    beats = np.array([r.labels.get("SEG", 0) for r in ready.timeline.readouts])
    when = moments(ready)
    cuts = np.flatnonzero((np.diff(phases) != 0) | (np.diff(beats) != 0)) + 1
    parts = np.split(np.arange(len(phases)), cuts)
    return [Shot(int(phases[p[0]]), tuple(int(i) for i in p), float(np.median(when[p]))) for p in parts]


def alike(shots: Sequence[Shot]) -> list[tuple[float, list[Shot]]]:
    """Shots of each phase put together where their moments are closer than `ALIKE`: (the moment, the shots)."""
    groups: list[tuple[float, list[Shot]]] = []
    for phase in sorted({s.phase for s in shots}):
        own = sorted((s for s in shots if s.phase == phase), key=lambda s: s.moment)
        while own:
            near = [s for s in own if s.moment < own[0].moment + ALIKE]
            groups.append((float(np.mean([s.moment for s in near])), near))
            own = own[len(near) :]
    return groups


def one_slice(ready: Prepared, sequence: MRSequence, say: Any, threads: int | None) -> tuple[list[Any], int, float]:
    """What is heard in all readouts of a slice, the number of spins, the spin-steps. `sequence` is `plain`'s."""
    grid, field = spin_grid(ready), ready.scene.scanner.field
    groups = alike(shots_of(ready))
    first = ready.subject.on(grid, field, groups[0][0])
    box, small = around_heart(first)
    hearts = [ready.subject.on(small, field, moment) for moment, _ in groups]
    moving = np.zeros(small.shape, bool)
    for other in hearts[1:]:
        for name in ("labels", "density", "fat"):
            moving |= getattr(other, name) != getattr(hearts[0], name)
    still = np.ones(grid.shape, bool)
    still[box] = ~moving
    player = Player(ready, turned(sequence.timeline, ready.plane), threads)
    at_rest = player.lines(first, still)
    readouts = ready.timeline.readouts
    heard: list[Any] = [at_rest[int(r.labels["LIN"])] for r in readouts]
    for n, ((_, shots), heart) in enumerate(zip(groups, hearts)):
        say((n + 1) / (len(groups) + 1))
        if moving.any():
            moved_ = player.lines(heart, moving)
            for i in (i for shot in shots for i in shot.readouts):
                heard[i] = heard[i] + moved_[int(readouts[i].labels["LIN"])]
    return heard, player.spins, player.steps


PAD = 0.024  # m around the heart at its fullest, beyond which nothing moves (its sac reaches 14 mm beyond the wall)


def around_heart(patient: VoxelPatient) -> tuple[tuple[slice, ...], Grid]:
    """Which voxels (a slice of indices along each axis) can change in a beat, and their grid."""
    assert patient.labels is not None
    heart = [patient.tissues.index(t) for t in (*CHAMBERS, "myocardium", "thin_wall") if t in patient.tissues]
    inside = np.argwhere(np.isin(patient.labels, heart))
    if not len(inside):
        inside = np.array([np.array(patient.grid.shape) // 2])
    pad = np.ceil(PAD / np.array(patient.grid.voxel)).astype(int)
    low = np.maximum(inside.min(0) - pad, 0)
    high = np.minimum(inside.max(0) + pad + 1, patient.grid.shape)
    affine = patient.grid.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ low
    size = high - low
    return tuple(slice(int(a), int(b)) for a, b in zip(low, high)), Grid(
        (int(size[0]), int(size[1]), int(size[2])), affine
    )


class Player:
    """Plays one slice's lines, without waiting for the heart, to spins that are in its steady state; counts spins and steps."""

    def __init__(self, ready: Prepared, timeline: Timeline, threads: int | None):
        self.ready, self.timeline, self.threads = ready, timeline, threads
        self.spins, self.steps = 0, 0.0

    def lines(self, patient: VoxelPatient, only: np.ndarray) -> dict[int, np.ndarray]:
        """The signal (coils, samples) of every line."""
        readouts = self.timeline.readouts
        if not (only & ((patient.density + patient.fat) > LEAST_SPINS)).any():
            silence = np.zeros((len(self.ready.scene.fields.receive) + 1, readouts[0].samples), np.complex64)
            return {int(r.labels["LIN"]): silence for r in readouts}
        spins, receive, patient = spins_of(self.ready, patient, only)
        spins = replace(spins, T1=renewed(self.ready, patient, spins), T2=stirred(self.ready, patient, spins))
        signals, _ = self._play(spins, receive, self._steady(spins), self.timeline.duration)
        return {int(r.labels["LIN"]): s for r, s in zip(readouts, signals, strict=True)}

    def _steady(self, spins: Isochromats) -> Any:
        """The state before the first pulse: along the field, spoiled as theory has it (Ernst) with the flip angle that each
        spin has in the slice."""
        from proband.mr.spins import State

        n, rest = len(spins.density), np.asarray(spins.density, float)  # a spin's magnetisation at rest is its density
        z = np.stack([np.zeros(n), np.zeros(n), rest])
        if self.ready.info["contrast"] != "spoiled":
            return State(0.0, z / 2, np.zeros((3, n)))
        blocks, pulses = self.timeline.blocks, self.timeline.pulses
        assert blocks is not None
        end = float(blocks[np.searchsorted(blocks, pulses[1].start + 1e-9) - 1])
        begin = end - float(self.ready.info["TR"])
        none = np.zeros((1, n), np.complex64)
        _, after = self._play(spins, none, State(0.0, z, np.zeros((3, n))), end)
        E1 = np.exp(-(end - begin) / np.asarray(spins.T1, float))
        cosine = np.clip((after.magnetisation[2] / rest - (1 - E1)) / E1, -1, 1)
        return State(0.0, z * (1 - E1) / (1 - E1 * cosine), np.zeros((3, n)))

    def _play(self, spins: Isochromats, receive: np.ndarray, state: Any, end: float) -> tuple[list[Any], Any]:
        from proband.mr.spins import play

        n = len(spins.density)
        self.spins = max(self.spins, n)
        self.steps += float(n) * sum(r.samples + 2 for r in self.timeline.readouts if r.start < end)
        precision = self.ready.protocol.precision
        signals, state = play(
            self.timeline, spins, receive, state=state, stop=end, precision=precision, threads=self.threads
        )
        # All readouts of a cine have as many samples: they pass the receiver together.
        return list(np.moveaxis(received(self.ready, np.stack(signals, axis=1)), 1, 0)) if signals else [], state


def plain(ready: Prepared) -> MRSequence:
    """The same cine of one phase, with all lines, after `APPROACH` repetitions: what is played to the spins."""
    from proband.mr.sequence import Limits, build

    protocol = ready.protocol
    limits = Limits.of(ready.scene.scanner)
    TR = float(ready.info["TR"])
    options = dict(protocol.options) | {
        "phases": 1,
        "acceleration": 1.0,
        "pattern": "uniform",
        "preparation": 1,
        "TR": TR,
    }
    beat = max((APPROACH[str(ready.info["contrast"])] + 0.5) / 0.9, float(options.get("views", 8)) + 1) * TR
    return build("cine", replace(limits, max_slew=protocol.slew * limits.max_slew), **(options | {"RR": beat}))


def residence(ready: Prepared) -> float:
    """How long blood stays in a slice of the left ventricle, s: its mean volume there over what passes.

    Every beat the stroke volume passes all of the ventricle, on the mean half of it through a slice, in and out (assumed: alike
    in all slices and in all chambers; at an apex it is slower)."""
    beat = ready.subject.beat
    truth = ready.scene.body.truth
    length = float(np.linalg.norm(np.asarray(truth["base"], float) - np.asarray(truth["apex"], float)))
    share = float(ready.info["FOV"][2]) / length
    return float(beat.period * beat.LV.mean() * share / (beat.LV.max() - beat.LV.min()))


VESSEL = 0.15  # m/s, mean speed of blood in the aorta and the caval veins (assumed: 5 L/min through 5 cm²)


def renewed(ready: Prepared, patient: VoxelPatient, spins: Isochromats) -> np.ndarray:
    """T1 (n,) s of every spin, with fresh blood's coming in: mixed blood that stays τ recovers at the rate 1/T1 + 1/τ."""
    assert patient.labels is not None
    T1 = np.array(spins.T1, float)
    label = patient.labels.ravel()[spins.voxel]
    for names, stay in ((CHAMBERS, residence(ready)), (("blood",), float(ready.info["FOV"][2]) / VESSEL)):
        here = np.isin(label, [patient.tissues.index(t) for t in names if t in patient.tissues])
        T1[here] = 1 / (1 / T1[here] + 1 / stay)
    return T1.astype(np.asarray(spins.T1).dtype)


EDDIES = 0.05  # m/s, by which neighbouring blood differs in speed in a ventricle (assumed: a tenth of what flows in)


def stirred(ready: Prepared, patient: VoxelPatient, spins: Isochromats) -> np.ndarray:
    """T2 (n,) s of every spin; of blood that is spoiled, with what eddies do to it.

    Repetition after repetition a spoiler winds blood's phase by c turns/m more, and eddies of speed u unwind none of it: n repetitions
    later neighbours are n² c u TR / 2 turns apart. After half a turn nothing comes back."""
    T2 = np.array(spins.T2, float)
    if ready.info["contrast"] == "spoiled":
        assert patient.labels is not None
        TR, turns = float(ready.info["TR"]), float(np.linalg.norm(ready.info["spoiler"]))
        lasts = TR / np.sqrt(turns * EDDIES * TR)
        blood = [patient.tissues.index(t) for t in (*CHAMBERS, "blood") if t in patient.tissues]
        here = np.isin(patient.labels.ravel()[spins.voxel], blood)
        T2[here] = 1 / (1 / T2[here] + 1 / lasts)
    return T2.astype(np.asarray(spins.T2).dtype)


def _imaged(n: int, here: Prepared, signal: np.ndarray) -> tuple[Any, Any, Any]:
    """Slice n's image, the same with other noise (None where there is none), and its raw data."""
    one = replace(here, protocol=replace(here.protocol, name=f"{here.protocol.name}-{n}"))
    silent = signal[:, :-1]
    noise = one.protocol.noise
    raw = raw_of(one, noisy(one, silent, 0) if noise else silent, noise_of(one))
    again = reconstructed(one, raw_of(one, noisy(one, silent, 1), raw.noise)) if noise else None
    return reconstructed(one, raw), again, raw


def finished(ready, sets, slices, patient, spins, steps, taken, seconds) -> Finished:
    """The stack as one image with frames, and what a reader finds in it."""
    # Two slices at a time, as they are played: what one does in Python leaves threads to the other's transforms.
    with ThreadPoolExecutor(2) as pool:
        images, again, raws = zip(*pool.map(_imaged, range(len(sets)), sets, slices), strict=True)
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
    return replace(made, cine=read(made))


def read(done: Finished) -> Cine:
    """The ventricle's volume in every phase as a reader contours it, and the ejection fraction.

    Areas of `contours` below the valve's plane, which a reader takes from the long axis (here from the phantom). The array's
    shading is taken out by its prescan, as scanners do."""
    ready = done.ready
    beat = ready.subject.beat
    data = np.abs(evened(done.image, ready).data)
    grid = done.image.grid
    shots = shots_of(ready)
    times = [float(np.median([s.moment for s in shots if s.phase == phase])) for phase in range(data.shape[3])]
    found = []
    for phase, when in enumerate(times):
        now = ready.subject.on(coarse_of(grid), ready.scene.scanner.field, when)
        turn, apex, base = (np.asarray(now.truth[k], float) for k in ("axes", "apex", "base"))
        long_axis = float((base - apex) @ turn[:, 2])
        middles = grid.affine[:3, 3] + np.arange(grid.shape[2])[:, None] * grid.affine[:3, 2]
        height, step = (middles - apex) @ turn[:, 2], float(grid.voxel[2])
        # The slice that the valve cuts counts by its share, with the contour of the one below: its own runs into the atrium.
        share = np.clip((long_axis - height) / step + 0.5, 0, 1)
        areas = contours(data[..., phase], grid, apex, turn, long_axis)
        whole = np.flatnonzero((share == 1) & (height > 0))
        if len(whole):
            areas[height > height[whole].max()] = areas[whole[height[whole].argmax()]]
        found.append(float((areas * share).sum() * step * 1e6))
    largest, least = max(found), min(found)
    false = 0.0
    if ready.triggers is not None:
        from proband.mr.sequence.gating import triggers

        told = triggers(ready.triggers, ready.scene.scanner.field, ready.protocol.seed)
        false = 100.0 * max(0, len(told) - len(ready.triggers)) / max(1, len(ready.triggers))
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


NEAR_AXIS, REACH = 0.008, 0.055  # m: what is blood for sure, and how far from the axis a ventricle may reach (assumed)
RAYS, STEP = 48, 0.5e-3  # around the axis, and m along them
WALL = np.arange(4, 16)  # so many steps beyond the blood's edge lies the wall: 2 to 8 mm (assumed)


def contours(frame: np.ndarray, grid: Grid, apex: np.ndarray, turn: np.ndarray, long_axis: float) -> np.ndarray:
    """The ventricle's area in every slice (slices,), m², as a reader draws it: from the axis outwards to half-way between the
    blood's brightness and the wall's.

    `apex` m, `turn` (3, 3) the heart's axes as columns, `long_axis` m. A slice whose middle is no blood is beyond the apex."""
    from scipy.ndimage import map_coordinates, median_filter

    angle = 2 * np.pi * np.arange(RAYS) / RAYS
    reach = np.arange(0, REACH, STEP)
    ray = np.cos(angle)[:, None, None] * turn[:, 0] + np.sin(angle)[:, None, None] * turn[:, 1]
    inverse = np.linalg.inv(grid.affine)
    origin, normal = grid.affine[:3, 3], grid.affine[:3, 2]
    profiles, heights = [], []
    for k in range(frame.shape[2]):
        # Where the long axis meets the slice.
        height = float((origin + k * normal - apex) @ normal / (turn[:, 2] @ normal))
        points = apex + height * turn[:, 2] + ray * reach[None, :, None]
        place = points @ inverse[:3, :3].T + inverse[:3, 3]
        profiles.append(map_coordinates(frame, np.moveaxis(place, -1, 0), order=1, mode="nearest"))
        heights.append(height / long_axis)
    lines, up = np.array(profiles), np.array(heights)
    bright = np.median(lines[:, :, reach < NEAR_AXIS], axis=(1, 2))
    middle = (up > 0.35) & (up < 0.85)
    if not middle.any():
        raise ModelError(
            "no slice of the cine lies in the middle of the left ventricle; move the slices or make them thinner."
        )
    # What the wall is like is first looked for around the whole turn at once, where noise in the blood is no edge.
    blood, turns = float(np.median(bright[middle])), np.median(lines[middle], axis=1)
    edges = (turns < 0.8 * bright[middle, None]).argmax(1)
    beyond = np.minimum(edges[:, None] + WALL, len(reach) - 1)
    wall = float(np.median(np.take_along_axis(turns, beyond, 1).min(1)))
    areas = np.zeros(len(lines))
    for _ in range(4):
        beside = []
        for k, line in enumerate(lines):
            areas[k] = 0.0
            if bright[k] < (blood + wall) / 2 or not 0 < up[k] < 1.5:
                continue
            dark = line < (bright[k] + wall) / 2
            first = np.where(dark.any(1), dark.argmax(1), len(reach) - 1)
            # A reader's contour is smooth: a ray that runs out through a thin place or stops at a speck follows its neighbours.
            first = median_filter(first, 9, mode="wrap")
            areas[k] = float((reach[first] ** 2).mean() * np.pi)
            if up[k] < 0.9:
                beyond = np.minimum(first[:, None] + WALL, len(reach) - 1)
                beside.append(np.take_along_axis(line, beyond, 1).min(1))
        if not beside:
            break
        wall = float(np.median(np.concatenate(beside)))
    return areas


def coarse_of(grid: Any) -> Any:
    """A grid of one voxel: only the patient's own marks are asked for."""
    return Grid((1, 1, 1), grid.affine)
