"""A coil that sends and hears: reciprocity ties the two together in closed form (Hoult and Richards 1976 J Magn Reson 24:71)."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proband.evidence.scoring.scanned import head_coil, heard_in_quadrature, in_quadrature
from proband.mr.scanner import conductors
from proband.mr.scanner.fields import BODY_TEMPERATURE, BOLTZMANN, PLANCK_BAR, PROTONS, fields
from proband.mr.scanner.scanner import GAMMA
from proband.mr.scanner.wave import MU0

sys.path.insert(0, str(Path(__file__).parent))
import simple_patients


def test_what_is_heard_is_what_the_same_watt_would_send():
    """A coil without losses of its own: ψ of a m³ of magnetisation M is ω M √(1/2kT) times the field of 1 W, in the mirrored place."""
    B0 = 3.0
    lossless = head_coil(B0, noise_figure=0.0)
    lossless = replace(lossless, transmitter=replace(lossless.transmitter, loss_factor=0.0))
    ball = simple_patients.ball(0.08, 0.016, B0)
    seen = fields(lossless, ball, "volume", cache=False)
    omega = 2 * np.pi * GAMMA * B0
    magnetisation = PROTONS * (2 * np.pi * GAMMA * PLANCK_BAR) ** 2 * B0 / (4 * BOLTZMANN * BODY_TEMPERATURE)
    expected = omega * magnetisation / np.sqrt(2 * BOLTZMANN * BODY_TEMPERATURE)
    inside = ball.density > 0
    ratio = heard_in_quadrature(seen)[inside] / in_quadrature(seen)[:, ::-1][inside]
    assert ratio.mean() == pytest.approx(expected, rel=0.01)
    assert ratio.std() < 0.03 * expected  # what the wave solution leaves


def test_an_amplifier_adds_its_noise():
    ball, heard = simple_patients.ball(0.08, 0.016, 3.0), []
    for figure in (0.0, 3.0103):
        heard.append(heard_in_quadrature(fields(head_coil(3.0, noise_figure=figure), ball, "volume", cache=False)))
    # The sheet's figure is against 290 K: what doubles a source's noise there adds 290/310 of the body's.
    assert heard[0][5, 5, 5] / heard[1][5, 5, 5] == pytest.approx(np.sqrt(1 + 290 / BODY_TEMPERATURE), rel=0.01)


def test_a_tem_resonator_that_is_long_has_the_field_of_its_legs():
    """n legs of 1 A as the cosine within a screen at s: μ₀ n/(4π a) (1 − a²/s²) in the middle, across the strongest leg."""
    coil = head_coil(0.1, kind="tem").transmitter
    coil = replace(coil, length=20 * coil.radius)
    made = conductors.transmit(coil, 1e5)
    _, B = conductors.incident(made, np.zeros((1, 3)), 0.0, 1e5, 1e-3)
    size = MU0 * coil.rungs / (4 * np.pi * coil.radius) * (1 - (coil.radius / coil.shield) ** 2)
    assert np.abs(B[:, :2, 0]) == pytest.approx(np.array([[0, size], [size, 0]]), rel=0.01, abs=1e-3 * size)
