"""The circuit in a whole circulation: what clinicians know, without a line of code that says so."""

import numpy as np
import pytest

from proband import patients
from proband.devices import load
from proband.devices.ecmo import ecmo
from proband.devices.ecmo.suction import vein_piece
from proband.engine import Engine
from proband.model import Substance
from proband.organs.vessels import clearance, injection
from proband.units import *

BEDS = ("brain", "heart_muscle", "upper_body", "kidneys", "splanchnic", "liver", "lower_body")
HEART = [
    "monitor.left_end_systolic_volume", "monitor.left_end_diastolic", "monitor.stroke_volume", "monitor.ejection_fraction",
    "monitor.left_end_diastolic_volume", "monitor.mean_arterial", "monitor.wedge", "monitor.native_flow", "aortic_valve.flow",
]  # fmt: skip
WIDE = {"drainage": "hls 29", "returning": "hls 21"}


def settled(body, observe, lanes, seconds=90, values=None, **commands):
    """Every lane with commands of its own: the means over 10 s once it has settled, by name."""
    run = Engine(body, observe=observe).start(patients=lanes, values=values)
    for name, command in commands.items():
        run.command(name.replace("__", "."), [float(x) for x in np.broadcast_to(command, lanes)])
    run.advance(seconds * s)
    run.begin_window()
    run.advance(10 * s)
    assert not run.failures, run.failures[0].message
    window = run.window()
    return {name: np.array(window.mean(name)) for name in observe}


def supported(name="hfref_severe", drains="right_atrium", returns="leg_arteries", volume=0.0, **settings):
    body = patients.load(name)
    body = patients.with_blood_volume(body, patients.blood_volume(body) + volume * mL)
    return body.attach(ecmo=ecmo(drains, returns, **{**WIDE, **settings}))


def labelled(body, gone="ecmo.drainage"):
    """What comes out of the oxygenator carries a dye, and loses it in the beds and at `gone`."""
    sinks = {f"clear_{b}": clearance(b, substance="dye", K=2500 * mL / s) for b in BEDS}
    return body.carrying(Substance("dye", mmol, "label", 10 * ms)), {
        "needle": injection("ecmo.return_line", substance="dye"),
        "sink": clearance(gone, substance="dye", K=2500 * mL / s),
        **sinks,
    }


# Veno-arterial --------------------------------------------------------------------------------------------------


def test_flow_of_a_patient_with_21_and_17_french():
    """ECLIPSE's patient: 3.5 L/min at 3425 rpm with MAP 80 mmHg; the length of the tubing is not told."""
    seen = settled(
        supported(drainage="hls 21", returning="hls 17", oxygenator="quadrox_i_adult", speed=3425 * rpm),
        ["ecmo.flow", "monitor.mean_arterial"], 1, 60, values={"left_ventricle.E_max": [0.3]},
    )  # fmt: skip
    assert seen["ecmo.flow"][0] == pytest.approx(3.5, rel=0.15)
    assert seen["monitor.mean_arterial"][0] == pytest.approx(80, abs=6)


@pytest.fixture(scope="module")
def ramp():
    return settled(supported(mode=1.0), [*HEART, "ecmo.flow"], 5, ecmo__set_flow=[1, 2, 3, 4, 5])


def test_a_failing_ventricle_is_distended(ramp):
    """Ostadal 2015 (open pig): ESV + 4.8 mL, EF − 2.8 points, SV − 2 mL per L/min; from 64 mL at 1 L/min. This heart is four times as large."""
    slope = {n: np.polyfit(ramp["ecmo.flow"], ramp[n], 1)[0] for n in HEART}
    for rises in ("monitor.left_end_systolic_volume", "monitor.left_end_diastolic_volume", "monitor.mean_arterial"):
        assert np.all(np.diff(ramp[rises]) > 0)
    # What is read at one moment also has the swing of the column in the mitral valve, some tenths of mmHg, on it.
    pressure = ramp["monitor.left_end_diastolic"]
    assert np.all(pressure[1:] > pressure[0] + 0.5)
    for falls in ("monitor.stroke_volume", "monitor.native_flow", "monitor.ejection_fraction"):
        assert np.all(np.diff(ramp[falls]) < 0)
    assert (
        0.03 < slope["monitor.left_end_systolic_volume"] / ramp["monitor.left_end_systolic_volume"][0] < 0.11
    )  # 0.075
    assert slope["monitor.ejection_fraction"] == pytest.approx(-2.8, abs=1.2)


def test_the_aortic_valve_stays_shut_in_a_dead_ventricle():
    seen = settled(supported(mode=1.0), HEART, 2, values={"left_ventricle.E_max": [0.55, 0.15]}, ecmo__set_flow=4)
    assert seen["aortic_valve.flow"][0] > 1 and abs(seen["aortic_valve.flow"][1]) < 0.02


def test_a_preserved_ventricle_is_unloaded():
    seen = settled(supported("healthy_man", mode=1.0), [*HEART, "left_atrium.pressure"], 2, ecmo__set_flow=[0.8, 2.4])
    assert seen["left_atrium.pressure"][1] < seen["left_atrium.pressure"][0] - 0.3
    assert seen["monitor.wedge"][1] < seen["monitor.wedge"][0]


def test_a_vent_or_a_second_pump_reverses_distension():
    """From the left ventricle, from the left atrium, or by an LVAD in the same patient: nothing knows of the others."""
    weak = {"left_ventricle.E_max": [0.25]}
    vent = {"drainage": "hls 29, biomedicus_mini 15", "mode": 1.0, "set_flow": 4 * L_min}
    bodies = {
        "none": supported(mode=1.0, set_flow=4 * L_min),
        "ventricle": supported(drains="right_atrium, left_ventricle", **vent),
        "atrium": supported(drains="right_atrium, left_atrium", **vent),
        "lvad": supported(mode=1.0, set_flow=4 * L_min).attach(
            lvad=load("heartmate3")("left_ventricle", "aorta", speed=4000 * rpm, mode=0.0)
        ),
    }
    seen = {name: settled(body, HEART, 1, 60, values=weak) for name, body in bodies.items()}
    for name in ("ventricle", "atrium", "lvad"):
        for measure in ("monitor.left_end_systolic_volume", "monitor.left_end_diastolic", "monitor.wedge"):
            assert seen[name][measure][0] < 0.92 * seen["none"][measure][0], (name, measure)


def test_blood_of_two_origins_meets_in_the_aorta():
    """The branches above the meeting point get what the heart gives, and the rest from below."""
    body, dye = labelled(supported(mode=1.0))
    E, Q = [0.15, 0.3, 0.3, 0.55, 0.8, 1.5, 2.5], [4.5, 4, 5, 3, 4, 4, 4]
    sites = ("aorta", "upper_arteries", "descending_aorta", "leg_arteries")
    flows = ["arch.flow", "coronary_arteries.flow", "aortic_valve.flow", "ecmo.flow"]
    seen = settled(
        body.attach(**dye), [*flows, "ecmo.return_line.dye_concentration", *(f"{x}.dye_concentration" for x in sites)],
        len(E), 150, values={"left_ventricle.E_max": E}, ecmo__set_flow=Q, needle__dose=0.01,
    )  # fmt: skip
    share = {x: seen[f"{x}.dye_concentration"] / seen["ecmo.return_line.dye_concentration"] for x in sites}
    arch, coronary, native, pumped = (seen[n] for n in flows)
    assert share["upper_arteries"][0] == pytest.approx(1, abs=0.03)  # valve shut: the right arm has the pump's blood
    assert np.all(share["upper_arteries"][-2:] < 0.12)  # a heart that gives more than arms, head and itself take
    assert np.all(share["leg_arteries"] > 0.8)
    assert np.all(
        np.diff(share["descending_aorta"][[1, 4, 5, 6]]) < 0
    )  # the stronger the heart, the further down they meet
    retrograde = np.maximum(0, arch + coronary - native)
    arrived = share["upper_arteries"] * arch + share["aorta"] * coronary
    miss = (arrived - retrograde) / (native + pumped)
    print(np.round(miss, 3), np.round(native, 2), np.round(arch + coronary, 2))
    clear = np.abs(arch + coronary - native) > 0.3 * (arch + coronary)
    assert clear.sum() >= 5
    assert np.all(np.abs(miss[clear]) < 0.07)
    assert np.all(np.abs(miss[native < 0.3]) < 0.05)


# Drainage -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drained():
    speeds = [2500, 3000, 3500, 4000, 4500, 5000]
    names = ["ecmo.flow", "ecmo.suction", "ecmo.chatter", "ecmo.inlet_pressure"]
    return {
        volume: settled(supported("healthy_man", volume=volume, drainage="hls 25", venous_intervention=0.0), names, 6, 60, ecmo__speed=speeds)
        for volume in (-500.0, 0.0)
    }  # fmt: skip


def test_flow_plateaus_with_speed_and_fluid_moves_the_plateau_up(drained):
    dry, full = drained[-500.0]["ecmo.flow"], drained[0.0]["ecmo.flow"]
    assert dry[-1] - dry[-2] < 0.15 and dry[-2] - dry[-3] < 0.3 < dry[1] - dry[0]
    assert full.max() > dry.max() + 0.8


def test_the_drainage_chatters_there(drained):
    """At the highest speed the wall has been sucked onto the holes for good: the line hardly shakes any more."""
    dry = drained[-500.0]
    assert dry["ecmo.chatter"][1:-1].min() > 25 > 2 * 12 and dry["ecmo.suction"][-1] > 0.8
    assert dry["ecmo.suction"][0] < 0.4
    assert dry["ecmo.inlet_pressure"][-1] < -200


def test_half_the_step_gives_the_same_chatter():
    body = supported("healthy_man", volume=-500.0, drainage="hls 25", venous_intervention=0.0, speed=4500 * rpm)
    seen = []
    for step in (1 * ms, 0.5 * ms):
        run = Engine(body, observe=["ecmo.flow", "ecmo.inlet_pressure"], step=step).start()
        run.advance(30 * s)
        run.record(every=2 * ms, names=["ecmo.inlet_pressure", "ecmo.flow"])
        run.advance(8 * s)
        traces = run.traces()
        seen.append((float(traces["ecmo.flow"].mean()), float(traces["ecmo.inlet_pressure"].std())))
    assert seen[1][0] == pytest.approx(seen[0][0], rel=0.01)
    assert seen[1][1] == pytest.approx(seen[0][1], rel=0.15)


def test_a_drain_in_the_cava_flutters_by_itself_and_the_step_resolves_it():
    """Some 10 Hz, with neither heart nor breath behind it: the wall lies down, the column of blood in the cannula slows, the
    vein fills behind the holes and lifts the wall. Half the step shows the same."""
    body = supported(
        "healthy_man", "vena_cava_inferior", "right_atrium", -700.0, drainage="hls 25", speed=3000 * rpm, venous_intervention=0.0
    )  # fmt: skip
    names = ["ecmo.drain_1.flow", "ecmo.inlet_pressure", "monitor.heart_rate"]
    seen = []
    for step in (1 * ms, 0.5 * ms):
        run = Engine(body, observe=names, step=step).start()
        run.advance(25 * s)
        run.record(every=2 * ms, names=names)
        run.advance(8 * s)
        assert not run.failures
        traces = run.traces()
        flow = traces["ecmo.drain_1.flow"][0]
        power = np.abs(np.fft.rfft((flow - flow.mean()) * np.hanning(len(flow)))) ** 2
        hertz = np.fft.rfftfreq(len(flow), 0.002)
        seen.append(
            (hertz[np.argmax(power)], power[(hertz > 6) & (hertz < 13)].sum() / power.sum(), flow.std(), flow.mean())
        )
    (Hz, share, size, flow), half = seen
    beat = traces["monitor.heart_rate"].mean() / 60
    assert 6 < Hz < 13 and Hz > 4 * beat
    assert share > 0.8 and size > 0.3 * flow
    assert half[0] == pytest.approx(Hz, abs=0.3) and half[1:] == pytest.approx((share, size, flow), rel=0.1)


def test_what_presses_on_both_sides_of_the_wall_is_no_suction():
    """Pressure in the chest or the abdomen moves the vein's inside and outside alike: the wall does not see it."""
    here, there = (
        vein_piece.evaluate(volume=10.5, pressure_=2.0 + chest, transmural_=4.0) for chest in (0.0, 30.0)
    )  # fmt: skip
    assert there["transmural"] == pytest.approx(here["transmural"]) and there["pressure"] - here[
        "pressure"
    ] == pytest.approx(30)


# Veno-venous ----------------------------------------------------------------------------------------------------


def recirculated(flows, returns="right_atrium", **settings):
    body, dye = labelled(
        supported("healthy_man", "vena_cava_inferior", returns, 500.0, mode=1.0, returning="hls 23", **settings), "pulmonary_artery"
    )  # fmt: skip
    names = [
        "ecmo.flow",
        "monitor.native_flow",
        "ecmo.drainage.dye_concentration",
        "ecmo.return_line.dye_concentration",
    ]
    seen = settled(body.attach(**dye), names, len(flows), 120, ecmo__set_flow=flows, needle__dose=0.01)
    return seen[names[0]] / seen[names[1]], seen[names[2]] / seen[names[3]]


def test_recirculation_rises_with_flow_over_output():
    ratio, Rf = recirculated([1, 2, 3, 3.85, 5, 6.4])
    assert np.all(np.diff(Rf) > 0) and Rf[0] < 0.05
    assert 0 <= np.interp(0.6, ratio, Rf) <= 0.155
    assert 0.25 <= np.interp(ratio[-1], ratio, Rf) <= 0.45 and ratio[-1] > 0.95


def test_the_tip_in_the_other_vein_changes_little():
    """Cannula distance hardly matters (Conrad 2021): from atrium to superior vena cava less than 5 points."""
    _, near = recirculated([4.0])
    _, far = recirculated([4.0], "vena_cava_superior")
    assert abs(near[0] - far[0]) < 0.05


def test_a_cannula_that_has_turned_away_from_the_valve_recirculates_more():
    """Dual-lumen: Pooth 2025 saw 8.7 % (0 to 12); a jet that misses the valve mixes in the atrium."""
    body, dye = labelled(
        supported("healthy_man", "vena_cava_superior, vena_cava_inferior", "right_atrium", 500.0, mode=1.0, drainage="avalon 31", returning="avalon 31"),
        "pulmonary_artery",
    )  # fmt: skip
    names = [
        "ecmo.drainage.dye_concentration",
        "ecmo.return_line.dye_concentration",
        "ecmo.return_flow",
        "ecmo.jet_1.flow",
    ]
    seen = settled(
        body.attach(**dye), names, 2, 90, values={"ecmo.return_1.aim": [0.7, 0.0]}, ecmo__set_flow=3, needle__dose=0.01
    )
    drained, given, through, aimed = (seen[n] for n in names)
    Rf = drained / given
    assert Rf[1] > Rf[0] + 0.01 and Rf[0] < 0.12
    assert aimed[0] > 0.2 * through[0] and aimed[1] == pytest.approx(0, abs=1e-9)
    assert through == pytest.approx(np.array([3, 3]) / 1.02, abs=0.05)


def test_a_clamp_on_a_multistage_cannula_shuts_both_rows_of_holes():
    body = supported(
        "healthy_man",
        "vena_cava_superior, right_atrium",
        "vena_cava_inferior",
        500.0,
        drainage="hls 25 multistage",
        speed=3000 * rpm,
    )
    names = ["ecmo.drain_1.flow", "ecmo.drain_2.flow"]
    seen = settled(body, names, 2, 30, ecmo__drain_clamp=[0.0, 1.0])
    assert seen[names[0]][0] > seen[names[1]][0] > 0.3  # the row nearer to the pump gives more
    assert abs(seen[names[0]][1]) < 0.01 and abs(seen[names[1]][1]) < 0.01


# Other ways -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drains", "returns", "drainage", "returning"),
    [
        ("right_atrium", "aorta", "hls 29", "hls 23"),
        ("vena_cava_inferior, vena_cava_superior", "right_atrium", "crescent 32", "crescent 32"),
        ("vena_cava_superior, right_atrium", "vena_cava_inferior", "hls 25 multistage", "hls 21"),
        (
            "vena_cava_inferior",
            "leg_arteries, leg_arteries, vena_cava_superior",
            "hls 25",
            "hls 17, biomedicus_mini 9, hls 15",
        ),
        ("right_atrium", "pulmonary_artery", "hls 25", "hls 19"),
    ],
    ids=["central", "dual lumen", "multistage", "V-AV with distal perfusion", "V-P"],
)
def test_every_configuration_runs_and_keeps_its_blood(drains, returns, drainage, returning):
    body = supported("hfref_moderate", drains, returns, drainage=drainage, returning=returning, speed=3200 * rpm)
    blood = [
        f"{n}.volume"
        for n, p in body.parts.items()
        if p.component.kind == "compartment" and "molar_volume" not in p.component.outputs
    ]
    run = Engine(body, observe=["ecmo.flow"]).start()
    before = sum(run.value(n)[0] for n in blood)
    run.advance(20 * s)
    assert not run.failures
    assert sum(run.value(n)[0] for n in blood) == pytest.approx(before, rel=1e-12)
    assert 1.5 < run.now("ecmo.flow")[0] < 6


def test_distal_perfusion_gets_less_than_the_main_cannula():
    body = supported(returns="leg_arteries, leg_arteries", returning="hls 17, biomedicus_mini 9", mode=1.0)
    seen = settled(body, ["ecmo.return_1.flow", "ecmo.return_2.flow", "ecmo.flow"], 1, 30)
    leg = seen["ecmo.return_2.flow"][0]
    assert 0.1 < leg < 0.8
    assert leg + seen["ecmo.return_1.flow"][0] == pytest.approx(seen["ecmo.flow"][0], abs=0.03)
