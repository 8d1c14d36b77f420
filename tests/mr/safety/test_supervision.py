"""Sequences against the limits, on a made-up body of known absorption."""

import json
from dataclasses import replace

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.safety import acoustics, nerves, windows
from proband.mr.safety.limits import FIRST_LEVEL, NORMAL, limits
from proband.mr.safety.supervision import SafetyRefusal, check, supervise
from proband.mr.scanner.fields import Fields
from proband.mr.scanner.scanner import GAMMA, LowPass, NerveFilter
from proband.mr.scanner.sheet import scanner
from proband.mr.scanner.shimming import Shim
from proband.mr.sequence.timeline import Pulse, Timeline, Waveform
from proband.mr.space import Grid

THREE, FIVE = scanner("scanner_3t"), scanner("scanner_5t")
# Three filters, as makers share them.
EXAMPLE = NerveFilter((LowPass(1.5e-3, 0.55), LowPass(2.5e-3, 0.15, True), LowPass(0.15e-3, 0.30)), 15.0, 0.31)
NOTHING = Waveform(np.zeros(0), np.zeros(0))
SHIM = Shim("made up", np.array([1.0, 1j]) / np.sqrt(2), 1e-7, 0.0, 0.0)  # 0.1 µT for 1 √W


def body(c=2, local=0.05, whole=0.004):
    """Absorbs `whole` W/kg per W in any drive; 10 g spots that take one channel each."""
    Q = np.zeros((40, c, c), complex)
    for p in range(40):
        Q[p, p % c, p % c] = local * (1 - p / 80)
    grid = Grid.centred((3, 3, 3), (0.01,) * 3)
    return Fields(
        grid=grid,
        B0=3.0,
        off_resonance=np.zeros(grid.shape),
        transmit=np.full((c, 3, 3, 3), 1e-7 / np.sqrt(2), complex),
        receive=np.ones((1, 3, 3, 3), complex),
        noise_covariance=np.eye(1),
        absorbed_global=whole * np.eye(c),
        absorbed_local=Q,
        absorbed_head=2 * whole * np.eye(c),
        absorbed_partial=4 * whole * np.eye(c),
        exposed_mass=17.5,
        body_mass=70.0,
    )


def hard_pulses(count, spacing, field, length=1e-3):
    """`field` T for `length` s, again and again."""
    wave = np.full((1, 100), field * GAMMA, complex)
    pulses = tuple(Pulse(i * spacing, length / 100, wave) for i in range(count))
    blocks = np.concatenate([[i * spacing, i * spacing + length] for i in range(count)] + [[count * spacing]])
    return Timeline(pulses, (NOTHING,) * 3, (), count * spacing, blocks=blocks)


def gradient(values, times, axis=0):
    waves = [NOTHING] * 3
    waves[axis] = Waveform(np.array(times, float), np.array(values, float))
    return Timeline((), tuple(waves), (), float(times[-1]) + 1e-3, blocks=np.array([0, times[1], times[-1] + 1e-3]))


def test_sar_is_the_power_times_the_matrix():
    """1 µT is 10 √W, 100 W; 1 ms of 10 ms: 10 W on average."""
    record = supervise(hard_pulses(200, 10e-3, 1e-6), THREE, body(), shim=SHIM)
    assert record.finding("whole-body SAR over 6 min").value == pytest.approx(10 * 0.004, rel=1e-6)
    assert record.finding("head SAR over 6 min").value == pytest.approx(10 * 0.008, rel=1e-6)
    assert record.finding("partial-body SAR over 6 min").value == pytest.approx(10 * 0.016, rel=1e-6)
    assert record.finding("partial-body SAR over 6 min").limit == pytest.approx(10 - 8 * 0.25)
    local = record.finding("local SAR over 6 min").value
    assert (
        5 * 0.05 <= local <= 5 * 0.05 + 10 * 0.05 * 0.05 * (1 + 1e-9)
    )  # half in each channel; observation points add ≤ 5 %
    assert record.finding("peak power of a channel").value == pytest.approx(0.05)
    assert record.finding("mean power of a channel").value == pytest.approx(5.0)
    assert record.allowed


def test_a_burst_is_judged_over_ten_seconds():
    """5 s of pulses, then rest: over 6 min allowed, over 10 s not; the first pulse's block is named."""
    burst = hard_pulses(500, 10e-3, 10e-6)
    burst = replace(burst, duration=400.0, blocks=np.concatenate([burst.blocks[:-1], [400.0]]))
    record = supervise(burst, THREE, body(whole=0.01), shim=SHIM, mode="first level")
    assert record.finding("whole-body SAR over 6 min").value == pytest.approx(1000 * 0.01 * 5 / 360, rel=1e-3)
    ten = record.finding("whole-body SAR over 10 s")
    assert ten.value == pytest.approx(1000 * 0.01 * 0.5, rel=1e-3)
    assert ten.limit == 8.0
    assert record.finding("local SAR over 6 min").allowed
    with pytest.raises(SafetyRefusal, match=r"refused in block 1 at 0\.0000 s: .* above the limit of") as refusal:
        check(burst, THREE, body(whole=0.02), shim=SHIM)
    assert refusal.value.record.finding("whole-body SAR over 10 s").value == pytest.approx(2 * ten.value, rel=1e-3)
    assert "\n" not in str(refusal.value)


def test_first_level_allows_what_normal_does_not():
    line = hard_pulses(300, 10e-3, 8e-6)
    patient = replace(body(local=0.01), absorbed_head=None, absorbed_partial=None)
    with pytest.raises(SafetyRefusal, match=r"whole-body SAR over 6 min is 2\.56 W/kg, 28% above the limit of 2 W/kg"):
        check(line, THREE, patient, shim=SHIM)
    record = check(line, THREE, patient, shim=SHIM, mode="first level")
    assert record.mode == "first level"
    assert record.finding("whole-body SAR over 6 min").limit == 4.0


def test_other_phases_heat_other_places():
    """A spot that sees both channels with opposite signs is cold in one phase and hottest in another."""
    b = body()
    Q = np.array([[[0.1, -0.1], [-0.1, 0.1]]], complex)
    b = replace(b, absorbed_local=Q)
    line = hard_pulses(100, 10e-3, 1e-6)
    cold, hot = (
        supervise(line, THREE, b, shim=replace(SHIM, weights=np.array([1.0, s]) / np.sqrt(2))).finding(
            "local SAR over 6 min"
        )
        for s in (1, -1)
    )
    assert cold.value == pytest.approx(10 * 0.2 * 0.05)  # nothing but the observation points' margin
    assert hot.value == pytest.approx(10 * 0.2 * 1.05)


def test_per_channel_pulses_and_wrong_channels():
    wave = np.zeros((2, 100), complex)
    wave[0] = 1e-6 * GAMMA
    line = Timeline((Pulse(0.0, 1e-5, wave),), (NOTHING,) * 3, (), 0.01)
    record = supervise(line, THREE, body(), shim=SHIM)
    assert record.finding("whole-body SAR over 6 min").value == pytest.approx(10 * 0.004)
    assert record.finding("peak power of a channel").value == pytest.approx(0.1)
    with pytest.raises(ModelError, match="3 channels"):
        supervise(replace(line, pulses=(Pulse(0.0, 1e-5, np.ones((3, 4))),)), THREE, body(), shim=SHIM)
    with pytest.raises(ModelError, match="not a number"):
        supervise(replace(line, pulses=(Pulse(0.0, 1e-5, np.full((1, 4), np.nan)),)), THREE, body(), shim=SHIM)


def test_gradients_are_judged_where_they_are_worst():
    good = gradient([0, 0.03, 0.03, 0], [0, 0.4e-3, 2e-3, 2.4e-3])
    assert check(good, THREE).allowed
    with pytest.raises(
        SafetyRefusal, match=r"in block 2 at 0\.0004 s: gradient x is 60 mT/m, 33% above the limit of 45"
    ):
        check(gradient([0, 0.06, 0.06, 0], [0, 0.4e-3, 2e-3, 2.4e-3]), THREE)
    with pytest.raises(SafetyRefusal, match=r"slew x is 300 T/m/s, 50% above"):
        check(gradient([0, 0.03, 0.03, 0], [0, 0.1e-3, 2e-3, 2.4e-3]), replace(THREE))
    long = gradient([0, 0.03, 0.03, 0], [0, 1e-3, 20.0, 20.001])
    record = supervise(long, THREE)
    assert record.finding("rms gradient x").value == pytest.approx(30.0, rel=1e-3)
    assert not record.finding("rms gradient x").allowed
    assert record.finding("rms gradient x").limit == 25


def test_safe_model_against_a_direct_integration():
    rng = np.random.default_rng(2)
    knots = np.cumsum(np.concatenate([[0.0], rng.uniform(1e-4, 8e-4, 40)]))
    G = np.concatenate([[0], rng.uniform(-0.02, 0.02, 40)])
    line = Timeline((), (NOTHING, Waveform(knots, G), NOTHING), (), knots[-1])
    k, slew = nerves.slews(line)
    got = nerves.safe(k, slew, (EXAMPLE,) * 3)
    axis, dt = EXAMPLE, 1e-7
    y = np.zeros(3)
    peak = 0.0
    for t in np.arange(0, knots[-1], dt):
        s = slew[1][min(np.searchsorted(knots, t, side="right") - 1, 39)]
        drive = np.array([s, abs(s), s])
        y += (drive - y) * dt / np.array([f.time for f in axis.filters]) if t < 3e-3 else 0
        if t < 3e-3:
            peak = max(peak, axis.scale / axis.limit * float(np.dot([f.share for f in axis.filters], np.abs(y))))
        else:
            break
    assert got[k[1:] < 3e-3].max() == pytest.approx(peak, rel=0.03)


def test_default_law_of_one_ramp():
    """0.02 T/m in 0.2 ms: 0.30 m × 100 T/m/s over 20 T/s (1 + 0.36/0.2)."""
    line = gradient([0, 0.02, 0.02, 0], [0, 0.2e-3, 2e-3, 2.2e-3])
    k, slew = nerves.slews(line)
    assert nerves.default_law(k, slew).max() == pytest.approx(30 / (20 * (1 + 0.36 / 0.2)))
    faster = gradient([0, 0.02, -0.02, 0], [0, 0.2e-3, 0.6e-3, 0.8e-3])
    assert nerves.default_law(*nerves.slews(faster)).max() == pytest.approx(30 / (20 * (1 + 0.36 / 0.4)))


def test_fast_planar_readouts_stimulate_more_than_the_threshold():
    n, ramp = 64, 0.15e-3
    times = np.concatenate([[0], (np.arange(1, n + 1)) * 0.5e-3, [(n + 1) * 0.5e-3]])
    values = np.concatenate([[0], 0.045 * (-1.0) ** np.arange(n), [0]])
    assert ramp < 0.5e-3
    record = supervise(gradient(values, times, axis=1), FIVE)
    assert record.finding("nerve stimulation").value > 80
    assert record.finding("nerve stimulation").limit == pytest.approx(80)


def test_without_a_model_in_the_sheet_the_default_law_is_the_limit():
    """45 mT/m in 0.25 ms: 0.30 m × 180 T/m/s over 20 T/s (1 + 0.36/0.25) is 111 % of the threshold."""
    line = gradient([0, 0.045, 0.045, 0], [0, 0.25e-3, 2e-3, 2.25e-3])
    with_model = supervise(line, THREE).finding("nerve stimulation by the default law")
    assert with_model.limit is None and with_model.allowed
    bare = replace(THREE, gradients=replace(THREE.gradients, nerves=()))
    with pytest.raises(
        SafetyRefusal, match=r"nerve stimulation by the default law is 110\.7 %, 38% above the limit of 80"
    ):
        check(line, bare)
    slower = gradient([0, 0.03, 0.03, 0], [0, 0.4e-3, 2e-3, 2.4e-3])
    record = check(slower, bare)
    assert record.finding("nerve stimulation by the default law").limit == pytest.approx(80)
    assert "nerve stimulation" not in {f.name for f in record.findings}
    assert any("no model of nerve stimulation" in n for n in record.notes)


def test_five_tesla_is_always_first_level():
    line = gradient([0, 0.01, 0], [0, 1e-3, 2e-3])
    record = check(line, FIVE)
    assert record.static_field_mode == "first level"
    assert any("medical supervision" in n for n in record.notes)
    assert check(line, THREE).static_field_mode == "normal"
    with pytest.raises(SafetyRefusal, match=r"static field is 10\.5 T"):
        check(line, replace(FIVE, field=10.5))


def test_the_record_is_evidence():
    record = supervise(hard_pulses(20, 10e-3, 1e-6), THREE, body(), shim=SHIM)
    told = json.loads(json.dumps(record.as_dict()))
    assert told["allowed"] is True
    assert {f["name"] for f in told["findings"]} >= {"local SAR over 10 s", "whole-body SAR over 6 min", "loudness"}
    assert all(f["source"] for f in told["findings"])
    assert any("not judged" in n for n in supervise(hard_pulses(2, 1e-2, 1e-6), THREE).notes)
    with pytest.raises(ModelError, match="'normal' or 'first level'"):
        check(hard_pulses(2, 1e-2, 1e-6), THREE, mode="second")
    with pytest.raises(ModelError, match="local SAR over 10 s"):
        record.finding("SAR")


def test_limits_of_both_modes():
    assert (NORMAL.whole_body, FIRST_LEVEL.whole_body) == (2, 4)
    assert (NORMAL.partial_body(0.5), FIRST_LEVEL.partial_body(0.5)) == (6, 7)
    assert limits("first") is FIRST_LEVEL


def test_windows():
    times = np.arange(100) * 0.1
    energy = np.zeros((100, 1))
    energy[40:60] = 1.0
    mean, begin = windows.worst_mean(times, energy, 2.0, 10.0)
    assert mean[0] == pytest.approx(10.0)
    assert begin[0] == pytest.approx(4.0)
    rms, _ = windows.worst_rms(np.array([0, 1.0, 2.0]), np.array([0.0, 3.0, 0.0]), 10.0)
    assert rms == pytest.approx(np.sqrt(6.0 / 10))


def test_loudness_follows_slew_and_resonance():
    def tone(f, top=0.01):
        t = np.arange(0, 0.5, 1 / (16 * f))
        return gradient(top * np.sin(2 * np.pi * f * t), t)

    coils = THREE.gradients
    quiet, loud = acoustics.loudness(tone(1000, 0.005), coils), acoustics.loudness(tone(1000, 0.01), coils)
    assert loud - quiet == pytest.approx(20 * np.log10(2), abs=0.01)
    slew = 2 * np.pi * 1000 * 0.01 / np.sqrt(2)
    assert loud == pytest.approx(20 * np.log10(slew * coils.acoustic_sensitivity / 20e-6), abs=0.3)
    assert acoustics.loudness(tone(300, 0.01), coils) < loud - 15
    assert acoustics.loudness(Timeline((), (NOTHING,) * 3, (), 1.0), coils) == 0.0
    assert acoustics.a_weighting(np.array([1000.0])) == pytest.approx(1.0, abs=0.01)
