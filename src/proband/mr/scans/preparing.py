"""Before a scan: the patient's fields, the shim, the sequence within the scanner's limits, and what safety says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.phantom.spins import Isochromats
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scanner.fields import Fields, fields
from proband.mr.scanner.scanner import GAMMA, Scanner
from proband.mr.scanner.sheet import scanner
from proband.mr.scanner.shimming import Shim, quadrature, static
from proband.mr.scans.protocol import SHIMS, Protocol
from proband.mr.scans.subject import Subject
from proband.mr.scans.turning import Plane, turned
from proband.mr.sequence import Limits, MRSequence, build, check_hardware, read
from proband.mr.sequence.timeline import Timeline
from proband.mr.space import Grid

# Echoes of these refocus what T2' dephases: it stays out of T2.
REFOCUSED = ("spin_echo", "turbo_spin_echo")
# Their adiabatic and composite pulses lose what T2 loses, and not what T2' would: a static offset only shifts the moment at
# which a sweep meets it. Echoes come so soon (1.6 ms) that T2' would take 3 % of the brightness, and nothing of a map.
PREPARED = ("molli", "sasha", "t2prep")
LEAST_SPINS = 1e-3  # of a voxel's protons: less is left out
TOGETHER = 2_000_000  # spins that are played together: with the sensitivity of 24 coils at each, some 2 GB


@dataclass(frozen=True, eq=False)
class Scene:
    """A subject in a scanner, on the coarse grid: its fields."""

    scanner: Scanner
    body: VoxelPatient
    fields: Fields


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scan that may be played. `grid` is the image's, `plane` where it lies, `timeline` what is played (its pulses have
    one channel, unless they play every channel by itself), `transmit` the shim's weights on that one channel."""

    protocol: Protocol
    subject: Subject
    scene: Scene
    sequence: MRSequence
    timeline: Timeline
    grid: Grid
    plane: Plane
    shim: Shim
    record: Any  # safety
    triggers: np.ndarray | None
    design: Any = None  # kT-points or spokes
    unwaited: Timeline | None = None  # `timeline` as if every trigger came at once, which is what a file can say

    @property
    def info(self) -> Mapping[str, Any]:
        return self.sequence.info

    @cached_property
    def shimmed(self) -> Fields:
        """The fields of one static shim: its channels are one channel of their sum."""
        fields_ = self.scene.fields
        return replace(fields_, transmit=np.tensordot(self.shim.weights, fields_.transmit, 1)[None])

    @property
    def channels(self) -> int:
        return max((len(np.atleast_2d(p.wave)) for p in self.timeline.pulses), default=1)


@lru_cache(maxsize=6)
def scene(subject: Subject, name: str, array: str) -> Scene:
    """Solved once for all scans of a trial that share it."""
    machine = scanner(name)
    body = subject.body(machine.field)
    return Scene(machine, body, fields(machine, body, array))


def prepare(subject: Subject, protocol: Protocol) -> Prepared:
    """Raises ModelError, one sentence, for what cannot be scanned; SafetyRefusal for what may not."""
    if protocol.shim not in SHIMS:
        raise ModelError(
            f"there is no shim {protocol.shim!r}{did_you_mean(protocol.shim, SHIMS)}; there are {', '.join(SHIMS)}."
        )
    if protocol.receiver not in ("real", "ideal"):
        raise ModelError(f"the receiver is real or ideal, not {protocol.receiver!r}.")
    here = scene(subject, protocol.scanner, protocol.array)
    limits = Limits.of(here.scanner)
    options = dict(protocol.options)
    if subject.beating and protocol.sequence == "cine":
        options.setdefault("RR", float(subject.beat.period))
    if protocol.file:
        sequence = _own(protocol, limits)
    else:
        sequence = build(protocol.sequence, replace(limits, max_slew=protocol.slew * limits.max_slew), **options)
        sequence.check()
    assert sequence.grid is not None  # the library and `_own` say it
    plane = _plane(protocol, here, sequence)
    grid = plane.placed(sequence.grid)
    region = adjusted(here, grid, protocol)
    here = _evened(here, protocol)
    shim = static(here.fields, region, protocol.heat) if protocol.shim == "static" else quadrature(here.fields, region)
    unwaited, design = turned(sequence.timeline, plane), None
    if protocol.shim == "kt-points":
        from proband.mr.scans.kt_points import with_kt_points

        unwaited, design = with_kt_points(sequence, here.fields, region, shim, here.scanner, plane)
    elif protocol.shim == "spokes":
        from proband.mr.scans.spokes import with_spokes

        coils = here.scanner.gradients
        gentle = replace(here.scanner, gradients=replace(coils, slew=protocol.slew * coils.slew))
        unwaited, design = with_spokes(sequence, here.fields, region, shim, gentle, plane)
    if unwaited is not sequence.timeline:
        check_hardware(unwaited, limits)  # an axis plays parts of all three by now, or the blips of a design
    timeline, triggers = unwaited, None
    if sequence.info.get("gated"):
        timeline, triggers = _gated(subject, protocol, unwaited, here.scanner.field)
    from proband.mr.safety.supervision import SafetyRefusal, check

    try:
        record = check(timeline, here.scanner, here.fields, protocol.mode, shim, protocol.part)
    except SafetyRefusal as refused:
        worst = refused.record.worst
        if protocol.file or worst is None or not worst.name.startswith("nerve stimulation"):
            raise
        hint = f"{str(refused).rstrip('.')}; a lower `slew` than {protocol.slew * 100:g} % asks less of the nerves."
        raise SafetyRefusal(hint, refused.record) from None
    return Prepared(protocol, subject, here, sequence, timeline, grid, plane, shim, record, triggers, design, unwaited)


def _own(protocol: Protocol, limits: Limits) -> MRSequence:
    """A user's file. What it does not say of its image is read from its k-space; the scan's `fov` and `matrix` go before."""
    from proband.mr.sequence.foreign_image import centre_of, image_of

    sequence = read(protocol.file, limits)
    if not sequence.timeline.readouts:
        raise ModelError(f"{sequence.name} has no readout, so it makes no image.")
    sequence.check()
    sequence = _straight(sequence)
    if sequence.grid is not None and not protocol.options:
        if "image_centre" in sequence.info:  # of the world, and the file is straight by now
            turn = sequence.info.get("turn", np.eye(3))
            return _playing(sequence, sequence.timeline, {"image_centre": turn.T @ sequence.info["image_centre"]})
        return _playing(sequence, sequence.timeline, {"centre": centre_of(sequence)})
    made, timeline = image_of(sequence, **protocol.options), sequence.timeline
    if made.slices is not None:
        readouts = zip(timeline.readouts, made.slices, strict=True)
        timeline = replace(timeline, readouts=tuple(replace(r, labels={**r.labels, "SLC": n}) for r, n in readouts))
    return _playing(sequence, timeline, made.info | {"image_centre": (0.0, 0.0, 0.0)})


def _straight(sequence: MRSequence) -> MRSequence:
    """A file that turns its gradients itself, turned back: `info["turn"]` says how its image lies."""
    from proband.mr.sequence.foreign_image import imaging
    from proband.mr.sequence.slant import slant

    some, k = imaging(sequence)
    turn = slant(k) if len(some) > 1 else None
    if turn is None:
        return sequence
    return _playing(sequence, turned(sequence.timeline, Plane(turn.T, np.zeros(3))), {"turn": turn})


def _playing(sequence: MRSequence, timeline: Timeline, info: Mapping[str, object]) -> MRSequence:
    """The sequence with a timeline that its file does not hold: nothing of the file is written anew."""
    changed = replace(sequence, info={**sequence.info, **info})
    changed.__dict__["timeline"] = timeline
    return changed


def _plane(protocol: Protocol, here: Scene, sequence: MRSequence) -> Plane:
    normal = np.eye(3)[tuple(sequence.info.get("axes", (0, 1, 2)))[2]]
    if protocol.plane == "sequence":
        turn = rotation(protocol.turn) @ sequence.info.get("turn", np.eye(3))
        return Plane(turn, turn @ normal * protocol.offset)
    if protocol.plane != "short_axis":
        raise ModelError(
            f"there is no plane {protocol.plane!r}; there are sequence (as the sequence has it) and short_axis."
        )
    if any(protocol.turn):
        raise ModelError("the short axis is already turned; leave turn out, or take the plane of the sequence.")
    truth = here.body.truth
    if "axes" not in truth:
        raise ModelError(f"{here.body.name} has no heart, so it has no short axis; use the phantom beating_heart.")
    axes, apex, base = (np.asarray(truth[k], float) for k in ("axes", "apex", "base"))
    return Plane(axes, (apex + base) / 2 + axes @ normal * protocol.offset)


def rotation(angles: Sequence[float]) -> np.ndarray:
    """Turns (rad) about the world's x, y and z, one after the other: (3, 3)."""
    made = np.eye(3)
    for axis, angle in enumerate(angles):
        one, (i, j) = np.eye(3), ((1, 2), (2, 0), (0, 1))[axis]
        one[i, i] = one[j, j] = np.cos(angle)
        one[j, i], one[i, j] = np.sin(angle), -np.sin(angle)
        made = one @ made
    return made


def _within(here: Scene, grid: Grid) -> np.ndarray:
    """Tissue of the coarse body inside the image (at least 1.5 coarse voxels thick): where the shim is made."""
    tissue = (here.body.density + here.body.fat) > 0.05
    inverse = np.linalg.inv(grid.affine)
    index = here.body.grid.points() @ inverse[:3, :3].T + inverse[:3, 3]
    pad = np.maximum(0.0, 0.75 * max(here.body.grid.voxel) / np.array(grid.voxel) - np.array(grid.shape) / 2)
    inside = ((index >= -0.5 - pad) & (index <= np.array(grid.shape) - 0.5 + pad)).all(-1) & tissue
    if not inside.any():
        raise ModelError(
            f"the image of {' × '.join(f'{n * v * 1e3:.0f}' for n, v in zip(grid.shape, grid.voxel))} mm holds nothing of {here.body.name}; "
            "move the table or the slices to the patient."
        )
    return inside


def adjusted(here: Scene, grid: Grid, protocol: Protocol) -> np.ndarray:
    """Where the flip angle is calibrated and a shim of the channels is made: the image's tissue, or only those tissues that are named.

    Raises ModelError for a tissue that the patient has not, or that the image does not meet."""
    inside = _within(here, grid)
    if not protocol.adjust:
        return inside
    inside = inside & _named(here.body, protocol.adjust)
    if not inside.any():
        raise ModelError(
            f"the image meets no {', '.join(protocol.adjust)} of {here.body.name}, to which the transmitter is to be adjusted; move the table or the slices."
        )
    return inside


def _named(body: VoxelPatient, names: Sequence[str]) -> np.ndarray:
    """Voxels of these tissues or groups of them. Raises ModelError for one that the patient has not."""
    from proband.mr.scans.regions import GROUPS

    wanted: list[int] = []
    for name in names:
        parts = [t for t in GROUPS.get(name, (name,)) if t in body.tissues]
        if not parts or body.labels is None:
            known = [t for t in body.tissues if t != "air"]
            raise ModelError(
                f"the transmitter cannot be adjusted to {name!r}{did_you_mean(name, known)}; {body.name} has {', '.join(known) or 'no labels'}."
            )
        wanted += [body.tissues.index(t) for t in parts]
    assert body.labels is not None  # some tissue was found by name
    return np.isin(body.labels, wanted)


HEARD = 0.3  # of water's signal: what is fainter, as the lung, has no part in a shim of the static field (assumed)


def _evened(here: Scene, protocol: Protocol) -> Scene:
    """The static field shimmed to a box around the tissues that are named, as a scanner's adjustment volume is."""
    if not protocol.adjust:
        return here
    from proband.mr.scanner.magnet import field_map

    body = here.body
    named = _named(body, protocol.adjust)
    index = np.argwhere(named)
    box = np.zeros(named.shape, bool)
    box[tuple(slice(low, high + 1) for low, high in zip(index.min(0), index.max(0)))] = True
    field, amounts = field_map(here.scanner, body, (box & (body.density + body.fat > HEARD)) | named)
    return replace(here, fields=replace(here.fields, off_resonance=field, shim=amounts))


def _gated(subject: Subject, protocol: Protocol, timeline: Timeline, B0: float) -> tuple[Timeline, np.ndarray]:
    from proband.mr.sequence.gating import gated, r_waves, triggers

    RR = float(subject.beat.period) if subject.beating else float(protocol.options.get("RR", 0.9))
    beats = len(timeline.triggers)
    times = r_waves(RR, timeline.duration + (2 * beats + 4) * RR, protocol.seed)
    return gated(timeline, triggers(times, B0, protocol.seed)), times


def spins_of(
    ready: Prepared, patient: VoxelPatient | None = None, only: np.ndarray | None = None
) -> tuple[Isochromats, np.ndarray, VoxelPatient]:
    """Spins, the sensitivity of every receive coil at each (coils + 1, n), and the fine patient they were made of.

    The last row is an ideal receiver that hears all tissue alike, without noise: what truth is made of. `patient` stands in
    for the subject (on `spin_grid`), of which `only` keeps some voxels."""
    from proband.mr.phantom.isochromats import _between, isochromats

    protocol, here = ready.protocol, ready.scene
    grid = spin_grid(ready)
    patient = ready.subject.on(grid, here.scanner.field) if patient is None else patient
    region = _region(ready, patient, grid)
    if only is not None:
        region = only if region is None else region & only
    counts = _per_voxel(ready, patient.grid)
    fields_ = here.fields
    if ready.channels == 1:
        fields_ = ready.shimmed
    spins = isochromats(
        patient,
        fields_,
        per_voxel=counts,
        region=region,
        t2_prime=_dephasing(ready),
        nominal=ready.shim.reference,
        least=LEAST_SPINS,
    )
    if ready.sequence.name != "diffusion_epi":
        # Imaging gradients weaken the signal by less than a percent; only diffusion-weighted sequences are for it.
        spins = replace(spins, diffusion=None)
    if protocol.gradients == "real":
        from proband.mr.scanner.gradients import displaced, weakened

        place, coils = spins.position.astype(float), here.scanner.gradients
        if spins.diffusion is not None:
            spins = replace(spins, diffusion=weakened(spins.diffusion.astype(float), place, coils))
        spins = replace(spins, position=displaced(place, coils).astype(np.float32))
    elif protocol.gradients != "ideal":
        raise ModelError(f"gradients are ideal or real, not {protocol.gradients!r}.")
    voxels, which = np.unique(spins.voxel, return_inverse=True)
    index = np.stack(np.unravel_index(voxels, patient.grid.shape), -1)
    world = index @ patient.grid.affine[:3, :3].T + patient.grid.affine[:3, 3]
    inverse = np.linalg.inv(fields_.grid.affine)
    place = world @ inverse[:3, :3].T + inverse[:3, 3]
    volume = float(np.prod(patient.grid.voxel))
    heard = np.stack([_between(coil, place) for coil in fields_.receive] + [np.ones(len(voxels))]).astype(np.complex64)
    heard = (heard * volume).astype(np.complex64)
    return spins, heard[:, which], patient


def _region(ready: Prepared, patient: VoxelPatient, grid: Grid) -> np.ndarray | None:
    """Voxels of the fine patient that are played to; None: all."""
    if ready.plane.is_straight and ready.subject.synthetic:
        return None
    region = _slab(patient, ready.scene.fields.grid)
    return region if ready.subject.synthetic else region & _slab(patient, grid)


def portions(ready: Prepared) -> tuple[VoxelPatient, list[np.ndarray | None]]:
    """The fine patient, and its voxels in portions of at most `TOGETHER` spins (None: all at once). Signals of spins add up,
    so that a large scan needs no more memory than a small one."""
    from proband.mr.phantom.isochromats import FAT_PEAKS

    grid = spin_grid(ready)
    patient = ready.subject.on(grid, ready.scene.scanner.field)
    pools = (patient.density > LEAST_SPINS) + len(FAT_PEAKS) * (patient.fat > LEAST_SPINS).astype(int)
    region = _region(ready, patient, grid)
    spins = np.where(True if region is None else region, pools, 0) * int(np.prod(_per_voxel(ready, patient.grid)))
    count = int(np.ceil(spins.sum() / TOGETHER))
    if count <= 1:
        return patient, [None]
    which = (np.cumsum(spins).reshape(spins.shape) - spins) * count // int(spins.sum())
    return patient, [(which == n) & (spins > 0) for n in range(count)]


def spin_grid(ready: Prepared) -> Grid:
    """The fine grid: the image's voxels cut into `anatomy`, over the whole patient in the plane and a margin beside the slices."""
    protocol, grid = ready.protocol, ready.grid
    axes = tuple(ready.info.get("axes", (0, 1, 2)))
    parts = np.ones(3, int)
    for axis, k in zip(axes, protocol.anatomy):
        parts[axis] = k
    edge = np.array(grid.voxel) / parts
    directions = grid.affine[:3, :3] / grid.voxel
    middle = grid.affine[:3, :3] @ ((np.array(grid.shape) - 1) / 2) + grid.affine[:3, 3]
    box = ready.subject.extent(ready.scene.scanner.field)
    corners = np.array(np.meshgrid(*box.T)).reshape(3, -1).T
    reach = (corners - middle) @ directions
    low, high = reach.min(0), reach.max(0)
    thin = axes[2]
    flat = ready.info["matrix"][2] == 1 or not _three_d(ready)
    slices = grid.shape[thin] * grid.voxel[thin] / 2
    beyond = protocol.margin * grid.voxel[thin] * (1.0 if flat else 0.15 * grid.shape[thin])
    low[thin], high[thin] = max(low[thin], -slices - beyond), min(high[thin], slices + beyond)
    # Whole voxels that keep step with the image's.
    first = np.floor((low + np.array(grid.shape) * grid.voxel / 2) / edge).astype(int)
    last = np.ceil((high + np.array(grid.shape) * grid.voxel / 2) / edge).astype(int)
    shape = np.maximum(1, last - first)
    affine = np.eye(4)
    affine[:3, :3] = directions * edge
    corner = middle - directions @ (np.array(grid.shape) * grid.voxel / 2)
    affine[:3, 3] = corner + directions @ ((first + 0.5) * edge)
    return Grid((int(shape[0]), int(shape[1]), int(shape[2])), affine)


def _three_d(ready: Prepared) -> bool:
    return any("PAR" in r.labels for r in ready.timeline.readouts[:64])


def _slab(patient: VoxelPatient, grid: Grid) -> np.ndarray:
    """Which voxels of a patient with a grid of its own lie in the box that is simulated."""
    inverse = np.linalg.inv(grid.affine)
    index = patient.grid.points() @ inverse[:3, :3].T + inverse[:3, 3]
    return np.asarray(((index >= -0.5) & (index <= np.array(grid.shape) - 0.5)).all(-1))


def _per_voxel(ready: Prepared, grid: Grid) -> tuple[int, int, int]:
    """Spins along the axes of the patient's own grid, so that an image's voxel holds at least `points`."""
    axes = tuple(ready.info.get("axes", (0, 1, 2)))
    asked = np.ones(3)
    for axis, n in zip(axes, ready.protocol.points):
        asked[axis] = n
    spacing = np.array(ready.grid.voxel) / asked  # along the image's axes
    directions = ready.grid.affine[:3, :3] / ready.grid.voxel
    along = np.abs(directions.T @ (grid.affine[:3, :3] / grid.voxel))
    match = along.argmax(0)  # the image's axis next to each of the grid's
    counts = [max(1, int(np.ceil(grid.voxel[a] / spacing[match[a]] - 1e-6))) for a in range(3)]
    return counts[0], counts[1], counts[2]


def _dephasing(ready: Prepared) -> Literal["none", "rate", "lorentzian"]:
    asked = ready.protocol.t2_prime
    if asked != "by sequence":
        if asked not in ("none", "rate", "lorentzian"):
            raise ModelError(f"t2_prime is rate, lorentzian, none or by sequence, not {asked!r}.")
        return asked
    return (
        "none" if ready.sequence.name in (*REFOCUSED, *PREPARED) or ready.info.get("contrast") == "balanced" else "rate"
    )


def peak_B1(ready: Prepared) -> float:
    """Highest nominal B1+ of the sequence, T."""
    return max((float(np.abs(p.wave).max(initial=0.0)) for p in ready.timeline.pulses), default=0.0) / GAMMA
