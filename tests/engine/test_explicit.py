"""The tables of the explicit methods: order four for whatever rates, five where they are linear."""

import math

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.explicit import EXPLICIT, asked_by
from proband.model import *
from proband.units import *


@pytest.mark.parametrize("name", EXPLICIT)
def test_a_step_meets_the_eight_conditions_of_order_four(name):
    stages = EXPLICIT[name]
    a = np.diag([stage.ahead for stage in stages[:-1]], -1)
    b, c = np.array([stage.weight for stage in stages]), np.array([stage.at for stage in stages])
    assert c == pytest.approx(a.sum(1))
    seen = [b.sum(), b @ c, b @ c**2, b @ a @ c, b @ c**3, b @ (c * (a @ c)), b @ a @ c**2, b @ a @ a @ c]
    assert seen == pytest.approx([1 / n for n in (1, 2, 3, 6, 4, 8, 12, 24)], abs=1e-14)


@signal
def spring(x=state(1.0, one, "x"), v=state(0.0, one, "v"), w=param(5.0, 1 / s, "rate", "assumed: a test")):
    """What swings without loss."""
    return gives(d_x=w * v, d_v=-w * x)


@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
@pytest.mark.parametrize(("method", "order"), [("RK4", 4), ("RK4L", 5)])
def test_a_swing_keeps_its_course_at_the_order_of_the_method(method, order):
    errors = []
    for step in (64, 32):
        run = Engine(Body(spring=spring()), step=step * ms, method=method).start()
        run.advance(1.28 * s)
        errors.append(math.hypot(run.value("spring.x")[0] - math.cos(6.4), run.value("spring.v")[0] + math.sin(6.4)))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.2)


def test_one_part_that_asks_for_order_five_brings_the_whole_body_to_it():
    @signal(order=5)
    def brisk(x=state(1.0, one, "x"), w=param(400.0, 1 / s, "rate", "assumed: a test")):
        """What comes to rest at once."""
        return gives(d_x=-w * x)

    assert asked_by(Body(spring=spring())) == Engine(Body(spring=spring())).method == "RK4"
    assert (
        asked_by(Body(spring=spring(), brisk=brisk())) == Engine(Body(spring=spring(), brisk=brisk())).method == "RK4L"
    )
