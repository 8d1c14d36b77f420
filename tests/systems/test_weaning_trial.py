"""The shipped weaning trial tells its story: muscles that are strong enough are told from those that are not."""

import numpy as np
import pytest

from proband.trials import load

STRENGTH = ("1.0", "0.5", "0.2")


@pytest.fixture(scope="module")
def weaned():
    shipped = load("weaning_rsbi")
    cohort = shipped.patient.model_copy(update={"n": len(STRENGTH)})
    values = {"respiratory_muscles.strength": STRENGTH}
    return shipped.model_copy(update={"patient": cohort, "values": values}).run()


def test_who_is_supported_is_ventilated_and_breathes(weaned):
    assert not weaned.failures
    assert np.all(weaned.of("gas_aorta.PCO2.mean")[:, :2] < 45)
    assert not {e.event for e in weaned.events if e.priority == "high"}


def test_the_index_rises_as_support_is_taken_away_and_tells_the_weak(weaned):
    index = weaned.of("ventilator.RSBI.mean")
    assert np.all(np.diff(index, axis=1) > 0)
    strong, middle, weak = index[:, 2]
    assert strong < middle < 105 < weak  # Yang & Tobin 1991 N Engl J Med 324:1445
    assert np.all(np.diff(weaned.of("gas_aorta.PCO2.mean")[:, 2]) > 0)
