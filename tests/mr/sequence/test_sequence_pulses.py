"""Pulses against Bloch's equation, gating, hardware limits and undersampling patterns."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proband.model import ModelError
from proband.mr.sequence import Limits, build, check_hardware
from proband.mr.sequence.draft import Draft
from proband.mr.sequence.gating import cardiac_phase, gated, r_waves, triggers
from proband.mr.sequence.hardware import breaches
from proband.mr.sequence.limits import GAMMA
from proband.mr.sequence.pulses import bir4, fat_saturation, hyperbolic_secant, inversion, saturation, slice_pulse
from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform
from proband.mr.sequence.undersampling import caipi, calibration, golden_angles, pattern, uniform


def turned(signal, step, scale=1.0, offset=0.0):
    """Mz of spins that began along z, without relaxation, by products of rotations; `signal` in Hz."""
    scale, offset = np.broadcast_arrays(np.asarray(scale, float), np.asarray(offset, float))
    a, b = np.ones(scale.shape, complex), np.zeros(scale.shape, complex)
    for sample in signal:
        x, y, z = 2 * np.pi * scale * sample.real, 2 * np.pi * scale * sample.imag, 2 * np.pi * offset
        size = np.sqrt(x**2 + y**2 + z**2) + 1e-30
        cosine, sine = np.cos(size * step / 2), np.sin(size * step / 2) / size
        p, q = cosine - 1j * z * sine, (y - 1j * x) * sine
        a, b = p * a - np.conj(q) * b, q * a + np.conj(p) * b
    return np.abs(a) ** 2 - np.abs(b) ** 2


def test_hyperbolic_secant_inverts_whatever_the_field():
    signal = hyperbolic_secant(10.24e-3, 8e-6, 480.0, 900.0)
    scale, offset = np.meshgrid([0.8, 1.0, 1.3], [-250, 0, 250])
    assert turned(signal, 8e-6, scale, offset).max() < -0.92
    assert turned(signal, 8e-6, 0.4, 0.0) > -0.8  # too little field: not adiabatic any more
    assert turned(signal, 8e-6, 1.0, 1500.0) > 0.9  # out of the band


def test_bir4_flips_by_its_angle_whatever_the_field():
    for flip in (np.pi / 2, np.pi / 4):
        left = turned(bir4(8e-3, 8e-6, 480.0, flip), 8e-6, [0.5, 0.7, 1.0, 1.2])
        assert left == pytest.approx(np.cos(flip), abs=0.06)


@pytest.mark.parametrize("B1", [12e-6, 20e-6])
def test_saturation_train_leaves_nothing(B1):
    draft = Draft(Limits(max_B1=B1))
    scale, offset = np.meshgrid(np.linspace(0.4, 1.2, 9), np.linspace(-250, 250, 5))
    left = np.ones(scale.shape)
    for pulse in saturation(draft, 0.008).pulses:
        left = left * turned([abs(pulse.rf.signal[0])], pulse.rf.shape_dur, scale, offset)
    assert np.abs(left).max() < 0.03


def test_slice_pulse_excites_its_slice():
    pulse = slice_pulse(Draft(Limits()), np.pi / 2, 0.005, 3e-3, 6.0)
    z = np.array([-0.006, -0.004, 0.0, 0.001, 0.004, 0.006])
    left = turned(pulse.rf.signal[::2], 2e-6, 1.0, z * pulse.gradient.amplitude)
    assert np.abs(left[2:4]).max() < 0.05
    assert left[[0, 1, 4, 5]].min() > 0.97


def test_slice_pulse_is_stretched_to_the_transmitter():
    pulse = slice_pulse(Draft(Limits(max_B1=5e-6)), np.pi, 0.005, 2e-3, 4.0, "refocusing")
    assert np.abs(pulse.rf.signal).max() <= 5e-6 * GAMMA
    assert pulse.rf.shape_dur > 4e-3


def test_moments_of_a_slice_gradient_are_equal_about_the_centre():
    pulse = slice_pulse(Draft(Limits()), np.pi / 2, 0.005)
    assert pulse.area_before == pytest.approx(pulse.area_after)
    assert pulse.area_before + pulse.area_after == pytest.approx(pulse.gradient.area)


@pytest.mark.parametrize("B0", [3.0, 5.0])
def test_fat_saturation_spares_water(B0):
    pulse = fat_saturation(Draft(Limits(B0=B0)))
    fat = -3.4e-6 * GAMMA * B0
    assert pulse.rf.freq_offset == pytest.approx(fat)
    # In the pulse's own frame water lies on the other side.
    left = turned(pulse.rf.signal[::4], 4e-6, 1.0, [0.0, -fat])
    assert left[0] == pytest.approx(np.cos(np.deg2rad(110)), abs=0.01)
    assert left[1] > 0.98


def test_inversion_stays_below_the_transmitter():
    assert np.abs(inversion(Draft(Limits(max_B1=8e-6))).rf.signal).max() <= 8e-6 * GAMMA


# ----------------------------------------------------------------------------------------------------------- gating


def test_r_waves_keep_their_mean_and_their_seed():
    times = r_waves(0.9, 600.0, seed=1)
    intervals = np.diff(times)
    assert times[0] < 0.9 and times[-1] > 600
    assert intervals.mean() == pytest.approx(0.9, rel=0.01)
    assert 0.02 < intervals.std() / 0.9 < 0.05
    assert np.array_equal(times, r_waves(0.9, 600.0, seed=1))
    assert not np.array_equal(times, r_waves(0.9, 600.0, seed=2))


def test_the_field_fools_the_trigger_more_the_higher_it_is():
    beats = r_waves(0.9, 3000.0, seed=3)

    def wrong(B0):
        heard = triggers(beats, B0, seed=4)
        late = heard - beats[np.searchsorted(beats, heard, side="right") - 1]
        return np.mean(late > 0.05), np.median(late[late < 0.05])

    shares, delays = zip(*[wrong(B0) for B0 in (1.5, 3.0, 5.0, 7.0)])
    assert shares[0] == 0 and shares[1] < 0.01 < shares[2] < shares[3]
    assert list(delays) == sorted(delays)


def test_a_gated_sequence_waits_for_every_beat():
    sequence = build("molli", matrix=(32, 24), TI=0.1)
    beats = r_waves(1.0, 30.0, seed=5, variability=0.0, breathing=0.0)
    played = gated(sequence.timeline, beats)
    assert len(played.triggers) == 11
    for time in played.triggers:
        assert np.abs(beats - time).min() < 2e-5
    assert np.diff(played.triggers) == pytest.approx(1.0, abs=3e-5)
    # Inversion times as MOLLI wants them: TI + n RR.
    from proband.mr.sequence.trajectory import centre

    inversions = [p.start + centre(p) for p in played.pulses if p.use == "inversion"]
    images = {}
    for pulse, readout in zip([p for p in played.pulses if p.use == "excitation"][::-1], played.readouts[::-1]):
        del pulse
        if readout.labels["LIN"] == 12:
            images[readout.labels["SET"]] = readout.start
    first = images[0] - inversions[0]
    assert [images[n] - images[0] for n in range(5)] == pytest.approx(np.arange(5), abs=1e-4)
    assert images[5] - inversions[1] == pytest.approx(first + 0.08, abs=1e-4)
    assert inversions[1] - inversions[0] == pytest.approx(8 - 0.08, abs=1e-3)
    # Nothing but pauses changed.
    assert [p.wave is q.wave for p, q in zip(sequence.timeline.pulses, played.pulses)] == [True] * len(played.pulses)
    assert breaches(played, Limits()) == []


def test_gating_needs_enough_beats():
    sequence = build("molli", matrix=(32, 24))
    with pytest.raises(ModelError, match="triggers end"):
        gated(sequence.timeline, np.array([0.5, 1.5]))


def test_cardiac_phase():
    phase = cardiac_phase(np.array([-1.0, 0.0, 0.25, 1.5, 2.9, 3.0]), np.array([0.0, 1.0, 3.0]))
    assert phase[1:5] == pytest.approx([0.0, 0.25, 0.25, 0.95])
    assert np.isnan(phase[[0, 5]]).all()


# --------------------------------------------------------------------------------------------------------- hardware


def line(knots, values):
    return Waveform(np.array(knots), np.array(values))


NOTHING = line([], [])


def timeline(gradient=NOTHING, pulses=(), readouts=(), duration=2.0):
    return Timeline(
        tuple(pulses), (gradient, NOTHING, NOTHING), tuple(readouts), duration, blocks=np.array([0.0, 1.0, 2.0])
    )


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (
            timeline(line([1.1, 1.2, 1.3], [0, 0.05, 0])),
            r"block 2: gradient x reaches 50 mT/m, 10 mT/m above the limit of 40",
        ),
        (timeline(line([0.1, 0.1001, 0.2], [0, 0.02, 0])), r"block 1: gradient x slews at 200 T/m/s, 50 T/m/s above"),
        (timeline(line([0.1, 0.1, 0.2], [0, 0.02, 0])), "block 1: gradient x jumps by 20 mT/m"),
        (
            timeline(line([0.1, 0.100503, 0.2], [0, 0.001, 0])),
            r"block 1: a knot of gradient x lies 2000 ns off the raster of 5 µs",
        ),
        (timeline(line([0.1, 0.2, 1.8, 1.9], [0, 0.03, 0.03, 0])), "root mean square of 30 mT/m, 5 mT/m above"),
        (
            timeline(pulses=[Pulse(0.5, 1e-3, np.full((1, 2), 25e-6 * GAMMA))]),
            "block 1: the RF pulse reaches 25 µT, 5 µT above",
        ),
        (
            timeline(pulses=[Pulse(0.5, 1e-3, np.full((2, 2), 1.0))]),
            "block 1: the RF pulse has 2 channels, the scanner 1",
        ),
        (timeline(pulses=[Pulse(0.5000003, 1e-3, np.ones((1, 2)))]), "the RF pulse begins 300 ns off the raster"),
        (
            timeline(pulses=[Pulse(0.2, 0.7, np.full((1, 1), 10e-6 * GAMMA))]),
            "block 1 and the 1 s after it: the transmitter gives 17.5 % of its peak power on average, 7.5 points above",
        ),
        (timeline(readouts=[Readout(1.5, 1.05e-6, 10)]), "block 2: the readout's dwell time is 50 ns off"),
        (timeline(readouts=[Readout(1.5, 1e-6, 70000)]), "70000 samples, 4464 more than"),
        (
            timeline(pulses=[Pulse(0.5, 1e-3, np.ones((1, 2)))], readouts=[Readout(0.50201, 1e-5, 10)]),
            "the readout follows the RF pulse after 10 µs, 30 µs less than the dead times of 40 µs",
        ),
        (
            timeline(pulses=[Pulse(0.5, 1e-3, np.ones((1, 2)))], readouts=[Readout(0.501, 1e-5, 10)]),
            "follows the RF pulse after -1000 µs",
        ),
    ],
)
def test_a_breach_says_which_block_which_limit_by_how_much(what, says):
    with pytest.raises(ModelError, match=says):
        check_hardware(what, Limits())


@pytest.mark.parametrize("field", [3, 5])
def test_limits_follow_a_scanner(field):
    from proband.mr.scanner.sheet import scanner as sheet

    scanner = sheet(f"scanner_{field}t")
    limits = Limits.of(scanner, max_B1=12e-6)
    assert (limits.B0, limits.max_B1, limits.max_slew) == (field, 12e-6, scanner.gradients.slew)
    build("spin_echo", limits, matrix=(32, 8)).check()


def test_limits_must_be_limits():
    with pytest.raises(ModelError, match="max_slew = -1"):
        Limits(max_slew=-1)
    with pytest.raises(ModelError, match="max_gradient"):
        replace(Limits(), max_gradient=float("nan"))


# ---------------------------------------------------------------------------------------------------- undersampling


def test_uniform_and_caipi_keep_their_share():
    assert uniform((32, 32), (2, 2)).sum() == 256
    mask = caipi((32, 32), (2, 2))
    assert mask.sum() == 256
    assert mask[16, 16]
    # Neighbouring lines are shifted against each other.
    assert not np.array_equal(mask[16], mask[18])
    assert np.array_equal(mask[16], np.roll(mask[18], 1))


@given(
    kind=st.sampled_from(["poisson", "random"]), R=st.floats(2.0, 8.0), seed=st.integers(0, 1000),
    shape=st.sampled_from([(64, 1), (48, 32), (96, 1)]),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_random_patterns_keep_their_share_their_middle_and_their_seed(kind, R, seed, shape):
    acs = 6
    mask = pattern(shape, kind, R, acs, seed)
    assert mask.sum() == pytest.approx(shape[0] * shape[1] / R, abs=1)
    assert mask[calibration(shape, acs)].all()
    assert np.array_equal(mask, pattern(shape, kind, R, acs, seed))


def test_poisson_disc_keeps_its_distance_and_is_denser_in_the_middle():
    mask = pattern((96, 96), "poisson", 6.0, 16, seed=7)
    assert not np.array_equal(mask, pattern((96, 96), "poisson", 6.0, 16, seed=8))
    middle, rim = mask[28:68, 28:68], mask[:14]
    assert middle.mean() > 1.5 * rim.mean()
    from scipy.spatial import cKDTree

    points = np.argwhere(mask & ~calibration((96, 96), 24))
    nearest = cKDTree(points).query(points, k=2)[0][:, 1]
    scattered = np.random.default_rng(1).uniform(0, 96, points.shape)
    by_chance = cKDTree(scattered).query(scattered, k=2)[0][:, 1]
    # Points thrown without regard for each other lie closer: a quarter of them nearer than all but 5 % of these.
    assert np.percentile(nearest, 5) >= 1.4 > 1.2 * np.percentile(by_chance, 25)


def test_partial_fourier_leaves_out_the_first_lines():
    mask = pattern((64, 1), partial=0.75)
    assert not mask[:16].any() and mask[16:].all()


def test_golden_angles_never_repeat():
    angles = np.sort(golden_angles(55))
    assert np.diff(angles).min() > 0.4 * np.pi / 55
    assert np.diff(angles).max() < 2 * np.pi / 55


def test_impossible_patterns():
    with pytest.raises(ModelError, match="a whole number"):
        pattern((64, 1), "uniform", 2.5)
    with pytest.raises(ModelError, match="partial Fourier"):
        pattern((64, 1), partial=0.3)
