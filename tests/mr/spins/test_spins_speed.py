"""The benchmark computes what it says, without being timed here."""

import numpy as np
import pytest

from proband.mr.spins import TOLERANCE
from proband.mr.spins.speed import measure, off
from proband.mr.spins.speed_tasks import LINES, SAMPLES, gradient_echo


def test_rates_come_with_their_errors():
    found = measure(spins=300, seconds=0.0, repeats=1, threads=1)
    for key in ("bloch_f32_spin_steps_per_s", "bloch_f64_spin_steps_per_s", "rf_steps_per_s", "rf_samples_per_s"):
        assert found[key] > 0
    for key in ("bloch_f32", "bloch_f64"):  # measured by one and the same machine
        rate, most = found[f"{key}_spin_steps_per_s"], found[f"{key}_peak_flops"]
        assert found[f"{key}_share_of_peak"] == pytest.approx(8 * rate / most) and most > 1e8
    assert found["bloch_f64_error"] < 1e-10 < found["bloch_f32_error"] < TOLERANCE
    assert found["rf_error"] < TOLERANCE
    assert found["rf_samples_per_s"] >= found["rf_steps_per_s"]  # several samples may be one rotation
    assert (found["ratio_to_mrzero"] is None) == (found["mrzero_spin_steps_per_s"] is None)


def test_the_task_is_the_one_that_is_named():
    task = gradient_echo()
    assert len(task.readouts) == LINES == 64 and {r.samples for r in task.readouts} == {SAMPLES}
    assert len(task.pulses) == 64 and task.duration == 0.64


def test_an_error_is_seen():
    assert off([np.array([[1.0, 2.0]])], [np.array([[1.0, 2.2]])]) == pytest.approx(0.1)
