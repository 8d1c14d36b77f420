"""What the whole body does when something is done to it: directions, and published sizes where they are known."""

import numpy as np
import pytest

from proband import patients
from proband.engine import Engine
from proband.units import *


def test_tilt_empties_the_heart_and_keeps_the_pressure(patient):
    changes = [patient("healthy_young").change(120, posture__angle=a * degree) for a in (10, 30, 70)]
    strokes = [c["stroke_volume"] for c in changes]
    rates = [c["heart_rate"] for c in changes]
    assert strokes == sorted(strokes, reverse=True) and strokes[0] < 0
    assert rates == sorted(rates) and rates[0] > 0
    assert strokes[1] == pytest.approx(-28, abs=7)  # Smith 1987, 30°
    assert rates[1] == pytest.approx(6.5, abs=4)
    assert all(abs(c["mean_arterial"]) < 9 for c in changes)


def test_without_nerves_tilt_drops_the_pressure():
    silent = {"muscle_vasomotor.G": 0.0, "splanchnic_vasomotor.G": 0.0, "left_inotropy.G": 0.0, "right_inotropy.G": 0.0}
    silent |= {"sinus_nerves.G_s": 0 * s, "sinus_nerves.G_v": 0 * s**2}
    silent |= {f"venomotor.{v}": 0 * mL for v in ("splanchnic", "liver", "upper", "lower")}
    run = Engine(patients.load("healthy_young").with_values(silent), observe=["monitor.mean_arterial"]).start(
        patients=1
    )
    pressures = []
    for angle in (0, 70):
        run.command("posture.angle", angle * degree)
        run.advance(120 * s)
        run.begin_window()
        run.advance(10 * s)
        pressures.append(run.window().mean("monitor.mean_arterial")[0])
    assert pressures[1] < pressures[0] - 15


def test_suction_on_the_legs_is_graded(patient):
    changes = [patient("healthy_young").change(90, posture__suction=p * mmHg) for p in (20, 40, 60)]
    strokes = [c["stroke_volume"] for c in changes]
    assert strokes == sorted(strokes, reverse=True)
    assert strokes[1] == pytest.approx(-29.5, abs=8)  # Ahn 1989, 40 mmHg
    assert all(abs(c["mean_arterial"]) < 6 for c in changes)


def test_a_donation_costs_stroke_volume_not_pressure(patient):
    young = patient("healthy_young")
    after = young.bled(375, 384)
    # Leonetti 2004 saw 94 fall to 80.7 mL; in PMC4747890 each 333 mL of a slower bleed, partly refilled from the tissue, cost 6 mL.
    assert 80.7 / 94.0 - 0.04 < after["stroke_volume"] / young.rest["stroke_volume"] < 1 - 0.9 * 6 / 94
    assert after["pulse_pressure"] / young.rest["pulse_pressure"] == pytest.approx(47.1 / 53.0, abs=3 / 53)
    assert 0 < after["heart_rate"] - young.rest["heart_rate"] < 6
    assert after["mean_arterial"] == pytest.approx(young.rest["mean_arterial"], abs=4)


def test_a_large_bleed_does_not_spare_the_pressure(patient):
    young = patient("healthy_young")
    volume = patients.sheet("healthy_young").blood_volume.to(mL)
    shares = [young.bled(f * volume, 300)["mean_arterial"] / young.rest["mean_arterial"] for f in (0.1, 0.2, 0.3, 0.35)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.95
    assert 0.5 < shares[2] < 0.85  # Guyton's dogs: 0.64
    assert 0.3 < shares[3] < 0.8  # 0.48: an ischaemic brain holds what the baroreflex no longer can


def test_infusion_fills_the_heart(patient):
    man = patient("healthy_man")
    after = man.bled(-500, 300)
    assert after["central_venous"] > man.rest["central_venous"] + 1
    assert after["cardiac_output"] > man.rest["cardiac_output"]


def anaesthetised(body):
    """Half of every reflex gain, and no low-pressure reflex, as under anaesthesia after cardiac surgery (Koolen's patients; both assumed)."""
    gains = ("muscle_vasomotor.G", "splanchnic_vasomotor.G", "left_inotropy.G", "right_inotropy.G", "sinus_nerves.G_s", "sinus_nerves.G_v",
             "venomotor.splanchnic", "venomotor.liver", "venomotor.upper", "venomotor.lower")  # fmt: skip
    return body.with_values({g: 0.5 * body.value(g) for g in gains} | {"cardiopulmonary.G": 0 / mmHg})


def test_pressure_in_the_chest_lowers_output_and_pressure():
    """Koolen 1987: end-expiratory pressure lowers output, arterial pressure and the ventricle; the wedge reading rises."""
    signals = ["cardiac_output", "mean_arterial", "left_end_diastolic_volume", "wedge"]
    run = Engine(anaesthetised(patients.load("healthy_man")), observe=[f"monitor.{m}" for m in signals]).start(
        patients=1
    )
    run.advance(200 * s)
    seen = []
    for level in (-3, 0, 3):  # some 0, 8 and 16 cmH2O at the mouth
        run.command("chest.level", level * mmHg)
        run.advance(60 * s)
        run.begin_window()
        run.advance(10 * s)
        seen.append({m: run.window().mean(f"monitor.{m}")[0] for m in signals})
    for quantity in signals:
        values = [x[quantity] for x in seen]
        assert values == sorted(values, reverse=quantity != "wedge")
    # The arch has half of the arterial reflex and feels the chest's pressure as a fall: 3 mmHg in the chest cost 3.6 % of the output.
    assert 0.82 < seen[1]["cardiac_output"] / seen[0]["cardiac_output"] < 0.965


def test_valsalva_has_its_four_phases(patient):
    young = patient("healthy_young")
    young.run.restore(young.start)
    young.run.command("chest.level", 37 * mmHg)
    young.run.command("chest.abdomen", 40 * mmHg)
    seconds = []
    for second in range(45):
        if second == 30:
            young.run.command("chest.level", -3 * mmHg)
            young.run.command("chest.abdomen", 0 * mmHg)
        seconds.append(young.read(1))
    systolic = [x["systolic"] for x in seconds]
    rate = [x["heart_rate"] for x in seconds]
    rest = young.rest["systolic"]
    assert max(systolic[:4]) > rest + 5  # I: the strain presses on the arteries
    assert min(systolic[5:22]) < rest - 12  # II: the heart empties, and refills slowly from the squeezed abdomen
    assert max(rate[5:30]) > young.rest["heart_rate"] + 10
    assert min(x["diastolic"] for x in seconds[30:33]) < seconds[28]["diastolic"] - 12  # III: release
    assert max(systolic[32:45]) > rest + 15  # IV: overshoot
    assert min(rate[38:45]) < young.rest["heart_rate"]


def test_straining_does_not_send_blood_back_into_the_legs(patient):
    signals = ["lower_body.volume", "femoral_veins.flow"]
    run = Engine(patients.load("healthy_young"), observe=signals).start(patients=1)
    run.advance(60 * s)
    run.command("chest.abdomen", 60 * mmHg)
    run.begin_window()
    run.advance(3 * s)
    assert run.window().min("femoral_veins.flow")[0] > -1e-9


def test_a_sucking_chest_collapses_its_own_inlet(patient):
    """Mueller: once the veins collapse at the chest's entrance, more suction brings hardly more blood (Guyton's waterfall)."""
    weak, strong = (patient("healthy_young").after(15, chest__level=p * mmHg) for p in (-20, -40))
    assert strong["central_venous"] < weak["central_venous"] - 8
    assert strong["right_end_diastolic_volume"] < 1.1 * weak["right_end_diastolic_volume"]


def test_loss_of_contractility_is_felt_backwards_and_forwards(patient):
    body = patients.load("healthy_man")
    weak = body.with_values({"left_ventricle.E_max": 1.0 * mmHg / mL})
    run = Engine(weak, observe=["monitor.wedge", "monitor.cardiac_output", "monitor.ejection_fraction"]).start(
        patients=1
    )
    run.advance(120 * s)
    run.begin_window()
    run.advance(10 * s)
    rest = patient("healthy_man").rest
    assert run.window().mean("monitor.wedge")[0] > rest["wedge"] + 3
    assert run.window().mean("monitor.cardiac_output")[0] < rest["cardiac_output"]
    assert run.window().mean("monitor.ejection_fraction")[0] < 45


@pytest.mark.parametrize("rhythm", ["paced", "atrially_paced", "premature_beats", "atrial_fibrillation"])
def test_any_rhythm_carries_the_circulation(rhythm):
    body = patients.load("healthy_man", heart=rhythm)
    run = Engine(body, observe=["monitor.cardiac_output", "monitor.stroke_volume", "aorta.pressure"]).start(patients=1)
    run.advance(60 * s)
    run.begin_window()
    run.advance(20 * s)
    window = run.window()
    assert 4.5 < window.mean("monitor.cardiac_output")[0] < 7
    spread = window.std("monitor.stroke_volume")[0]
    assert spread < 1.5 if rhythm.endswith("paced") else spread > 2


def test_steps_are_small_enough():
    """One-millisecond steps against eighths of them: errors below one millionth of each signal's range."""
    signals = [
        "aorta.pressure",
        "left_ventricle.pressure",
        "left_ventricle.volume",
        "right_ventricle.pressure",
        "aortic_valve.flow",
    ]

    def traces(step):
        run = Engine(patients.load("healthy_man"), observe=signals, step=step * ms, method="RK4").start(patients=1)
        run.record(every=10 * ms)
        run.advance(3 * s)
        return run.traces()

    fine, one, half = traces(0.125), traces(1), traces(0.5)
    for name in signals:
        size = np.ptp(fine[name])
        error, smaller = (np.max(np.abs(x[name] - fine[name])) / size for x in (one, half))
        assert error < 1e-6
        assert smaller < error / 4
