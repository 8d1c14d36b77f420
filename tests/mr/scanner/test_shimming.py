"""Shims and parallel-transmit pulses in a trunk at 5 T."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.scanner import parallel_transmit, shimming
from proband.mr.scanner.fields import fields
from proband.mr.scanner.observation import observation_points
from proband.mr.scanner.scanner import GAMMA
from proband.mr.scanner.sheet import scanner
from proband.mr.sequence.timeline import Timeline
from proband.mr.spins.reference import reference

sys.path.insert(0, str(Path(__file__).parent))
import simple_patients

FIVE = scanner("scanner_5t")


@pytest.fixture(scope="module")
def trunk():
    few = replace(
        FIVE, arrays={"knee": replace(FIVE.arrays["knee"], rings=1, loops=2, half_width=0.25, half_height=0.2)}
    )
    p = simple_patients.ellipsoid((0.17, 0.11, 0.14), 0.018, 5.0)
    f = fields(few, p, "knee", cache=False)
    slab = (p.density > 0) & (np.abs(p.grid.points()[..., 2]) < 0.02)
    return p, f, slab


def worst(f, w, region):
    mean = np.mean(np.abs(np.einsum("c,cxyz->xyz", w, f.transmit))[region])
    return np.real(np.einsum("i,pij,j->p", w.conj(), f.absorbed_local, w)).max() / mean**2


def test_a_static_shim_is_more_even_and_no_hotter(trunk):
    _, f, slab = trunk
    base, shim = shimming.quadrature(f, slab), shimming.static(f, slab)
    assert base.variation > 0.2  # the 5 T trunk has dark zones in quadrature
    assert shim.variation < 0.8 * base.variation
    assert np.linalg.norm(shim.weights) == pytest.approx(1.0)
    # capped on observation points, which tell up to 15 % of the hottest eigenvalue too much
    assert shim.local < 1.3 * base.local
    assert worst(f, shim.weights, slab) * 1e-12 == pytest.approx(shim.local, rel=1e-3)
    cool = shimming.static(f, slab, heat=0.92)
    assert cool.local < base.local
    assert cool.variation >= shim.variation - 0.01
    with pytest.raises(ModelError, match="the coolest has"):
        shimming.static(f, slab, heat=0.1)
    assert np.mean(np.abs(np.einsum("c,cxyz->xyz", shim.weights, shim.share(f)))[slab]) == pytest.approx(1.0)


def test_observation_points_never_tell_too_little(trunk):
    _, f, _ = trunk
    Q = f.absorbed_local.astype(complex)
    rng = np.random.default_rng(5)
    counts = []
    for share in (0.05, 0.15, 0.4):
        o = observation_points(Q, share)
        counts.append(len(o.matrices))
        worst_case = np.linalg.eigvalsh(Q)[:, -1].max()
        assert o.excess == pytest.approx(share * worst_case)
        for _ in range(200):
            w = rng.normal(size=8) + 1j * rng.normal(size=8)
            real = np.real(np.einsum("i,pij,j->p", w.conj(), Q, w)).max()
            told = np.real(np.einsum("i,pij,j->p", w.conj(), o.matrices, w)).max()
            assert real <= told * (1 + 1e-9)
            assert told <= real + o.excess * np.linalg.norm(w) ** 2 * (1 + 1e-9)
    assert counts[0] > counts[1] > counts[2]
    assert counts[1] < len(Q) / 10
    with pytest.raises(ModelError, match="between 0 and 1"):
        observation_points(Q, 0.0)


def bloch(f, design, shim, at):
    """Transverse magnetisation after the pulse, by the Bloch equations."""
    n = len(at)
    spins = Isochromats(
        position=f.grid.points().reshape(-1, 3)[at],
        density=np.ones(n),
        T1=np.full(n, 1e6),
        T2=np.full(n, 1e6),
        off_resonance=f.off_resonance.ravel()[at],
        transmit=f.transmit.reshape(len(f.transmit), -1)[:, at] / shim.reference,
        voxel=at,
    )
    from proband.mr.sequence.timeline import Readout

    end = design.duration
    line = Timeline((design.pulse,), design.gradients, (Readout(end, 1e-9, 1),), end + 1e-6)
    return np.array([s[0] for s in reference(line, spins, np.eye(n))[0]])


def test_kt_points_beat_the_shim_and_the_bloch_equations_agree(trunk):
    _, f, slab = trunk
    shim = shimming.static(f, slab)
    design = parallel_transmit.kt_points(f, slab, shim, FIVE, np.deg2rad(8), tip=200e-6)
    assert design.pulse.wave.shape[0] == 8
    assert design.variation < 0.7 * shim.variation
    some = np.arange(0, len(design.voxels), max(1, len(design.voxels) // 25))
    # 1 µs steps are slow in the reference: ten of them are one
    p = design.pulse
    coarse = replace(p, step=10 * p.step, wave=p.wave[:, : p.wave.shape[1] // 10 * 10].reshape(8, -1, 10).mean(2))
    got = bloch(f, replace(design, pulse=coarse), shim, design.voxels[some])
    np.testing.assert_allclose(np.abs(got), np.sin(design.flip[some]), atol=0.06 * np.sin(np.deg2rad(8)))
    for w in design.gradients:
        assert np.abs(w.values).max() <= FIVE.gradients.maximum
        assert np.abs(np.diff(w.values) / np.diff(w.times)).max() <= FIVE.gradients.slew


def test_kt_points_fill_the_room_they_are_given(trunk):
    _, f, slab = trunk
    shim = shimming.static(f, slab)
    short = parallel_transmit.kt_points(f, slab, shim, FIVE, np.deg2rad(8))
    design = parallel_transmit.kt_points(f, slab, shim, FIVE, np.deg2rad(8), room=3e-3)
    assert 3e-3 - 10e-6 * len(design.places) <= design.duration <= 3e-3 + 1e-9
    assert np.abs(design.pulse.wave).max() < np.abs(short.pulse.wave).max()
    # Too little: no shorter than `tip`.
    none = parallel_transmit.kt_points(f, slab, shim, FIVE, np.deg2rad(8), room=0.5e-3)
    assert none.duration == pytest.approx(short.duration)


def test_spokes_select_a_slice(trunk):
    _, f, slab = trunk
    shim = shimming.quadrature(f, slab)
    middle = f.grid.shape[2] // 2
    plane = slab.copy()
    plane[:, :, :middle] = plane[:, :, middle + 1 :] = False
    design = parallel_transmit.spokes(f, plane, shim, FIVE, np.deg2rad(10), thickness=0.02)
    assert design.variation < shim.variation
    # Through the slice, spins of the middle column at other heights.
    at = np.ravel_multi_index((f.grid.shape[0] // 2, f.grid.shape[1] // 2, middle), f.grid.shape)
    z = np.linspace(-0.03, 0.03, 13)
    share = f.transmit.reshape(8, -1)[:, at] / shim.reference
    spins = Isochromats(
        position=f.grid.points().reshape(-1, 3)[at] * [1, 1, 0] + np.stack([0 * z, 0 * z, z], 1),
        density=np.ones(13),
        T1=np.full(13, 1e6),
        T2=np.full(13, 1e6),
        off_resonance=np.full(13, f.off_resonance.ravel()[at]),
        transmit=np.repeat(share[:, None], 13, 1),
        voxel=np.zeros(13, int),
    )
    from proband.mr.sequence.timeline import Readout

    p = design.pulse
    coarse = replace(p, step=10 * p.step, wave=p.wave[:, : p.wave.shape[1] // 10 * 10].reshape(8, -1, 10).mean(2))
    line = Timeline((coarse,), design.gradients, (Readout(design.duration, 1e-9, 1),), design.duration + 1e-6)
    m = np.array([s[0] for s in reference(line, spins, np.eye(13))[0]])
    expected = design.flip[np.flatnonzero(design.voxels == at)[0]]
    assert abs(m[6]) == pytest.approx(np.sin(expected), rel=0.05)
    assert np.abs(m[[0, 1, -2, -1]]).max() < 0.1 * abs(m[6])
    inside = m[5:8]
    assert np.abs(np.angle(inside / inside[1])).max() < 0.2  # refocused through the slice


def test_what_cannot_be_played_is_refused(trunk):
    _, f, slab = trunk
    shim = shimming.quadrature(f, slab)
    with pytest.raises(ModelError, match="kW in one channel"):
        parallel_transmit.kt_points(f, slab, shim, FIVE, np.pi, tip=20e-6)
    with pytest.raises(ModelError, match=r"needs .* mT/m"):
        parallel_transmit.spokes(f, slab, shim, FIVE, 0.1, thickness=0.5e-3)
    with pytest.raises(ModelError, match="not empty"):
        parallel_transmit.kt_points(f, slab & False, shim, FIVE, 0.1)
    with pytest.raises(ModelError, match="empty"):
        shimming.static(f, slab & False)


def test_one_channel_pulses_are_spread(trunk):
    from proband.mr.sequence.timeline import Pulse, Waveform

    _, f, slab = trunk
    shim = shimming.quadrature(f, slab)
    nothing = Waveform(np.zeros(0), np.zeros(0))
    line = Timeline((Pulse(0.0, 1e-6, np.full((1, 5), 100.0)),), (nothing,) * 3, (), 1.0)
    spread = shimming.spread(line, shim).pulses[0].wave
    assert spread.shape == (8, 5)
    at = np.flatnonzero(slab)[0]
    share = shim.share(f).reshape(8, -1)[:, at]
    field = abs(spread[:, 0] @ share) / GAMMA
    assert field == pytest.approx(100 / GAMMA * abs(shim.weights @ f.transmit.reshape(8, -1)[:, at]) / shim.reference)
    with pytest.raises(ModelError, match="3 channels"):
        shimming.spread(replace(line, pulses=(Pulse(0.0, 1e-6, np.ones((3, 5))),)), shim)


def test_spokes_are_as_long_as_their_room_allows(trunk):
    _, f, slab = trunk
    fit = lambda room, **more: parallel_transmit.spokes_fit(f, slab, FIVE, 0.005, room, **more) or 0.0  # noqa: E731
    assert fit(6e-3) < 2e-3 and fit(12e-3) > 1.9 * fit(6e-3)
    assert fit(6e-3, lead=1.0) >= fit(6e-3)
    assert not fit(0.5e-3)
