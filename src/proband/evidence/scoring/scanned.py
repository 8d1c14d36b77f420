"""What studies of the scanner share: machines of other fields, vials of known relaxation, and the maps that a scan makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from proband.evidence.scoring.once import once
from proband.mr.phantom.spins import Isochromats
from proband.mr.phantom.voxels import VoxelPatient
from proband.mr.scanner.fields import Fields
from proband.mr.scanner.scanner import Scanner, VolumeCoil
from proband.mr.sequence import MRSequence
from proband.mr.sequence.timeline import Timeline

POINTS = 48  # spins through a vial's slice and half a slice beside it
RACK = 5  # vials that are played to together: always as many, so that what a sequence orders is written once


@once
def machine(B0: float) -> Scanner:
    """The 3 T scanner of no make in particular at another field (T)."""
    from proband.mr.scanner.sheet import scanner

    return replace(scanner("scanner_3t"), field=B0)


@once
def built(name: str, B0: float = 3.0, slew: float = 0.5, **options) -> MRSequence:
    """A sequence of the library, made once for all studies that play it."""
    from proband.mr.sequence import Limits, build

    limits = Limits.of(machine(B0))
    return build(name, replace(limits, max_slew=slew * limits.max_slew), **options)


def vials(T1: Sequence[float], T2: Sequence[float], thickness: float) -> tuple[Isochromats, np.ndarray]:
    """One voxel of each vial (T1 and T2 in s), and a receiver (vials, n) that hears each by itself. `thickness` of the slice, m."""
    count, n = len(T1), len(T1) * POINTS
    place = np.zeros((count, POINTS, 3), np.float32)
    place[..., 2] = ((np.arange(POINTS) + 0.5) / POINTS - 0.5) * 1.5 * thickness
    owner = np.repeat(np.arange(count), POINTS)
    spins = Isochromats(
        position=place.reshape(-1, 3),
        density=np.full(n, 1 / POINTS),
        T1=np.asarray(T1, float)[owner],
        T2=np.asarray(T2, float)[owner],
        off_resonance=np.zeros(n),
        transmit=np.ones((1, n), np.complex64),
        voxel=owner,
    )
    return spins, (owner == np.arange(count)[:, None]).astype(np.complex64)


@once
def beating(scan: MRSequence, rate: float, efficiency: float | None) -> Timeline:
    """The sequence as a heart of so many beats a minute lets it be played. With `efficiency` its inversions are short hard
    pulses that leave −`efficiency` of the magnetisation."""
    from proband.mr.sequence.gating import gated

    timeline = gated(scan.timeline, 0.05 + np.arange(60) * 60 / rate)
    if efficiency is None:
        return timeline
    step = 1e-5
    wave = np.full((1, 10), np.arccos(-efficiency) / (2 * np.pi) / (10 * step), complex)
    pulses = [
        replace(p, wave=wave, step=step, start=p.start + (p.center or 0.0)) if p.use == "inversion" else p
        for p in timeline.pulses
    ]
    return replace(timeline, pulses=tuple(pulses))


def t1_map(
    scan: MRSequence, T1: Sequence[float], T2: Sequence[float], rate: float = 60.0, efficiency: float | None = None
) -> np.ndarray:
    """What MOLLI or SASHA make of the T1 of some vials, or of heart muscle: (vials,) s. `rate` of the heart, 1/min."""
    from proband.mr.reconstruction.relaxometry import t1_inversion_recovery, t1_saturation_recovery
    from proband.mr.spins import simulate

    timeline, empty = beating(scan, rate, efficiency), [1.0] * (RACK - len(T1))
    spins, each = vials([*T1, *empty], [*T2, *empty], float(scan.info["FOV"][2]))
    heard = simulate(timeline, spins, each, threads=1)
    middle = scan.info["matrix"][1] // 2
    lines = [(r, s) for r, s in zip(timeline.readouts, heard, strict=True) if r.labels["LIN"] == middle]
    lines.sort(key=lambda line: line[0].labels.get("SET", 0))
    images = np.stack([s[: len(T1), s.shape[1] // 2] for _, s in lines], axis=-1)
    if "TS" in scan.info:
        waited = np.array([1e3 if np.isinf(t) else t for t in scan.info["TS"]])
        return t1_saturation_recovery(images, waited, complete=False).time
    times = np.array([r.times.mean() for r, _ in lines])
    inversions = np.array(sorted(p.start + (p.center or 0.0) for p in timeline.pulses if p.use == "inversion"))
    return t1_inversion_recovery(
        images, times - inversions[np.searchsorted(inversions, times) - 1], look_locker=True
    ).time


def in_diastole(rate: float) -> float:
    """When a heart map takes its image after the R wave, s: 0.6 s in a heart of 60 /min, sooner in a faster one (assumed)."""
    return round(min(0.6, 0.6 * 60 / rate), 3)


def head_coil(
    B0: float, radius: float = 0.14, length: float = 0.22, noise_figure: float = 0.5, kind: str = "birdcage"
) -> Scanner:
    """A scanner with one volume coil around the head that sends and hears: lengths in m, the figure in dB."""
    here = machine(B0)
    transmitter = replace(here.transmitter, kind=kind, radius=radius, shield=radius + 0.04, length=length)
    return replace(here, transmitter=transmitter, arrays={"volume": VolumeCoil("volume", noise_figure)})


def in_quadrature(fields: Fields) -> np.ndarray:
    """|B1+| of the circular mode, (nx, ny, nz) T for 1 √W."""
    return np.abs(np.tensordot(fields.quadrature, fields.transmit, 1))


def heard_in_quadrature(fields: Fields) -> np.ndarray:
    """Signal of a m³ of water, turned by 90°, over the noise in one real part of a second's sample, (nx, ny, nz), in that of a
    volume coil's circular modes that hears more."""
    found = []
    for weights in (fields.quadrature, fields.quadrature.conj()):
        noise = np.real(weights.conj() @ fields.noise_covariance @ weights) / 2
        found.append(np.abs(np.tensordot(weights.conj(), fields.receive, 1)) / np.sqrt(noise))
    return max(found, key=np.mean)


def brain(head: VoxelPatient) -> np.ndarray:
    """Which voxels of a head are brain, without the spinal cord, (nx, ny, nz)."""
    from proband.mr.scans.regions import GROUPS

    assert head.labels is not None
    matter = np.isin(head.labels, [head.tissues.index(t) for t in GROUPS["brain"] if t in head.tissues])
    return matter & (head.grid.points()[..., 2] > -0.08)


WATER = 2.1e-9  # m²/s, at 21 °C (Mills 1973 J Phys Chem 77:685)
COLUMN = 350  # spins through a slice of water and a slice's thickness on both its sides
FAR = 0.150  # m off the isocentre
SPOTS = ((0.0, 0.0, 0.0), (0.0, 0.0, FAR / 2), (0.0, 0.0, FAR), (FAR, 0.0, 0.0), (0.0, FAR, 0.0))


def diffusion_error(place: tuple[float, float, float]) -> float:
    """By how many percent the diffusion coefficient of water is seen too high at one of `SPOTS` (m)."""
    return 100 * (float(_diffusion_seen()[SPOTS.index(place)]) - 1)


@once
def _diffusion_seen() -> np.ndarray:
    """The diffusion coefficient that single-shot echo-planar imaging along three axes shows at `SPOTS`, over that of water. The
    gradients are those of the 3 T sheet, bent."""
    from proband.mr.scanner.gradients import displaced, weakened
    from proband.mr.spins import simulate

    coils, thickness = machine(3.0).gradients, 5e-3
    b = 800.0
    scan = built(
        "diffusion_epi",
        matrix=(32, 32),
        thickness=thickness,
        slices=5,
        gap=FAR / 2 - thickness,
        b_values=(0.0, b),
        TR=15.0,
    )  # water recovers slowly
    # Water on both sides, too: bent gradients put the slice elsewhere. Their distance is such that the
    # lobes of diffusion, some 3e4 turns/m, turn neighbours by 1.5: whole turns would bring spins back together that no echo refocuses.
    offset = np.zeros((COLUMN, 3))
    offset[:, 2] = ((np.arange(COLUMN) + 0.5) / COLUMN - 0.5) * 3 * thickness
    spots = (np.asarray(SPOTS)[:, None] + offset).reshape(-1, 3)
    owner = np.repeat(np.arange(len(SPOTS)), COLUMN)
    n, one = len(spots), np.ones(len(spots))
    spins = Isochromats(
        displaced(spots, coils), one / COLUMN, 3.0 * one, 2.0 * one, 0 * one, np.ones((1, n), np.complex64), owner,
        diffusion=weakened(WATER * one, spots, coils),
    )  # fmt: skip
    heard = simulate(scan.timeline, spins, (owner == np.arange(len(SPOTS))[:, None]).astype(np.complex64), threads=1)
    seen = np.zeros((len(scan.info["b_values"]), len(SPOTS)))
    for readout, signal in zip(scan.timeline.readouts, heard, strict=True):
        if readout.labels.get("NAV") or readout.labels["LIN"] != scan.info["matrix"][1] // 2:
            continue
        middle = np.abs(signal[:, signal.shape[1] // 2])
        here = seen[readout.labels["REP"]]
        here[:] = np.maximum(here, middle)  # the slice that holds the place is the one that shows it
    return np.log(seen[0] / seen[1:]).mean(axis=0) / (b * 1e6 * WATER)


def weakest_felt(axes: str, rise: float, flat: float = 1e-3, lobes: int = 64) -> float:
    """How far each of these gradients must change in `rise` s until nerves are stimulated, T/m from plateau to plateau: of a train
    of trapezoids of both signs, `flat` s long on top."""
    from proband.mr.safety.nerves import safe

    knots = np.cumsum([0.0, rise / 2, *[flat, rise] * (lobes - 1), flat, rise / 2])
    swing = np.array([0.5, *[0.0, -1.0, 0.0, 1.0] * (lobes // 2)])[: len(knots) - 1]
    swing[-1] = -np.sum(swing[:-1])
    slew = np.zeros((3, len(knots) - 1))
    for axis in axes:
        slew["xyz".index(axis)] = swing / np.diff(knots)
    return 1 / float(safe(knots, slew, machine(3.0).gradients.nerves).max())
