"""Chambers, septum, bag and clocks by themselves."""

import itertools
import math

import pytest

from proband.engine import Engine
from proband.model import Body
from proband.organs.heart import (
    atrial_fibrillation,
    atrium,
    contraction,
    coronary_supply,
    muscle_need,
    paced,
    pericardium,
    premature_beats,
    septum,
    sinus,
    ventricle,
)
from proband.organs.heart.restitution import strength
from proband.units import *


def pressure(volume, active, **rows):
    return ventricle.evaluate(volume=volume, active=active, **rows)["pressure"]


def test_systolic_line_is_straight():
    low, mid, high = (pressure(v, 1.0) for v in (60, 90, 120))
    assert high - mid == pytest.approx(mid - low)
    assert mid - low == pytest.approx(30 * 2.9)


def test_a_starved_heart_weakens_as_suga_saw():
    """Suga 1988, dogs' hearts: elastance falls by 17 % from 82 to 51 mmHg, by 56 % to 32; autoregulation covers what lies above."""
    left = [coronary_supply.evaluate(sensed=p, arterial=p)["share"] for p in (120, 82, 51, 32, 5)]
    assert left[:2] == [1, 1]
    assert left[2:4] == pytest.approx([0.83, 0.44], abs=0.01)
    assert left[4] == 0.2
    half, whole = (pressure(100, 1.0, supplied=x) for x in (0.5, 1.0))
    assert half == pytest.approx(0.5 * whole)


def test_a_muscle_that_needs_little_starves_later():
    """Half of the need is served by half of the pressure above that at which nothing flows; what needs more than Suga's counts as his."""
    left = [
        coronary_supply.evaluate(sensed=p, arterial=p, need=n)["share"] for p, n in ((51, 1.0), (30.5, 0.5), (51, 2.0))
    ]
    assert left == pytest.approx([left[0]] * 3)
    assert coronary_supply.evaluate(sensed=42, arterial=42, need=0.5)["share"] == 1


def test_a_beat_needs_oxygen_for_its_pressure_volume_area():
    """An isovolumic beat of 100 mL beyond rest at 100 mmHg stores 5000 mmHg mL; Suga's line gives it 0.0685 mL beside the 0.045 of an empty one."""
    tau, full = 10.0, 0.089 * 150 / 60

    def beat(top: float) -> float:
        """mL of oxygen."""
        active, stiff, need = 0.0, 0.0, 0.0
        for phase in [*(0.5 - 0.5 * math.cos(math.pi * n / 10) for n in range(1, 11)), 0.5, 0.0]:
            told = muscle_need.evaluate(
                active=phase, across=phase * top, stretch=100.0, active_before=active, stiff_before=stiff, need=0.0
            )
            need += told["next_need"]
            active, stiff = told["next_active_before"], told["next_stiff_before"]
        return need * tau * full

    assert beat(0.0) == pytest.approx(0.045)
    assert beat(100.0) == pytest.approx(0.045 + 0.0685)


def test_relaxed_ventricle_stiffens_as_it_fills():
    steps = [pressure(v, 0.0) for v in (50, 90, 130, 170)]
    slopes = [b - a for a, b in itertools.pairwise(steps)]
    assert slopes == sorted(slopes) and slopes[0] > 0


def test_relaxed_ventricle_sucks_below_its_rest_volume():
    assert pressure(16.77, 0.0) == pytest.approx(0, abs=1e-9)
    emptier = [pressure(v, 0.0) for v in (14, 10, 5, 0)]
    assert emptier == sorted(emptier, reverse=True)
    assert emptier[-1] < -20


def test_ejection_takes_pressure_away():
    still, ejecting = pressure(100, 1.0), pressure(100, 1.0, ejection=500)
    assert ejecting == pytest.approx(still * (1 - 0.0008 * 500))


def test_atrium_stiffens_and_contracts():
    assert atrium.evaluate(volume=80, active=1)["pressure"] > atrium.evaluate(volume=80, active=0)["pressure"]


def test_surroundings_add_up():
    assert pressure(100, 0.5, outside=20) - pressure(100, 0.5, outside=0) == pytest.approx(20)


def at_rest_septum(left, right, active):
    """The bulge where the septum stands still."""
    row = septum.rows
    E = row["E_d"].value + (row["E_s"].value - row["E_d"].value) * active
    E = row["E_d"].unit.of(E)
    bulge = (left - right) / E
    assert septum.evaluate(left=left, right=right, active=active, bulge=bulge)["d_bulge"] == pytest.approx(0, abs=1e-6)
    return bulge


def coupled(left_volume, right_volume, E_left, E_right):
    """Pressures of both contracted ventricles at their balance, by plain iteration with the components themselves."""
    bulge = 0.0
    for _ in range(400):
        left = pressure(left_volume, 1.0, bulge=bulge, E_max=E_left, V_0=5)
        right = pressure(right_volume, 1.0, bulge=bulge, E_max=E_right, V_0=40.8, side=-1)
        bulge += 0.1 * (at_rest_septum(left, right, 1.0) - bulge)
    return left, right


def test_left_ventricle_gives_20_to_40_percent_of_right_systolic_pressure():
    _, together = coupled(100, 120, 3.1, 0.42)
    _, alone = coupled(5, 120, 3.1, 0.42)  # the left ventricle at its rest volume makes no pressure of its own
    assert 0.20 < (together - alone) / together < 0.40


def test_right_ventricle_gives_4_to_10_percent_of_left_systolic_pressure():
    together, _ = coupled(70, 120, 3.1, 0.42)
    alone, _ = coupled(70, 40.8, 3.1, 0.42)
    assert 0.04 < (together - alone) / together < 0.10


def test_pericardium_stiffens_and_can_be_opened():
    volumes = {"right_ventricle": 180, "left_atrium": 60, "right_atrium": 60}
    rest, full = (pericardium.evaluate(left_ventricle=v, **volumes)["squeeze"] for v in (120, 160))
    assert full == pytest.approx(rest * math.e)
    assert pericardium.evaluate(left_ventricle=160, closed=0, chest=-3, **volumes)["pressure"] == pytest.approx(-3)


def driven(t, bridges=0.0, **rows):
    clocks = {"atrial_clock": t, "ventricular_clock": t, "atrial_pace": 4, "ventricular_pace": 4}
    return contraction.evaluate(bridges=bridges, **clocks, **rows)


def test_atria_rise_to_one_and_are_done_at_one_and_a_half():
    for t, share in ((0.0, 0), (0.125, 0.5), (0.25, 1), (0.375, 0), (5.0, 0)):
        assert driven(t)["atria"] == pytest.approx(share, abs=1e-12)


def test_calcium_goes_five_times_as_fast_as_it_comes():
    for t, share in ((0.0, 0), (0.125, 0.5), (0.25, 1), (0.275, 0.5), (0.30, 0), (5.0, 0)):
        assert driven(t)["calcium"] == pytest.approx(share, abs=1e-12)


def test_bridges_rest_where_all_are_attached_at_the_peak_of_calcium_or_none_without_it():
    for kappa in (0.0, 0.3, 0.8):
        assert driven(0.25, 1.0, kappa=kappa)["d_bridges"] == pytest.approx(0, abs=1e-9)
        assert driven(5.0, 0.0, kappa=kappa)["d_bridges"] == 0


def test_without_calcium_few_bridges_let_go_in_their_own_time_and_many_hold_each_other():
    free = driven(5.0, 1e-6, kappa=0.8, rest=0.1)["d_bridges"]
    assert free == pytest.approx(-1e-6 * 4 / 0.1, rel=1e-5)
    many = driven(5.0, 1.0, kappa=0.8, rest=0.1)["d_bridges"]
    assert many == pytest.approx(-0.2 * 4 / 0.1)


def test_nerves_that_strengthen_the_muscle_quicken_it():
    usual, driven_on = (driven(5.0, 0.5, contractility=c)["d_bridges"] for c in (1.0, 1.4))
    assert driven_on == pytest.approx(usual * 1.1**2)
    assert driven(0.125, contractility=1.4)["calcium"] > 0.5


def clock_times(part, seconds=60, seed=0):
    body = Body(heart=part)
    run = Engine(body).start(patients=1, seed=seed)
    run.advance(seconds * s)
    return [e.time_s for e in run.events() if e.active and e.event == "beat"]


def intervals(part, **kw):
    times = clock_times(part, **kw)
    return [b - a for a, b in itertools.pairwise(times)]


def test_sinus_keeps_the_interval_asked_for():
    beats = intervals(sinus(asked=0.8 * s))
    assert sum(beats[5:]) / len(beats[5:]) == pytest.approx(0.8, abs=0.001)


def test_pacemaker_keeps_its_rate_whatever_the_nerves_ask():
    beats = intervals(paced(asked=0.5 * s, set_rate=75 / min_))
    assert sum(beats[5:]) / len(beats[5:]) == pytest.approx(0.8, abs=0.001)


def test_premature_beat_is_early_and_its_pause_makes_up_for_it():
    beats = intervals(premature_beats(asked=0.8 * s))[6:]
    early, late = min(beats), max(beats)
    assert early == pytest.approx(0.6 * 0.8, abs=0.005)
    assert early + late == pytest.approx(1.6, abs=0.005)


def test_fibrillation_is_irregular_about_the_interval_asked_for():
    beats = intervals(atrial_fibrillation(asked=0.75 * s), seconds=240)
    mean = sum(beats) / len(beats)
    spread = (sum((b - mean) ** 2 for b in beats) / len(beats)) ** 0.5
    assert mean == pytest.approx(0.75, rel=0.05)
    assert spread / mean == pytest.approx(0.22, rel=0.2)
    assert beats != intervals(atrial_fibrillation(asked=0.75 * s), seconds=240, seed=1)


YUE = {"t_0": 0.30, "tau": 0.18, "gain": 1.0}  # s


def test_a_regular_beat_has_its_usual_force():
    assert all(strength(i, i, i, **YUE) == pytest.approx(1) for i in (0.4, 0.6, 1.0))


def test_an_early_beat_is_weak_and_the_next_one_strong():
    weak, strong = strength(0.45, 0.8, 0.8, **YUE), strength(1.15, 0.45, 0.8, **YUE)
    assert weak < 0.65
    assert 1.2 < strong < 1.6  # pulse pressure + 49 ± 33 % in cardiomyopathy, + 10 ± 5 % in the healthy


def test_restitution_has_its_time_constant():
    missing = [1 - strength(i, 0.8, 0.8, **YUE) / strength(50, 0.8, 0.8, **YUE) for i in (0.4, 0.4 + 0.18)]
    assert missing[0] / missing[1] == pytest.approx(math.e)


@pytest.mark.parametrize("rhythm", [premature_beats, atrial_fibrillation])
def test_irregular_rhythms_tell_how_hard_each_beat_is(rhythm):
    run = Engine(Body(heart=rhythm(asked=0.8 * s)), observe=["heart.strength"]).start()
    run.advance(5 * s)
    run.begin_window()
    run.advance(60 * s)
    window = run.window()
    assert window.min("heart.strength")[0] < 0.9
    assert window.max("heart.strength")[0] > 1.05


def test_fibrillation_whose_beats_come_evenly_has_even_force():
    run = Engine(Body(heart=atrial_fibrillation(asked=0.8 * s, spread=0.0)), observe=["heart.strength"]).start()
    run.advance(5 * s)
    run.begin_window()
    run.advance(10 * s)
    assert run.window().range("heart.strength")[0] < 1e-6
