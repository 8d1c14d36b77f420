"""Engines that are built at the same time in several threads, as the scoreboard builds them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from proband.engine import Engine, cpu, stiffness
from proband.engine.flatten import flatten
from proband.engine.graph import Graph
from proband.model import *
from proband.units import *

TOGETHER = 10.0  # seconds after which a thread no longer waits for the other


class Meeting:
    """Called inside equations: once `parties` are invited, nobody goes on before all are here."""

    def __init__(self):
        self.barrier = None

    def invite(self, parties):
        self.barrier = threading.Barrier(parties, timeout=TOGETHER)

    def __call__(self):
        if self.barrier is not None:
            self.barrier.wait()
        return 0.0


def sensor_at(meet):
    @signal(period=10 * ms)
    def sensor(spread=param(1.0, one, "spread", "assumed: a test"), drawn=memory(0.0, one, "what was drawn")):
        before = meet()
        x = random_uniform()
        after = meet()  # neither leaves before both have drawn
        return gives(next_drawn=spread * x + before + after, noise=(drawn, one, "what was drawn"))

    return sensor


def test_bodies_traced_at_the_same_moment_draw_their_own_random_numbers():
    meet = Meeting()
    sensor = sensor_at(meet)
    bodies = Body(a=sensor()), Body(other=sensor_at(Meeting())(), z=sensor(spread=2.0))
    alone = [flatten(body, None, 1_000_000, with_lines=True).fingerprint for body in bodies]
    meet.invite(2)
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda body: flatten(body, None, 1_000_000), bodies))
    assert [program.fingerprint for program in together] == alone


def test_a_value_of_another_body_is_refused():
    here, there = Graph(), Graph()
    a, b = here.leaf("state", (0,), 4), there.leaf("state", (0,), 4)
    for mixed in (lambda: a * b, lambda: a < b, lambda: (a > 0.0).select(a, b), lambda: (a > 0.0).logical_and(b)):
        with pytest.raises(ModelError, match="another body"):
            mixed()


@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
def test_runs_that_start_at_the_same_time_share_one_piece_of_code(body, monkeypatch):
    """Were it compiled twice, the second would replace the first, which would be freed while it runs."""
    compiled = cpu.compile

    def slowly(*args):
        found = compiled(*args)
        time.sleep(0.1)
        return found

    monkeypatch.setattr(cpu, "compile", slowly)
    engine = Engine(body, method="RK4")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: engine.compile(1), range(4)))
    assert all(code is found[0] for code in found)


def test_runs_that_start_at_the_same_time_agree_on_the_method(body, monkeypatch):
    """Were one to begin before the method is chosen, its numbers would lie in other slots than its code believes."""

    def slowly(engine, lanes):
        time.sleep(0.1)
        return float("inf")

    monkeypatch.setattr(stiffness, "fastest_rate", slowly)
    engine = Engine(body)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: engine.decide(), range(4))) == {"ROS2"}


def test_engines_of_one_body_are_planned_one_after_the_other(body):
    one_by_one = Engine(body, method="ROS2").plan
    with ThreadPoolExecutor(4) as pool:
        engines = list(pool.map(lambda _: Engine(body, method="ROS2"), range(4)))
    assert {e.program.fingerprint for e in engines} == {one_by_one.program.fingerprint}
    assert all(e.plan.rest.nodes == one_by_one.rest.nodes for e in engines)
