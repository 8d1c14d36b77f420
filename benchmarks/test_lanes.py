"""A tenth of a second of 64 patients with a pump, on one thread, by lane count and precision."""

import pytest

from proband.engine import Engine
from proband.evidence.benchmark import WATCH, supported
from proband.units import s


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("lanes", [1, 2, 4, 8, 16])
def test_a_tenth_of_a_second_of_64_patients(benchmark, lanes, precision):
    run = Engine(supported(), observe=WATCH, lanes=lanes, precision=precision, threads=1).start(64)
    run.advance(0.1 * s)
    benchmark(run.advance, 0.1 * s)
