"""A spoiled gradient echo of 64 × 64 samples on 16,384 spins, by precision; to time it: pytest -n0 --benchmark-enable benchmarks"""

import numpy as np
import pytest

from proband.mr.spins import simulate
from proband.mr.spins.speed_tasks import gradient_echo, patient, shaped_pulses


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("task", [gradient_echo, shaped_pulses])
def test_spins(benchmark, precision, task):
    receive = np.ones((1, 16_384), complex)
    benchmark(simulate, task(), patient(16_384), receive, precision=precision, threads=1)
