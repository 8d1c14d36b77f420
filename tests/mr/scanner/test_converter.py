"""What the receiver and a drifting field do to a scan."""

from dataclasses import replace

import numpy as np
import pytest

from proband.mr.phantom.spins import Isochromats
from proband.mr.scanner.converter import drifting, filtered, passband
from proband.mr.scanner.sheet import scanner
from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform
from proband.mr.spins.reference import reference

THREE = scanner("scanner_3t")
NOTHING = Waveform(np.zeros(0), np.zeros(0))


def still(off=0.0):
    one = np.ones(1)
    return Isochromats(
        np.zeros((1, 3)), one, 1e3 * one, 1e3 * one, off * one, np.ones((1, 1), complex), np.zeros(1, int)
    )


def decays(count=4, TR=0.5, frequency=0.0):
    """A 90° pulse and 40 samples, again and again; between them a crusher's work is left out by long waits."""
    wave = np.full((1, 1), 0.25 / 1e-6, complex)
    pulses = tuple(Pulse(k * TR, 1e-6, wave, frequency, 0.3 * k) for k in range(count))
    readouts = tuple(Readout(k * TR + 2e-3, 1e-4, 40, frequency, 0.3 * k) for k in range(count))
    return Timeline(pulses, (NOTHING,) * 3, readouts, count * TR)


def test_a_drift_turns_each_echo_further():
    """The phase at t after a pulse at t0 is −2π d (t² − t0²)/2: TE × the drift so far, for any phase of the pulses."""
    hertz = 3.0  # in each second: far more than the sheet's, so that it is seen in two
    magnet = replace(THREE.magnet, drift=hertz)
    for k in range(4):
        alone = decays(4)
        alone = replace(alone, pulses=alone.pulses[k : k + 1], readouts=alone.readouts[k : k + 1])
        plain = reference(alone, still(), np.ones((1, 1)))[0][0]
        heard = reference(drifting(alone, magnet), still(), np.ones((1, 1)))[0][0]
        t, t0 = alone.readouts[0].times, alone.pulses[0].start
        assert np.angle(heard / plain) == pytest.approx(-np.pi * hertz * (t**2 - t0**2), abs=2e-3)
        offset = hertz * (t0 + 4e-3)  # much like a spin that is off by that much
        like = reference(alone, still(offset), np.ones((1, 1)))[0][0]
        assert np.abs(heard - like).max() < 0.03


def test_the_sheets_drift_shifts_an_echo_planar_image_by_little():
    """1 Hz in a minute: after ten, an image whose lines are 0.5 ms apart over 64 lines moves by 10 Hz × 32 ms = 0.3 pixels."""
    drifted = drifting(decays(2, TR=600.0), THREE.magnet)
    assert drifted.readouts[1].frequency == pytest.approx(-10.0, rel=1e-4)
    assert [p.frequency for p in drifted.pulses] == [0.0, 0.0]  # the same pulse, so that what it does is computed once
    same = drifting(decays(), replace(THREE.magnet, drift=0.0))
    assert same.readouts[3].phase == decays().readouts[3].phase


def test_the_filter_passes_the_middle_and_halves_the_edge():
    n = 256
    t = np.arange(n)
    for share, gain in ((0.0, 1.0), (0.3, 1.0), (-0.44, 1.0), (0.475, 0.75), (0.499, 0.5)):
        tone = np.exp(2j * np.pi * share * t)
        passed = filtered(tone[None], THREE.converter)[0]
        middle = np.abs(passed[80:-80]).mean()
        assert middle == pytest.approx(gain, abs=0.03), share
    assert passband(1000, THREE.converter).min() == pytest.approx(0.5, abs=1e-3)


def test_a_decay_does_not_leak_into_its_end():
    decay = np.exp(-np.arange(512) / 20.0)[None] + 0j
    passed = filtered(decay, THREE.converter)
    assert np.abs(passed[0, -64:]).max() < 1e-3
    assert np.abs(passed - decay).max() < 0.06
    assert filtered(np.ones((2, 1)), THREE.converter).shape == (2, 1)
