"""What the Bloch equations give on paper, and what a voxel full of spins gives here."""

import numpy as np
import pytest
from spin_examples import hard, spins, timeline, trapezoids

from proband.mr.sequence.timeline import Pulse, Readout
from proband.mr.spins import epg
from proband.mr.spins.moments import GAMMA_BAR, b_values
from proband.mr.spins.reference import reference
from proband.mr.spins.solver import play, simulate
from proband.mr.spins.tiles import State


def hear(t, s, **more):
    """One coil that hears all spins alike, by default in float64 on two threads; the mean over spins."""
    n = len(s.density)
    signals = simulate(t, s, np.ones((1, n), complex) / n, **({"precision": "float64", "threads": 2} | more))
    return [a[0] for a in signals]


def test_free_induction_decays_with_t2_and_turns_clockwise():
    body = spins(T1=0.8, T2=0.05, off=37.0)
    t = timeline([hard(0, 90, time=1e-9)], [Readout(1e-3, 1e-4, 200)], 0.05)
    time = t.readouts[0].times
    expected = 1j * np.exp(-time / 0.05 - 2j * np.pi * 37.0 * time)
    assert hear(t, body)[0] == pytest.approx(expected, abs=1e-6)


def test_a_receiver_in_phase_with_its_pulse_hears_the_same_for_any_phase():
    body = spins(off=12.0)
    heard = [
        hear(timeline([hard(0, 60, phase)], [Readout(1e-3, 1e-4, 8, phase=np.deg2rad(phase))], 0.01), body)[0]
        for phase in (0, 77, 240)
    ]
    assert heard[1] == pytest.approx(heard[0]) and heard[2] == pytest.approx(heard[0])


def test_a_pulse_meets_the_spins_of_its_frequency():
    """Off-resonance +300 Hz, a long weak pulse at +300 Hz: full effect; at −300 Hz: next to none."""
    step = 1e-4
    wave = np.full((1, 200), 0.25 / (200 * step), complex)
    body = spins(off=300.0, T1=1e3, T2=1e3)
    heard = {
        f: abs(hear(timeline([Pulse(0, step, wave, f)], [Readout(0.02, 1e-6, 1)], 0.03), body)[0][0])
        for f in (300, -300)
    }
    assert heard[300] == pytest.approx(1, abs=1e-4) and heard[-300] < 0.05


def test_a_receiver_offset_undoes_an_equal_off_resonance():
    body = spins(off=500.0, T2=1e3, T1=1e3)
    heard = hear(timeline([hard(0, 90)], [Readout(1e-5, 1e-5, 50, frequency=500.0)], 0.01), body)[0]
    assert np.ptp(np.angle(heard)) < 1e-9


@pytest.mark.parametrize(("T1", "angle"), [(0.838, 8.8), (1.001, 8.1)])
def test_the_ernst_angle_is_where_a_spoiled_echo_is_strongest(T1, angle):
    """TR 10 ms; spoiled by a T2 so short that nothing transverse is left."""
    flips = np.arange(7.0, 10.5, 0.25)
    steady = []
    for flip in flips:
        t = timeline([hard(k * 0.01, flip) for k in range(40)], [Readout(0.39 + 1e-6, 1e-9, 1)], 0.4)
        level = (1 - np.exp(-0.01 / T1)) / (1 - np.cos(np.deg2rad(flip)) * np.exp(-0.01 / T1))
        near = spins(T1=T1, T2=2e-4)
        # forty pulses from rest do not reach the steady state: begin where it is known to be
        state = State(0.0, np.array([[0.0], [0.0], [level]]), np.zeros((3, 1)))
        heard, after = play(t, near, np.ones((1, 1)), state=state, precision="float64", threads=1)
        assert after.magnetisation[2, 0] == pytest.approx(level, abs=2e-4)  # and it stays there
        steady.append(abs(heard[0][0, 0]))
    fine = np.linspace(flips[0], flips[-1], 1001)
    best = fine[np.argmax(np.polyval(np.polyfit(flips, steady, 5), fine))]
    assert best == pytest.approx(angle, abs=0.06)


def test_rf_spoiling_agrees_with_the_phase_graph_and_nearly_with_ernst():
    """117°, T1 838 ms, T2 69 ms (white matter at 3 T), TR 10 ms, 9°; one cycle of dephasing over 200 points."""
    T1, T2, TR, flip, pulses, n = 0.838, 0.069, 0.01, 9.0, 400, 200
    phases = 117.0 * np.cumsum(np.arange(pulses))
    moment = 1 / (0.001 * GAMMA_BAR)  # a cycle over 1 mm
    lobes = trapezoids(*[(k * TR + 2e-3, 1e-4, 9e-4, moment / 1e-3) for k in range(pulses)])
    readouts = [Readout(k * TR + 1e-6, 1e-9, 1, phase=np.deg2rad(phases[k])) for k in range(pulses)]
    t = timeline([hard(k * TR, flip, phases[k]) for k in range(pulses)], readouts, pulses * TR, x=lobes)
    place = np.zeros((n, 3))
    place[:, 0] = (np.arange(n) + 0.5) / n * 0.001
    heard = np.array([a[0] for a in hear(t, spins(n, T1=T1, T2=T2, position=place), precision="float32")])
    graph = epg.spoiled(np.deg2rad(flip), TR, T1, T2, np.deg2rad(117), pulses)
    assert np.abs(heard) == pytest.approx(np.abs(graph), rel=0.01)
    e1 = np.exp(-TR / T1)
    ernst = np.sin(np.deg2rad(flip)) * (1 - e1) / (1 - np.cos(np.deg2rad(flip)) * e1)
    assert np.mean(np.abs(heard[-100:])) == pytest.approx(ernst, rel=0.05)


def test_bssfp_has_its_profile_and_its_bands_1_over_tr_apart():
    """Freeman and Hill 1971: steady state of equal pulses by the turn θ of one TR; alternating phases add π."""
    T1, T2, TR, flip, pulses = 0.3, 0.1, 4e-3, np.deg2rad(40.0), 700
    off = np.linspace(-400, 400, 801)
    t = timeline(
        [hard(k * TR, 40, 180 * (k % 2), time=1e-8) for k in range(pulses)],
        [Readout((pulses - 1) * TR + 1e-8, 1e-10, 1)],
        pulses * TR,
    )
    n = len(off)
    body = spins(n, T1=T1, T2=T2, off=off)
    each = np.eye(n)[:, :]  # a coil for each spin
    heard = np.abs([a[:, 0] for a in simulate(t, body, each, precision="float64", threads=2)][0])
    theta = 2 * np.pi * off * TR + np.pi
    e1, e2 = np.exp(-TR / T1), np.exp(-TR / T2)
    under = (1 - e1 * np.cos(flip)) * (1 - e2 * np.cos(theta)) - e2 * (e1 - np.cos(flip)) * (e2 - np.cos(theta))
    across = (1 - e1) * np.sin(flip) * np.array([1 - e2 * np.cos(theta), e2 * np.sin(theta)]) / under
    assert heard == pytest.approx(np.linalg.norm(across, axis=0), abs=2e-4)
    low = np.nonzero((heard[1:-1] < heard[:-2]) & (heard[1:-1] < heard[2:]) & (heard[1:-1] < 0.05))[0] + 1
    assert np.diff(off[low]) == pytest.approx(1 / TR, rel=0.02)


def test_a_spin_echo_forgets_off_resonance_and_remembers_t2():
    rng = np.random.default_rng(0)
    body = spins(500, T1=1e3, T2=0.08, off=rng.normal(0, 200, 500))
    te = 0.03
    t = timeline(
        [hard(0, 90, time=1e-8), hard(te / 2, 180, 90, "refocusing", 1e-8)], [Readout(te - 1e-5, 2e-5, 1)], 0.04
    )
    assert abs(hear(t, body)[0][0]) == pytest.approx(np.exp(-te / 0.08), rel=1e-5)
    early = timeline(t.pulses, [Readout(te / 4, 2e-5, 1)], 0.04)
    assert abs(hear(early, body)[0][0]) < 0.2


def test_an_echo_train_agrees_with_the_phase_graph():
    spacing, echoes, n = 0.01, 12, 512
    refocusing = np.full(echoes, 140.0)
    pulses, lobes, readouts = [hard(0, 90, 90, time=1e-8)], [], []
    for k in range(echoes):
        middle = (k + 0.5) * spacing
        pulses.append(hard(middle, 140, 0, "refocusing", 1e-8))
        for begin in (middle - 3e-3, middle + 1e-3):
            lobes.append((begin, 1e-4, 9e-4, 1 / (0.001 * GAMMA_BAR) / 1e-3))
        readouts.append(Readout((k + 1) * spacing - 1e-9, 2e-9, 1))
    t = timeline(pulses, readouts, (echoes + 0.5) * spacing, x=trapezoids(*lobes))
    place = np.zeros((n, 3))
    place[:, 0] = (np.arange(n) + 0.5) / n * 0.001
    heard = np.array([a[0] for a in hear(t, spins(n, T1=0.8, T2=0.06, position=place))])
    graph = epg.echo_train(np.deg2rad(refocusing), spacing, 0.8, 0.06)
    assert np.abs(heard) == pytest.approx(np.abs(graph), rel=1e-4)


def test_inversion_recovers_with_t1():
    T1 = 0.9
    for wait in (0.2, 0.6238, 1.5):
        t = timeline(
            [hard(0, 180, use="inversion", time=1e-8), hard(wait, 90, time=1e-8)], [Readout(wait + 1e-8, 1e-10, 1)], 2.0
        )
        assert hear(t, spins(T1=T1, T2=0.01))[0][0].imag == pytest.approx(1 - 2 * np.exp(-wait / T1), abs=1e-5)


def test_a_slice_profile_is_the_spectrum_of_its_pulse():
    """Small flip angle: Mxy(z) is the Fourier transform of the wave at the frequency of z (Pauly 1989)."""
    samples, step, strength = 256, 1e-5, 0.01
    x = np.linspace(-4, 4, samples)
    wave = np.sinc(x) * (0.54 + 0.46 * np.cos(np.pi * x / 4))
    wave = wave / wave.sum() / step * 3 / 360
    time = (np.arange(samples) + 0.5) * step
    length = samples * step
    select = trapezoids(
        (1e-3 - 1e-4, 1e-4, length, strength), (1e-3 + length + 1e-4, 1e-4, length / 2 - 5e-5, -strength)
    )
    end = 1e-3 + 1.5 * length + 4e-4
    t = timeline([Pulse(1e-3, step, wave[None])], [Readout(end, 1e-9, 1)], end + 1e-3, z=select)
    n = 301
    place = np.zeros((n, 3))
    place[:, 2] = np.linspace(-0.01, 0.01, n)
    heard = simulate(t, spins(n, T1=1e4, T2=1e4, position=place), np.eye(n), precision="float64", threads=2)[0][:, 0]
    f = GAMMA_BAR * strength * place[:, 2]
    # the pulse of 3° as a piecewise constant wave
    spectrum = np.abs(2 * np.pi * step * np.sinc(f * step) * (wave @ np.exp(2j * np.pi * np.outer(time, f))))
    assert np.abs(heard) == pytest.approx(spectrum, abs=0.01 * np.deg2rad(3))
    inside = spectrum > 0.5 * spectrum.max()
    assert np.ptp(np.angle(heard[inside])) < 0.1  # refocused


def diffusion_echo(strength=0.02, delta=0.01, Delta=0.02, ramp=1e-3):
    """90° – lobe – 180° – lobe – echo; and the b value on paper, trapezoids included, s/m²."""
    half = 0.025
    lobes = trapezoids((0.003, ramp, delta - ramp, strength), (0.003 + Delta, ramp, delta - ramp, strength))
    t = timeline(
        [hard(0, 90, time=1e-8), hard(half, 180, 90, "refocusing", 1e-8)], [Readout(2 * half, 1e-9, 1)], 0.06, x=lobes
    )
    g = 2 * np.pi * GAMMA_BAR * strength
    return t, g**2 * (delta**2 * (Delta - delta / 3) + ramp**3 / 30 - delta * ramp**2 / 6)


def test_stejskal_and_tanner_exactly_along_the_echo():
    t, b = diffusion_echo(Delta=0.027)
    for D in (0.7e-9, 2.2e-9):
        with_, without = (abs(hear(t, spins(diffusion=np.array([d])))[0][0]) for d in (D, 0.0))
        assert with_ / without == pytest.approx(np.exp(-b * D), rel=1e-6)


def test_stejskal_and_tanner_by_random_walk():
    """20,000 walkers: the mean of cos φ has a standard error below 0.005."""
    t, b = diffusion_echo(strength=0.06, Delta=0.027)
    n, D = 20_000, 1.0e-9
    heard = hear(t, spins(n, T1=1e3, T2=1e3, diffusion=np.full(n, D)), diffusion="walk", seed=3)[0][0]
    assert abs(heard) == pytest.approx(np.exp(-b * D), abs=0.015)
    assert 0.3 < np.exp(-b * D) < 0.8  # a test of something
    again = hear(t, spins(n, T1=1e3, T2=1e3, diffusion=np.full(n, D)), diffusion="walk", seed=4)[0][0]
    assert again != heard


def test_flow_along_a_gradient_turns_by_its_first_moment():
    lobes = trapezoids((0.001, 1e-4, 1e-3, 0.02), (0.0025, 1e-4, 1e-3, -0.02))
    t = timeline([hard(0, 90, time=1e-8)], [Readout(0.005, 1e-9, 1)], 0.006, x=lobes)
    body = spins(T1=1e3, T2=1e3, velocity=np.array([[0.4, 0.0, 0.0]]))
    first = GAMMA_BAR * 0.02 * 1.1e-3 * -0.0015  # area times the distance of the lobes
    heard = hear(t, body)[0][0]
    assert heard / 1j == pytest.approx(np.exp(-2j * np.pi * first * 0.4), abs=1e-5)


def test_diffusion_goes_on_while_a_pulse_lasts():
    """A refocusing pulse of 3 ms between the lobes: what they weaken is exp(−bD) with the time of the pulse in b."""
    D, step = 2e-9, 1e-5
    wave = np.full((1, 300), 0.5 / (300 * step), complex)
    lobes = trapezoids((2e-3, 1e-3, 8e-3, 0.03), (16e-3, 1e-3, 8e-3, 0.03))
    slow = Pulse(12.5e-3, step, wave, 0.0, np.pi / 2, "refocusing")
    echo = timeline([hard(0.0, 90), slow], [Readout(28e-3 - 5e-6, 1e-5, 1, 0.0, 0.0, {})], 30e-3, x=lobes)
    place = np.linspace(-1e-5, 1e-5, 5)[:, None] * [1, 0, 0]
    with_, without = (
        abs(hear(echo, spins(5, T1=1e3, T2=1e3, position=place, diffusion=np.full(5, d)))[0][0]) for d in (D, 0.0)
    )
    b = b_values(echo, np.array([28e-3]))[0]
    assert with_ / without == pytest.approx(np.exp(-b * D), rel=1e-4)
    flat = (2 * np.pi * GAMMA_BAR * 0.03 * 9e-3) ** 2 * 3e-3  # of the pulse alone
    assert flat > 0.15 * b


def test_a_tensor_weakens_by_the_direction_of_the_gradient():
    D = np.array([[1e-9, 2e-9, 3e-9, 0.4e-9, -0.3e-9, 0.2e-9]])
    lobes = trapezoids((2e-3, 1e-3, 8e-3, 0.03), (14e-3, 1e-3, 8e-3, 0.03))
    still = trapezoids((2e-3, 1e-3, 8e-3, 0.0))
    found = {}
    for name, axes in {"x": (lobes, still, still), "y": (still, lobes, still), "xy": (lobes, lobes, still)}.items():
        pulses = [hard(0.0, 90), hard(12.9e-3, 180, 90, "refocusing")]
        echo = timeline(pulses, [Readout(26e-3, 1e-5, 1, 0.0, 0.0, {})], 30e-3, *axes)
        heard = [abs(hear(echo, spins(1, T1=1e3, T2=1e3, diffusion=d))[0][0]) for d in (D, 0 * D)]
        found[name] = -np.log(heard[0] / heard[1])
        assert heard[0] == pytest.approx(abs(reference(echo, spins(1, T1=1e3, T2=1e3, diffusion=D), np.ones((1, 1)))[0][0, 0]), rel=1e-4)  # fmt: skip
    assert found["y"] / found["x"] == pytest.approx(2.0, rel=1e-4)
    assert found["xy"] / found["x"] == pytest.approx(1 + 2 + 2 * 0.4, rel=1e-4)
