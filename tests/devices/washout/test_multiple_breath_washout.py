"""An inert gas finds the lung's volume where it is evenly ventilated, and misses some of it where it is not."""

from pathlib import Path

import pytest

from proband.devices.washout import meter, washout, washout_meter
from proband.engine import cpu
from proband.evidence.scoring.washing_out import wash_out
from proband.model import Body, ModelError
from proband.organs import lungs
from proband.patients import load
from proband.patients.gases import CARRIED, TRACER
from proband.testing import DeviceContract
from proband.trials import Attach, Step, Substance, Trial
from proband.units import L, mL, mmol

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


def test_an_even_lung_is_measured_exactly():
    seen = wash_out("breathing_man")
    assert seen.capacity == pytest.approx(seen.known, rel=0.02)
    assert 5.5 < seen.clearance_index < 7.5  # Fähndrich: 7.0 ± 1.0, with a mouthpiece
    assert seen.minutes < 4


def test_an_uneven_one_takes_longer_and_hides_gas():
    seen = wash_out("copd")
    assert 0.85 < seen.capacity / seen.known < 0.97
    assert 10 < seen.clearance_index < 16  # Fähndrich: 12.6 ± 3.5


def test_the_meter_counts_what_comes_out_alone():
    told = {"tracer": 0.05, "start": 1, "begun": 1, "first": 0.07, "last": 0.07, "given": 0.0, "breathed": 0.0}
    out = washout.evaluate(flow=-500, **told)
    assert out["next_breathed"] == pytest.approx(10)
    assert out["next_given"] == pytest.approx(10 * 0.05 / 1000)
    assert washout.evaluate(flow=500, **told)["next_breathed"] == 0


def test_what_was_breathed_in_as_the_gas_was_changed_is_taken_off():
    halfway = washout.evaluate(flow=200, tracer=0.07, start=1, above=250)
    assert halfway["next_surplus"] == pytest.approx(250)
    assert halfway["next_first"] == pytest.approx(0.07)
    told = {"begun": 1, "start": 1, "expiring": 1, "first": 0.07, "last": 0.06, "given": 0.03, "breathed": 500}
    at_once = washout.evaluate(flow=200, tracer=0.06, surplus=0, **told)["next_capacity"]
    assert washout.evaluate(flow=200, tracer=0.06, surplus=250, **told)["next_capacity"] == pytest.approx(at_once - 250)


def test_before_it_is_started_nothing_is_told():
    now = washout.evaluate(flow=200, tracer=0.07, start=0, expiring=1.0, breathed=400)
    assert now["next_over"] == 0 and now["next_capacity"] == 0


def test_without_tracer_in_the_gas_it_cannot_be_attached():
    with pytest.raises(ModelError, match="tracer"):
        load("breathing_man").attach(washout=washout_meter("airway", "room"))


class TestWashoutMeter(DeviceContract):
    components = (washout,)
    page = Path(meter.__file__).parent / "page.md"
    seconds = 1.0
    patients = 2

    def body(self):
        """A lung of one bag, in which nothing is exchanged."""
        gases = {"airway.tracer": 0.07 * mmol / L, "room.oxygen": 8 * mmol / L}
        lung = Body(
            room=lungs.room(volume=1e5 * mL),
            airway=lungs.airway_segment(),
            mouth=lungs.mouth("room", "airway"),
        )
        return lung.carrying(TRACER, *CARRIED).filled(gases).attach(washout=washout_meter("airway", "room", start=1.0))


def test_a_trial_finds_what_a_filled_lung_gives():
    """The gas is breathed until it is everywhere, and changed in the middle of a breath."""
    trial = Trial(
        patient="breathing_man",
        carry=[Substance(name="tracer", unit="mmol", period="10 ms")],
        attach={"washout": Attach(device="washout_meter", from_="airway", to="room")},
        settle="120 s",
        protocol=[
            Step(breathe={"oxygen": "20.9 %", "tracer": "0.2 %"}, hold="240 s"),
            Step(breathe={"oxygen": "20.9 %"}, set={"washout.start": 1}, hold="150 s"),
        ],
        measures=["washout.capacity.last", "washout.clearance.last", "washout.over.last"],
    )
    capacity, clearance, over = trial.run().values[0, -1]
    filled = wash_out("breathing_man")
    assert over == 1
    assert capacity == pytest.approx(filled.capacity, rel=0.01)
    assert clearance == pytest.approx(filled.clearance_index, rel=0.05)
