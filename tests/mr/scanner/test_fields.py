"""Fields of whole scanners in simple bodies: what must come out by itself."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.scanner.fields import fields
from proband.mr.scanner.sheet import scanner

sys.path.insert(0, str(Path(__file__).parent))
import simple_patients


def snr(f, at):
    s = f.receive[(slice(None), *at)]
    return float(np.sqrt(np.real(s.conj() @ np.linalg.solve(f.noise_covariance, s))))


@pytest.fixture(scope="module")
def balls(tmp_path_factory):
    """A ball of saline in both scanners, and its fields."""
    import os

    before = os.environ.get("PROBAND_CACHE")
    os.environ["PROBAND_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    made = {}
    for name in ("scanner_3t", "scanner_5t"):
        s = scanner(name)
        p = simple_patients.ball(0.085, 0.010, s.field)
        made[name] = (p, fields(s, p, "knee"))
    yield made
    if before is None:
        del os.environ["PROBAND_CACHE"]
    else:
        os.environ["PROBAND_CACHE"] = before


def test_signal_to_noise_rises_with_field_as_published(balls):
    """Published: 2.5 to 2.9 at the centre of a saline sphere, 5 T over 3 T; no exponent is coded."""
    at = tuple(n // 2 for n in balls["scanner_3t"][1].grid.shape)
    assert 2.5 < snr(balls["scanner_5t"][1], at) / snr(balls["scanner_3t"][1], at) < 2.9


def test_dark_zones_deepen_and_heating_rises_with_field(balls):
    spread, heat = [], []
    for p, f in balls.values():
        b = np.abs(np.einsum("c,cxyz->xyz", f.quadrature, f.transmit))
        inside = p.density > 0
        centre = tuple(n // 2 for n in b.shape)
        assert b[centre] == pytest.approx(b[inside].max(), rel=0.02)  # brightened in the middle at both fields
        spread.append(b[inside].min() / b[centre])
        slab = inside.copy()
        slab[:, :, : centre[2] - 1] = slab[:, :, centre[2] + 2 :] = False
        w = f.quadrature
        heat.append(np.real(w.conj() @ f.absorbed_partial @ w) / b[slab].mean() ** 2)
    assert spread[1] < 0.8 * spread[0]
    assert 1.8 < heat[1] / heat[0] < 2.8


def test_quadrature_turns_with_the_spins(balls):
    for _, f in balls.values():
        at = tuple(n // 2 for n in f.grid.shape)
        right = abs(f.quadrature @ f.transmit[(slice(None), *at)])
        wrong = abs(f.quadrature.conj() @ f.transmit[(slice(None), *at)])
        assert wrong < 0.01 * right


def test_what_a_coil_sends_and_hears_turns_in_opposite_senses(balls):
    """One channel alone tips spins in the middle, one loop hears them. Turn both by an eighth about the bore, and they hear
    the same number; with one of both conjugated its phase would turn by a quarter."""
    from proband.mr.phantom.spins import Isochromats
    from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform
    from proband.mr.spins.reference import reference

    _, f = balls["scanner_5t"]
    at = tuple(n // 2 for n in f.grid.shape)
    send, hear = f.transmit[(slice(None), *at)], f.receive[(slice(None), *at)]
    loops = hear[: scanner("scanner_5t").arrays["knee"].loops]  # of one ring
    nothing, one = Waveform(np.zeros(0), np.zeros(0)), np.ones(1)
    made = np.zeros((8, 8), complex)
    for channel in range(8):
        wave = np.zeros((8, 1), complex)
        wave[channel] = 1000.0
        timeline = Timeline((Pulse(0.0, 1e-5, wave),), (nothing,) * 3, (Readout(1e-5, 1e-6, 1),), 1e-3)
        body = Isochromats(
            np.zeros((1, 3)), one, one, one, 0 * one, send[:, None] / abs(send[0]), np.zeros(1, int)
        )  # fmt: skip
        made[channel] = reference(timeline, body, loops[:, None])[0][:, 0]
    turned = np.roll(made, (1, 1), (0, 1))
    assert np.abs(turned / made - 1).max() < 0.1
    assert np.angle(made[1, 0] / made[0, 0]) == pytest.approx(-np.angle(made[0, 1] / made[0, 0]), abs=0.1)
    wrong = made * (loops.conj() / loops)
    assert np.abs(np.roll(wrong, (1, 1), (0, 1)) / wrong - 1).max() > 1.0


def test_no_body_takes_more_than_was_sent(balls):
    for _, f in balls.values():
        absorbed = np.linalg.eigvalsh(f.absorbed_partial * f.exposed_mass)
        assert absorbed.min() > -1e-6
        assert absorbed.max() < 1
        np.testing.assert_allclose(f.absorbed_local, np.conj(np.swapaxes(f.absorbed_local, 1, 2)), atol=1e-7)


def test_local_averages_hold_the_global_one(balls):
    _, f = balls["scanner_5t"]
    w = f.quadrature
    local = np.real(np.einsum("i,pij,j->p", w.conj(), f.absorbed_local, w))
    mean = np.real(w.conj() @ f.absorbed_partial @ w)
    assert local.min() > 0
    assert local.mean() == pytest.approx(mean, rel=0.15)
    assert local.max() > 1.2 * mean


def test_fields_are_kept_and_found_again(balls, monkeypatch):
    from proband.mr.scanner import wave

    monkeypatch.setattr(wave, "solve", lambda *_: pytest.fail("the wave was solved twice"))
    p, f = balls["scanner_3t"]
    again = fields(scanner("scanner_3t"), p, "knee")
    np.testing.assert_array_equal(again.transmit, f.transmit)


def test_reciprocity_of_noise_and_units(balls):
    """A gradient echo's numbers are of a real scanner's size: 1 mm³ of water, one sample of 10 µs, one excitation."""
    _, f = balls["scanner_3t"]
    at = tuple(n // 2 for n in f.grid.shape)
    np.testing.assert_allclose(np.diag(f.noise_covariance).real, 1.0, rtol=1e-6)
    assert np.linalg.eigvalsh(f.noise_covariance).min() > 0
    assert 0.05 < snr(f, at) * 1e-9 * np.sqrt(10e-6) < 5.0


def test_a_thin_slice_stands_for_a_long_body(tmp_path, monkeypatch):
    monkeypatch.setenv("PROBAND_CACHE", str(tmp_path))
    s = scanner("scanner_5t")
    s = replace(s, arrays={"knee": replace(s.arrays["knee"], rings=1, loops=4)})
    p = simple_patients.ellipsoid((0.06, 0.06, 0.3), 0.012, 5.0)
    from proband.mr.space import Grid

    affine = p.grid.affine.copy()
    affine[2, 3] = 0.0
    cut = {
        k: getattr(p, k)[:, :, p.grid.shape[2] // 2][:, :, None]
        for k in (
            "density", "T1", "T2", "T2_prime", "fat", "susceptibility", "permittivity",
            "conductivity", "mass_density", "diffusion",
        )
    }  # fmt: skip
    thin = replace(p, grid=Grid((*p.grid.shape[:2], 1), affine), **cut)
    f = fields(s, thin, "knee")
    assert f.transmit.shape == (8, *p.grid.shape[:2], 1)
    assert f.exposed_mass == pytest.approx(np.pi * 0.06**2 * 0.012 * 1000, rel=0.1)
    assert np.isfinite(f.off_resonance).all()


def test_a_small_patient_with_a_brain_is_a_head():
    from proband.mr.scanner.fields import _head

    p = simple_patients.ball(0.08, 0.02, 3.0)
    assert _head(p) is None
    assert _head(replace(p, tissues=("air", "grey_matter"))).sum() == (p.density > 0).sum()
    big = simple_patients.ball(0.15, 0.03, 3.0)
    assert _head(replace(big, tissues=("air", "grey_matter"))) is None
    assert _head(simple_patients.head(0.02, 3.0)).any()


def test_what_does_not_fit_is_refused():
    s = scanner("scanner_5t")
    p = simple_patients.ball(0.05, 0.012, 5.0)
    with pytest.raises(ModelError, match="did you mean knee"):
        fields(s, p, "kneee")
    with pytest.raises(ModelError, match="3 T"):
        fields(s, replace(p, B0=3.0), "knee")
    with pytest.raises(ModelError, match="bore"):
        fields(s, simple_patients.ball(0.32, 0.03, 5.0), "body")


def whitened(f):
    """Sensitivities to white noise in the middle slice, (coils, n, n) with n a multiple of four."""
    middle = f.grid.shape[2] // 2
    heard = f.receive[:, :, :, middle]
    white = np.linalg.solve(np.linalg.cholesky(f.noise_covariance), heard.reshape(len(heard), -1)).reshape(heard.shape)
    radius = np.linalg.norm(f.grid.points()[:, :, middle, :2], axis=-1)
    n = -(-max(radius.shape) // 4) * 4
    return np.pad(np.where(radius < 0.085, white, 0), [(0, 0)] + [(0, n - s) for s in heard.shape[1:]])


def test_four_folds_cost_no_more_noise_at_the_higher_field(balls):
    """Waves in the body tell the coils' patterns further apart: g at R = 4 is not above 3 T's (and SNR = SNR1/(g √R))."""
    from proband.mr.reconstruction import sense

    g = []
    for _, f in balls.values():
        maps = whitened(f)
        here = sense.g_factor(maps, (1, 4))
        g.append(here[np.abs(maps).sum(0) > 0])
        assert here.max() < 10
    three, five = g
    assert three.mean() > 1.05
    assert five.mean() <= three.mean() and np.percentile(five, 95) <= 1.02 * np.percentile(three, 95)


def test_fewer_lines_cost_noise_as_the_geometry_says(balls):
    """Noise of replicas through the coils of a scanner, R = 4: SNR1/(g √R) within 5 %."""
    from proband.mr.reconstruction import sense
    from proband.mr.reconstruction.operators import Cartesian

    _, f = balls["scanner_5t"]
    maps = whitened(f).astype(np.complex64)
    n, inside = maps.shape[1], np.abs(maps).sum(0) > 0
    power = np.sqrt((np.abs(maps) ** 2).sum(0))
    maps = np.where(inside, maps / np.where(inside, power, 1), 0)
    snr = []
    for r in (1, 4):
        mask = np.zeros((n, n), np.float32)
        mask[:, ::r] = 1
        operator = Cartesian(maps, mask, (1,))
        solve = lambda k, op=operator: sense.conjugate_gradients(op.normal, op.adjoint(k), 60, 1e-5)  # noqa: E731
        noise = sense.pseudo_replica(solve, np.zeros(maps.shape, np.complex64), mask, 1.0, 200, seed=2)
        snr.append(1 / np.where(inside, noise, 1))
    g = sense.g_factor(maps, (1, 4))
    # A unitary transform of a quarter of the lines: the signal of a voxel is the same, the noise that of fewer samples.
    ratio = snr[0][inside] / snr[1][inside] / (g[inside] * np.sqrt(4))
    assert np.mean(ratio) == pytest.approx(1, abs=0.03) and np.sqrt(np.mean((ratio - 1) ** 2)) < 0.12


def test_a_trunk_that_its_grid_cuts_goes_on():
    """The wave's body is longer than the grid that cuts it, by `BEYOND` at both ends; its mass is not."""
    from proband.mr.scanner.tissue_cells import BEYOND, cells

    machine = scanner("scanner_3t")
    rod = simple_patients.rod(0.014, machine.field, 0.24)
    made = cells(rod, machine)
    z = made.body.axes()[2]
    through = (
        np.abs(made.body.permittivity[made.body.permittivity.shape[0] // 2, made.body.permittivity.shape[1] // 2]) > 1.5
    )
    assert np.ptp(z[through]) == pytest.approx(0.24 + 2 * BEYOND, abs=0.03)
    weighed = made.mass.sum((0, 1)) > 0
    assert np.ptp(z[weighed]) == pytest.approx(0.24, abs=0.03)  # only the patient's own voxels have a mass
