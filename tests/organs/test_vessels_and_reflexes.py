"""Veins, arterioles, posture and nerves by themselves."""

import itertools

import pytest

from proband.engine import Engine
from proband.model import Body
from proband.organs.reflexes import (
    autoregulation,
    baroreflex,
    brain_ischaemia,
    cardiopulmonary_reflex,
    muscle_receptors,
    venomotor,
)
from proband.organs.vessels import (
    arteriole,
    capillary_filtration,
    chest,
    collapsible_vein,
    distensible_vein,
    posture,
    vein,
    waterfall,
)
from proband.units import *


def test_nerves_squeeze_a_vein():
    before, after = (vein.evaluate(volume=65, squeezed=q)["pressure"] for q in (0, 10))
    assert after - before == pytest.approx(10 / 5)


def test_leg_veins_stiffen_and_never_exceed_their_limit():
    pressures = [distensible_vein.evaluate(volume=716 + x)["pressure"] for x in (100, 300, 500, 700, 900, 990)]
    slopes = [b - a for a, b in itertools.pairwise(pressures)]
    assert slopes[:4] == sorted(slopes[:4])
    assert pressures[-1] > 1000  # next to the limit no pressure is enough
    assert distensible_vein.evaluate(volume=716 + 1100)["pressure"] > pressures[-1]  # nor does it turn round beyond


def test_raised_legs_keep_some_of_their_blood():
    """A head of 40 mmHg draws more and more, but never all: the veins that are still open get fewer."""
    at = {v: distensible_vein.evaluate(volume=v)["pressure"] for v in (726, 716, 706, 400, 250, 50)}
    assert at[716] == pytest.approx(0)
    assert at[726] == pytest.approx(-at[706], rel=0.05)  # no kink where they begin to collapse
    assert -40 < at[400] < -20
    assert at[250] < -100 and at[50] < -1000


def test_flat_vein_gives_way_at_little_pressure_until_it_is_empty():
    at = {v: collapsible_vein.evaluate(volume=v)["pressure"] for v in (130, 112, 60, 20, 5)}
    assert at[112] == pytest.approx(0)
    assert at[130] == pytest.approx(18 / 1.8)
    assert -3 < at[60] < 0
    assert at[5] < -30


def test_open_arterioles_let_more_through():
    rest, wide = (arteriole.evaluate(p_in=95, p_out=5, openness=o)["flow"] for o in (1.0, 1.5))
    assert wide == pytest.approx(1.5 * rest)


def test_posture_gives_the_weight_of_the_column():
    run = Engine(Body(posture=posture())).start(patients=1)
    run.command("posture.angle", 90 * degree)
    run.command("posture.suction", 40 * mmHg)
    run.advance(30 * s)
    run.begin_window()
    run.advance(0.1 * s)
    window = run.window()
    assert window.mean("posture.gradient")[0] == pytest.approx(0.78, abs=0.005)  # mmHg/cm
    assert window.mean("posture.lower_body")[0] == pytest.approx(-40, abs=0.1)


def test_squeezed_muscle_raises_the_range_and_legs_full_of_blood_are_squeezed_less():
    def asks(outside, gradient=0.0):
        told = muscle_receptors.evaluate(outside=outside, gradient=gradient)
        return told["d_raised"] * 5  # its time constant

    assert asks(-40) == asks(10) == 0  # suction, and what only moves blood
    assert asks(75) > asks(50) > asks(25) > 0
    assert asks(50, gradient=0.73) < 0.4 * asks(50)
    assert asks(50, gradient=-0.1) == asks(50)  # legs that are raised hang nowhere
    usual, raised = (baroreflex.evaluate(sensed=92 + r, aortic=92 + r, carotid=92 + r, raised=r) for r in (0, 10))
    assert raised["sympathetic"] == pytest.approx(usual["sympathetic"])
    assert raised["vagal"] == pytest.approx(usual["vagal"])


def test_chest_adds_what_the_lungs_do():
    assert chest.evaluate(level=-3, breathing=-2)["pressure"] == pytest.approx(-5)


def test_baroreflex_answers_in_both_directions():
    low, rest, high = (baroreflex.evaluate(sensed=p, aortic=p, carotid=p, P_n=92) for p in (72, 92, 112))
    assert low["sympathetic"] > rest["sympathetic"] > high["sympathetic"]
    assert low["vagal"] < rest["vagal"] < high["vagal"]
    assert rest["sympathetic"] == pytest.approx(0, abs=0.01)
    assert rest["vagal"] == pytest.approx(0, abs=0.01)


def test_chest_pressure_does_not_stretch_the_arch():
    quiet = baroreflex.evaluate(sensed=92, aortic=92, carotid=92, around_aorta=-3)
    strained = baroreflex.evaluate(sensed=92, aortic=132, carotid=92, around_aorta=37)
    assert strained["d_sensed"] == pytest.approx(quiet["d_sensed"])


def test_standing_unloads_the_arch():
    """A column of 7 cm weighs 5.5 mmHg: upright, arteries that have the same pressure at the heart's height call for more tone."""
    told = baroreflex.evaluate(sensed=92, aortic=97.46, carotid=92, gradient=0.78)
    lying = baroreflex.evaluate(sensed=92, aortic=92, carotid=92)
    assert told["d_sensed"] == pytest.approx(lying["d_sensed"], abs=0.01)
    upright = baroreflex.evaluate(sensed=92, aortic=92, carotid=92, gradient=0.78)
    assert upright["d_sensed"] < lying["d_sensed"] and upright["sympathetic"] > lying["sympathetic"]


def test_loaded_arteries_hold_the_low_pressure_reflex_back():
    """One centre hears both: the same empty atria call for less while the arterial pressure is high (Pawelczyk & Raven 1989)."""
    tones = [
        cardiopulmonary_reflex.evaluate(sensed=4, right=4, left=4, P_n=8, arterial=a)["tone"]
        for a in (1, 0, -0.6, -1.1)
    ]
    assert tones == sorted(tones, reverse=True)
    assert tones[0] < 2 * tones[1]
    assert tones[3] == pytest.approx(0)


def test_what_lies_behind_a_collapse_does_not_run_back():
    """The vein's pressure fell below the one around it: it is shut, and the atrium's 4 mmHg meet no open vein."""
    shut = waterfall.evaluate(p_in=-6, p_out=-4, around=0, P_c=2)["flow"]
    collapsed = waterfall.evaluate(p_in=6, p_out=-4, around=0, P_c=2)["flow"]
    further = waterfall.evaluate(p_in=6, p_out=-40, around=0, P_c=2)["flow"]
    back = waterfall.evaluate(p_in=6, p_out=12, around=0, P_c=2)["flow"]
    assert shut == pytest.approx(0)
    assert collapsed == pytest.approx((6 - 2) / 0.02 * 0.06) == further
    assert back == pytest.approx((6 - 12) / 0.02 * 0.06)  # L/min


def test_plasma_follows_the_capillary_pressure():
    """Balanced at 20 mmHg, which is a bed with veins at 10 mmHg and 20 mL/s through half a mmHg s/mL."""

    def crossing(venous, flow, lost=0.0, lain=90.0):
        told = capillary_filtration.evaluate(venous=venous, flow=flow, lain=lain, balanced=20, lost=lost)
        return (float(told["next_lost"]) - lost) / 0.02 * 60  # mL/min

    assert crossing(10, 20) == pytest.approx(0, abs=1e-9)
    assert crossing(20, 20) == pytest.approx(2 * 10)  # 2 mL/min/mmHg
    assert crossing(10, 10) == pytest.approx(-2 * 5)  # tighter arterioles draw plasma in
    assert crossing(20, 20, lost=15 * 10) == pytest.approx(0, abs=1e-9)  # until the tissue holds against it
    assert crossing(20, 20, lain=10) == 0  # whoever begins here has lain for long


def test_plasma_in_the_tissue_stretches_no_vein():
    before, after = (vein.evaluate(volume=65, filtered=q)["pressure"] for q in (0, 10))
    assert after - before == pytest.approx(-10 / 5)


def test_low_pressure_side_saturates():
    """A lying person has more tone to gain by emptying the atria than to lose by filling them."""
    rest = 8.0
    at = (-30, 0, rest, 13, 40)
    tones = [cardiopulmonary_reflex.evaluate(sensed=p, right=p, left=p, P_n=rest)["tone"] for p in at]
    assert tones == sorted(tones, reverse=True)
    assert tones[2] == pytest.approx(0)
    assert tones[0] < 4.01 and tones[-1] > -0.41


def test_an_ischaemic_brain_calls_for_tone_below_its_autoregulated_range():
    tones = [brain_ischaemia.evaluate(sensed=12.5 * x, flow=12.5 * x)["tone"] for x in (1.0, 0.85, 0.65, 0.4, 0.0)]
    assert tones == sorted(tones)
    assert tones[1] < 0.1 and tones[2] == pytest.approx(1.5) and tones[3] > 2.9


def test_veins_have_only_so_much_to_give():
    much = venomotor.evaluate(sympathetic=50, change=0)["d_change"]
    enough = venomotor.evaluate(sympathetic=2.5, change=0)["d_change"]
    assert much == pytest.approx(enough)


@pytest.mark.parametrize("pressure", [0.7, 1.0, 1.3])
def test_autoregulated_bed_keeps_its_flow(pressure):
    tone = 1.0
    for _ in range(20000):
        tone += 0.02 * autoregulation.evaluate(tone=tone, flow=12.5 * pressure / tone)["d_tone"]
    assert pressure / tone == pytest.approx(1, abs=0.06)
