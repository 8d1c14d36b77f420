"""Ten milliseconds of one patient with a pump, by target."""

import pytest

from proband.engine import Engine
from proband.evidence.benchmark import WATCH, supported
from proband.units import ms


@pytest.mark.parametrize("target", ["cpu", "python"])
def test_ten_milliseconds_of_one_patient(benchmark, target):
    run = Engine(supported(), observe=WATCH, target=target, method="RK4").start()
    benchmark(run.advance, 10 * ms)
