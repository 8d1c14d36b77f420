"""The fields of a scanner inside a patient, on the patient's grid."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scanner.scanner import GAMMA, ReceiveArray, Scanner, VolumeCoil
from proband.mr.space import Grid

EDITION = "5"  # of the wave solution: another one computes what lies in the cache anew

BOLTZMANN = 1.380649e-23  # J/K
PLANCK_BAR = 1.054571817e-34  # J s
BODY_TEMPERATURE = 310.15  # K
ROOM_TEMPERATURE = 293.15  # K
PROTONS = 6.64e28  # per m³ of water at 37 °C: 993 kg/m³, two protons in each molecule of 18.015 g/mol
HEAD = 8.0  # kg; assumed: an adult's head weighs 4 to 6 kg, and a little neck comes with it
ADULT = 70.0  # kg; assumed where a phantom is only a part of a patient and does not tell the whole's mass


@dataclass(frozen=True, eq=False)
class Fields:
    """c transmit channels, r receive coils; maps (…, nx, ny, nz).

    Complex fields are phasors in the rotating frame. `transmit` is B1+ in T per √W of forward power into one channel;
    `receive` is the sensitivity by reciprocity, in V of a receive chain normalised to noise of 1 V²/Hz at body
    temperature before `noise_covariance` (r, r), dimensionless, correlates it: so SNR comes out of the physics.
    `absorbed_global` (c, c) and `absorbed_local` (points, c, c), Hermitian, W/kg per W: SAR = w^H Q w.

    In full: m³ of pure water, relaxed and turned by 90°, give `receive` (in √Hz); a voxel gives receive × density ×
    its volume × m_xy, and a complex sample of dwell time t has noise of variance noise_covariance/t (both parts together).
    Phasors turn with e^{+jωt}: B1+ = (Bx + jBy)/2 and a coil hears (Bx − jBy)/2 (Hoult 2000, Concepts Magn Reson 12:173), so the
    static field points along −z, and spins turn counter-clockwise in the x–y plane. `mr.spins` counts phases against the
    sense of precession, as the signal equation s = Σ ρ exp(−2πi k·r) does: what it hears is the conjugate of the voltage's
    phasor. `receive` is therefore told as the conjugate, and `noise_covariance` is that of conjugate voltages, ∫ σ E_i*·E_j.
    `absorbed_global` is over the whole patient's mass (`body_mass`), `absorbed_partial` over what lies in the grid
    (`exposed_mass`), `absorbed_head` over the head, where there is one."""

    grid: Grid
    B0: float
    off_resonance: np.ndarray  # (nx, ny, nz) Hz, of water: magnet, patient's susceptibility, shim
    transmit: np.ndarray  # (c, nx, ny, nz)
    receive: np.ndarray  # (r, nx, ny, nz)
    noise_covariance: np.ndarray  # (r, r)
    absorbed_global: np.ndarray  # (c, c)
    absorbed_local: np.ndarray  # (points, c, c), 10 g averages
    absorbed_head: np.ndarray | None = None  # (c, c)
    absorbed_partial: np.ndarray | None = None  # (c, c)
    exposed_mass: float = 0.0  # kg
    body_mass: float = ADULT  # kg
    local_points: np.ndarray | None = None  # (points, 3) world, m: the middles of the 10 g cubes
    shim: tuple[float, ...] = ()  # Hz of each harmonic of the shim, as `magnet` orders them

    @property
    def quadrature(self) -> np.ndarray:
        """Weights (c,) of the circularly polarised mode at the isocentre of an empty coil, of total power 1 W."""
        c = len(self.transmit)
        turn = np.pi / 2 if c == 2 else 2 * np.pi / c
        return np.exp(-1j * turn * np.arange(c)) / np.sqrt(c)


def fields(scanner: Scanner, patient: VoxelPatient, array: str = "head", cache: bool = True) -> Fields:
    """The fields of `scanner`'s transmit coil and of a receive array in a patient.

    Raises ModelError where the array is unknown, the patient was made for another field strength or does not fit."""
    from proband.mr.scanner.magnet import field_map

    if array not in scanner.arrays:
        raise ModelError(
            f"{scanner.name} has no receive array {array!r}{did_you_mean(array, scanner.arrays)}; "
            f"it has {', '.join(scanner.arrays)}."
        )
    if abs(patient.B0 - scanner.field) > 0.1:
        raise ModelError(
            f"{patient.name} was made for {patient.B0:g} T and {scanner.name} has {scanner.field:g} T; "
            "make the patient for the scanner's field."
        )
    coarse = (
        _cached(scanner, patient, scanner.arrays[array]) if cache else _solved(scanner, patient, scanner.arrays[array])
    )
    field, shim = field_map(scanner, patient)
    transmit, receive = (
        _on_grid(patient.grid, coarse["origin"], float(coarse["h"]), coarse[k]) for k in ("transmit", "receive")
    )
    masses = {k: float(coarse[k]) for k in ("exposed_mass", "body_mass")}
    exposed = coarse["absorbed"]  # W per W in the tissue of the grid
    head = coarse["absorbed_head"]
    return Fields(
        grid=patient.grid,
        B0=scanner.field,
        off_resonance=field,
        transmit=transmit,
        receive=receive.conj(),
        noise_covariance=coarse["noise"],
        absorbed_global=exposed / masses["body_mass"],
        absorbed_partial=exposed / masses["exposed_mass"],
        absorbed_local=coarse["local"],
        absorbed_head=head if head.size else None,
        local_points=coarse["points"],
        shim=shim,
        **masses,
    )


def _cached(scanner: Scanner, patient: VoxelPatient, array: ReceiveArray | VolumeCoil) -> dict[str, np.ndarray]:
    from proband.engine import cache

    words = hashlib.sha256()
    words.update(repr((EDITION, scanner.field, scanner.transmitter, array, scanner.magnet.bore)).encode())
    words.update(repr((patient.grid.shape, patient.truth.get("body_mass"))).encode())
    for a in (patient.grid.affine, patient.permittivity, patient.conductivity, patient.mass_density, _head(patient)):
        words.update(b"none" if a is None else np.ascontiguousarray(a).tobytes())
    file = cache.folder() / "fields" / f"{words.hexdigest()}.npz"
    try:
        with np.load(file) as kept:
            return {k: kept[k] for k in kept.files}
    except (OSError, ValueError, KeyError, EOFError):
        pass
    made = _solved(scanner, patient, array)
    out = io.BytesIO()
    np.savez(out, **made)  # pyright: ignore[reportArgumentType]
    cache.keep(file, out.getvalue())
    return made


def _head(patient: VoxelPatient) -> np.ndarray | None:
    """Which voxels are of the head, (nx, ny, nz): `truth["head"]`, or all tissue of a patient who has a brain and weighs no
    more than a head with its neck."""
    head = patient.truth.get("head")
    if head is not None:
        return np.asarray(head, bool)
    tissue = (patient.permittivity > 1) | (patient.conductivity > 0)
    mass = float(patient.mass_density[tissue].sum()) * float(np.prod(patient.grid.voxel))
    return tissue if "grey_matter" in patient.tissues and mass < HEAD else None


def _solved(scanner: Scanner, patient: VoxelPatient, array: ReceiveArray | VolumeCoil) -> dict[str, np.ndarray]:
    from proband.mr.scanner import absorption, conductors, wave
    from proband.mr.scanner.tissue_cells import cells

    frequency = scanner.larmor
    made = cells(patient, scanner)
    body = made.body
    tissue = made.mass > 0
    points = body.centres()
    where = points[tissue]
    length = scanner.transmitter.length if isinstance(array, VolumeCoil) else array.length
    reach = np.abs(where[:, 2]) < length / 2 + 0.02
    if not reach.any():
        raise ModelError(
            f"{patient.name} has no tissue within the {array.name} array; move the patient to the isocentre."
        )
    coils = [conductors.transmit(scanner.transmitter, frequency)]
    if not isinstance(array, VolumeCoil):
        section = where[reach]
        centre = (section.max(0) + section.min(0)) / 2
        half = (section.max(0) - section.min(0))[:2] / 2 + body.h / 2
        centre[2] = 0.0
        coils.append(conductors.receive(array, centre, half, frequency))
    empty = [conductors.incident(c, points.reshape(-1, 3), body.k0, frequency, body.h) for c in coils]
    E_0, B_0 = (np.concatenate([e[i] for e in empty]).reshape(-1, 3, *tissue.shape) for i in (0, 1))
    solution = wave.solve(body, E_0, B_0)
    c = len(coils[0].current)
    whole, sigma = body.conductivity, np.where(tissue, body.conductivity, 0.0)

    loss = absorption.overlap(solution.E[:c], whole, body.h)
    per_watt = absorption.accepted(loss, coils[0].resistance).T  # channels of forward power × ports
    E = np.einsum("kp,pdxyz->kdxyz", per_watt, solution.E[:c]).astype(np.complex64)
    Bx, By = (np.einsum("kp,pxyz->kxyz", per_watt, solution.B[:c, i]) for i in (0, 1))
    absorbed = absorption.overlap(E, sigma, body.h) / 2 * made.share
    Q, at = absorption.local(E, sigma, made.mass, body.h)

    coil, hears = coils[-1], slice(0 if isinstance(array, VolumeCoil) else c, None)
    array_loss = absorption.overlap(solution.E[hears], whole, body.h)
    noise = array_loss + np.diag(coil.resistance) * ROOM_TEMPERATURE / BODY_TEMPERATURE
    figure = 10 ** (array.noise_figure / 10) - 1
    noise = noise + np.diag(np.real(np.diag(array_loss)) + coil.resistance) * figure * 290 / BODY_TEMPERATURE
    own = np.sqrt(np.real(np.diag(noise)))
    magnetisation = PROTONS * (2 * np.pi * GAMMA * PLANCK_BAR) ** 2 * scanner.field / (4 * BOLTZMANN * BODY_TEMPERATURE)
    # Peak voltage 2 ω M B1− of a cubic metre; complex noise of 8 kT R per Hz (one-sided 4 kT R, twice in the envelope).
    gain = 2 * 2 * np.pi * frequency * magnetisation / np.sqrt(8 * BOLTZMANN * BODY_TEMPERATURE) / own
    sensitivity = (solution.B[hears, 0] - 1j * solution.B[hears, 1]) / 2 * gain[:, None, None, None]

    exposed = float(made.mass.sum()) * made.share
    told = patient.truth.get("body_mass")
    head = _head(patient)
    absorbed_head = np.zeros((0, 0))
    if head is not None and head.any():
        inside = _at(patient.grid, head, points) & tissue
        absorbed_head = absorption.overlap(E, np.where(inside, sigma, 0), body.h) / 2 / made.mass[inside].sum()
    return {
        "h": np.array(body.h),
        "origin": body.origin,
        "transmit": ((Bx + 1j * By) / 2).astype(np.complex64),
        "receive": sensitivity.astype(np.complex64),
        "noise": noise / np.outer(own, own),
        "absorbed": absorbed,
        "absorbed_head": absorbed_head,
        "local": Q,
        "points": points.reshape(-1, 3)[at],
        "exposed_mass": np.array(exposed),
        "body_mass": np.array(float(told) if told else max(exposed, ADULT)),  # pyright: ignore[reportArgumentType]
        "steps": np.array(solution.steps),
    }


def _at(grid: Grid, mask: np.ndarray, points: np.ndarray) -> np.ndarray:
    """A mask of the patient's grid at points (…, 3), false outside."""
    inverse = np.linalg.inv(grid.affine)
    index = np.rint(points @ inverse[:3, :3].T + inverse[:3, 3]).astype(int)
    valid = np.all((index >= 0) & (index < np.array(grid.shape)), axis=-1)
    index = np.clip(index, 0, np.array(grid.shape) - 1)
    return valid & mask[index[..., 0], index[..., 1], index[..., 2]]


def _on_grid(grid: Grid, origin: np.ndarray, h: float, maps: np.ndarray) -> np.ndarray:
    """Maps (m, …) on the wave's cubes, linearly between them on the patient's voxels; the edge's value outside."""
    shape = maps.shape[1:]
    turn = grid.affine[:3, :3]
    if np.count_nonzero(np.abs(turn) > 1e-9) == 3 and np.all(np.abs(np.diag(turn)) > 0):
        out = maps
        for axis in range(3):
            along = (grid.affine[axis, 3] + np.arange(grid.shape[axis]) * turn[axis, axis] - origin[axis]) / h
            out = np.moveaxis(np.tensordot(_weights(along, shape[axis]), out, (1, axis + 1)), 0, axis + 1)
        return np.ascontiguousarray(out)
    from scipy.ndimage import map_coordinates

    where = np.moveaxis((grid.points() - origin) / h, -1, 0)
    return np.stack([map_coordinates(m, where, order=1, mode="nearest") for m in maps]).astype(np.complex64)


def _weights(along: np.ndarray, n: int) -> np.ndarray:
    """Linear interpolation as a matrix (places, n)."""
    along = np.clip(along, 0, n - 1)
    below = np.minimum(along.astype(int), max(n - 2, 0))
    part = along - below
    out = np.zeros((len(along), n), np.float32)
    out[np.arange(len(along)), below] = 1 - part
    out[np.arange(len(along)), np.minimum(below + 1, n - 1)] += part
    return out
