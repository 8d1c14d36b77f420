"""The order of equations: complete, each after what it needs, few results waiting; and memory that needs no waiting place."""

import itertools

import numpy as np
import pytest

from proband import devices
from proband.engine import Engine, cpu
from proband.engine.graph import FAST, LEAVES, Graph
from proband.engine.llvm_code import Code
from proband.engine.schedule import REGISTERS, frugal, ordered
from proband.patients import load
from proband.units import *

WATCH = ["monitor.cardiac_output", "ventilator.pressure", "gas_aorta.PO2"]


@pytest.fixture(scope="module")
def body():
    return load("ards_moderate").attach(ventilator=devices.load("ventilator")("airway", "room"))


@pytest.fixture(scope="module")
def engine(body):
    return Engine(body, observe=WATCH, method="RK4", lanes=1)


def waiting(graph, order):
    """The most results that wait at a time for the last one that needs them."""
    place = {i: k for k, i in enumerate(order)}
    last = {a: k for k, i in enumerate(order) for a in graph.args[i] if a in place}
    changes = np.zeros(len(order) + 1, int)
    for i, k in last.items():
        changes[place[i]] += 1
        changes[k] -= 1
    return changes.cumsum().max()


def test_each_equation_comes_once_and_after_what_it_needs(engine):
    graph = engine.program.graph
    for write, block in itertools.product(
        (ordered, frugal), (engine.plan.rates, *engine.plan.samples, *engine.plan.keepers)
    ):
        order = write(graph, block.nodes)
        assert sorted(order) == block.nodes
        place = {i: k for k, i in enumerate(order)}
        assert all(place[a] < place[i] for i in order for a in graph.args[i] if a in place)


def test_as_many_chains_side_by_side_as_registers_allow():
    """Forty chains that were traced side by side: one after the other each would wait for its own last result."""
    graph = Graph()
    rows = [graph.leaf("state", (j,), FAST) for j in range(40)]
    for _ in range(5):
        rows = [row.apply("exp", float) for row in rows]
    nodes = [i for i, op in enumerate(graph.ops) if op not in LEAVES]
    assert waiting(graph, nodes) == 40
    assert waiting(graph, frugal(graph, nodes)) == 1
    assert REGISTERS / 4 < waiting(graph, ordered(graph, nodes)) <= REGISTERS


@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
def test_memory_is_written_in_place_only_where_nobody_else_reads_it(engine):
    code = Code(engine.plan, engine.layout, 1, "float64")
    bells = {bell.held for bell in engine.program.bells}
    for number, mine in enumerate(code.private):
        assert not mine & bells
        for other, block in enumerate(engine.plan.samples):
            assert other == number or not mine & code.held_read(block).keys()
    assert sum(map(len, code.private)) > 200


@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
def test_a_ventilated_patient_has_the_same_bits_in_any_number_of_lanes(body, engine):
    wide = Engine(body, observe=WATCH, method="RK4", lanes=4)
    values = {"left_ventricle.E_max": np.array([0.8, 1.0, 1.2]) * 2.0}
    snapshots = []
    for machine in (engine, wide):
        run = machine.start(3, values=values)
        run.advance(1.5 * s)
        assert not run.failures
        snapshots.append(run.snapshot().numbers)
    assert all(np.array_equal(a, snapshots[1][name]) for name, a in snapshots[0].items())
