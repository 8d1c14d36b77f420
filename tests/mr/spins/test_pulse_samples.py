"""Samples of a pulse that become one rotation: as many as the error allows, and no more."""

import numpy as np
import pytest
from spin_examples import hard, spins, timeline, trapezoids

from proband.mr.sequence.timeline import Pulse, Readout
from proband.mr.spins import magnus
from proband.mr.spins.moments import GAMMA_BAR
from proband.mr.spins.reference import reference
from proband.mr.spins.solver import simulate
from proband.mr.spins.subject import Slab, Subject


def subject(reach, fastest, transmit, slabs=()):
    """Bounds of spins at rest, heard by one coil."""
    return Subject(np.full(3, reach), fastest, transmit, False, np.zeros(0), 0, False, False, 1, 1, slabs)


def turned(axes):
    """The rotation that axes (n, 3), turns, make one after the other, clockwise as protons do."""
    total = np.eye(3)
    for axis in 2 * np.pi * np.asarray(axes):
        angle = np.linalg.norm(axis)
        k = np.cross(np.eye(3), axis / angle)
        total = (np.eye(3) - np.sin(angle) * k + (1 - np.cos(angle)) * k @ k) @ total
    return total


def fine(n=1000, phase=0.0, hertz=400.0, step=1e-6):
    x = np.linspace(-2, 2, n)
    return np.sinc(x) * hertz * step * np.exp(1j * phase * x**2)


@pytest.mark.parametrize("phase", [0.0, 3.0])
def test_one_rotation_stands_for_many(phase):
    wave = fine(phase=phase)
    moment = np.tile([0.0, 0.0, 0.2], (len(wave), 1))  # turns/m in each microsecond
    rows, frame = magnus.merged(moment, wave / 1e-6, 1e-6, 0.0, subject(0.005, 200.0, 1.2), 4)
    assert frame == 0.0
    together = len(wave) // len(rows)
    assert together >= 5 and rows[:, 3].sum() == pytest.approx(1e-3)
    z, off, field = 0.004, 150.0, 1.1 * np.exp(0.4j)
    bz = 0.2 * z + off * 1e-6
    exact = turned([((w * field).real, -(w * field).imag, bz) for w in wave])
    short = []
    for row in rows:
        along = row[2] * z + row[3] * off
        w = row[4] + 1j * row[5] + 1j * along * (row[6] + 1j * row[7])
        short.append(((w * field).real, -(w * field).imag, along + row[8] * abs(field) ** 2))
    assert np.abs(turned(short) - exact).max() < magnus.ALLOWED[4]
    plain = [(r[4], r[5], r[2] * z + r[3] * off) for r in rows]
    plain = [((complex(a, b) * field).real, -(complex(a, b) * field).imag, c) for a, b, c in plain]
    assert np.abs(turned(plain) - exact).max() > 5 * np.abs(turned(short) - exact).max()


def test_coarse_samples_stay_what_they_are():
    wave = fine(40, hertz=4000.0, step=2e-5)
    rows, _ = magnus.merged(np.zeros((40, 3)), wave / 2e-5, 2e-5, 0.0, subject(0.005, 200.0, 1.0), 8)
    assert len(rows) == 40 and not rows[:, 6:].any()
    assert np.allclose(rows[:, 4] + 1j * rows[:, 5], wave)


def test_a_fine_pulse_is_what_the_plain_solver_plays():
    rng = np.random.default_rng(4)
    pulse = Pulse(1e-4, 2e-6, (fine(500, 1.0, 900.0, 1.0))[None].astype(complex), 150.0, 0.5)
    z = trapezoids((0.0, 1e-4, 1e-3, 5e-3), (1.2e-3, 1e-4, 4e-4, -5e-3))
    t = timeline([hard(0.0, 3.0), pulse], [Readout(2e-3, 1e-5, 8)], 3e-3, z=z)
    n = 20
    s = spins(n, 1.0, 0.08, rng.normal(0, 40, n), np.c_[np.zeros((n, 2)), np.linspace(-0.004, 0.004, n)])
    for precision, limit in (("float32", 5e-6), ("float64", 1e-6)):
        heard = simulate(t, s, np.ones((1, n)), precision=precision)
        plain = reference(t, s, np.ones((1, n)))
        assert np.abs(heard[0] - plain[0]).max() < limit * np.abs(plain[0]).max()


def test_a_thin_slice_far_from_the_centre_needs_few_rotations():
    """Its spins hardly turn in the frame of the pulse; a box around them would not tell."""
    wave, moment = fine(hertz=95.0), np.tile([0.15, -0.1, 0.12], (1000, 1))
    direction = moment[0] / np.linalg.norm(moment[0])
    middle = -0.05
    hertz = float(np.linalg.norm(moment[0])) * middle / 1e-6
    thin = subject(0.17, 300.0, 1.3, (Slab(tuple(direction), middle - 0.008, middle + 0.008),))
    few, frame = magnus.merged(moment, wave / 1e-6, 1e-6, hertz, thin, 4)
    assert len(few) <= 125 and frame == hertz
    boxed, frame = magnus.merged(moment, wave / 1e-6, 1e-6, hertz, subject(0.17, 300.0, 1.3), 4)
    assert len(boxed) >= 500 and frame == 0.0
    spots = middle + np.array([-0.008, -0.003, 0.002, 0.008])
    assert np.all(
        np.abs(np.outer(moment @ direction, spots) - hertz * 1e-6).max(1) <= thin.offset(moment, hertz * 1e-6) + 1e-15
    )


@pytest.mark.parametrize("frequency", [0.0, -9100.0])
def test_an_oblique_slice_is_what_the_plain_solver_plays(frequency):
    rng = np.random.default_rng(8)
    pulse = Pulse(1e-4, 2e-6, fine(500, 0.0, 900.0, 1.0)[None].astype(complex), frequency, 0.5)
    shape = (0.0, 1e-4, 1e-3), (1.2e-3, 1e-4, 4e-4)
    x, y, z = (trapezoids((*shape[0], g), (*shape[1], -g)) for g in (4e-3, -2e-3, 3e-3))
    t = timeline([hard(0.0, 3.0), pulse], [Readout(2e-3, 1e-5, 8)], 3e-3, x=x, y=y, z=z)
    direction = np.array([4.0, -2.0, 3.0]) / np.sqrt(29)
    n = 60
    middle = frequency / (GAMMA_BAR * 1e-3 * np.sqrt(29))
    place = rng.uniform(-0.1, 0.1, (n, 3))
    place += ((middle + rng.uniform(-0.01, 0.01, n)) - place @ direction)[:, None] * direction
    s = spins(n, 1.0, 0.08, rng.normal(0, 40, n), place)
    plain = reference(t, s, np.ones((1, n)))
    for precision, limit in (("float32", 1e-5), ("float64", 2e-6)):
        heard = simulate(t, s, np.ones((1, n)), precision=precision)
        assert np.abs(heard[0] - plain[0]).max() < limit * np.abs(plain[0]).max()
