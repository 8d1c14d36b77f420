"""Long blocks in pieces: each finds what earlier ones have left, and nothing changes, however short they are."""

import numpy as np
import pytest
from engine_parts import make_body, same

from proband.engine import Engine, cpu, llvm_equations
from proband.engine.graph import BOOLEAN
from proband.engine.pieces import cut
from proband.engine.schedule import LENGTH, frugal
from proband.model import *
from proband.units import *

compiled = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


@pytest.fixture(scope="module")
def program():
    from proband.patients import load

    return Engine(load("ards_moderate"), observe=["monitor.cardiac_output"], method="RK4", target="python").plan


@pytest.mark.parametrize("longest", [60, 1000])
def test_what_a_piece_reads_was_left_in_its_place_and_not_overwritten(program, longest):
    graph = program.program.graph
    conditions = 0
    for block in (*program.samples, *program.keepers):
        pieces, places = cut(graph, frugal(graph, block.nodes), block.roots, {}, longest)
        assert [i for p in pieces for i in p.nodes] == frugal(graph, block.nodes)
        assert len(pieces) >= len(block.nodes) // longest
        assert sorted(i for p in pieces for i in p.roots) == sorted(set(block.roots))
        home = {i: k for k, p in enumerate(pieces) for i in p.nodes}
        left: dict[int, int] = {}  # place → node
        for k, piece in enumerate(pieces):
            assert sum(LENGTH.get(graph.ops[i], 1) for i in piece.nodes) < longest + max(LENGTH.values())
            needed = {a for i in piece.nodes for a in graph.args[i] if home.get(a, k) < k}
            assert needed <= piece.finds.keys()
            assert all(left[place] == i for i, place in piece.finds.items())
            left.update((place, i) for i, place in piece.leaves.items())
            conditions += sum(graph.ops[i] in BOOLEAN for i in piece.finds)
        assert set(left) == set(range(places))
    assert conditions or longest == 1000


@signal(period=20 * ms)
def shift_register(
    x      = reads(one, "what comes in", delay=60 * ms),
    now    = reads(one, "the same, at once"),
    first  = memory(1.0, one, "latest"),
    second = memory(2.0, one, "the one before"),
    third  = memory(3.0, one, "the one before that"),
    high   = memory(False, one, "whether it was high"),
):  # fmt: skip
    level = exp(-((x + now) ** 2)) + cos(first) * tanh(third)
    up = level > 1.0 if not high else level > 0.9
    return gives(
        next_first=level + 0.1 * now, next_second=first, next_third=second + 0.01 * level, next_high=up,
        sum=(first + 10 * second + 100 * third, one, "of all"), up=(where(up, 1.0, 0.0), one, "as a number"),
    )  # fmt: skip


@signal(period=1 * ms)
def wave(phase=memory(0.0, one, "angle")):
    return gives(next_phase=phase + 0.013, height=(sin(phase), one, "of the wave"))


@compiled
@pytest.mark.parametrize("lanes", [1, 4, 8])
def test_memory_is_read_before_an_earlier_piece_overwrites_it(monkeypatch, lanes):
    """The interpreter, which knows no pieces, is the reference; four instructions make a piece."""
    body = Body(wave=wave(), register=shift_register(x="wave.height", now="wave.height"))
    signals = ["register.sum", "register.up", "wave.height"]
    plain = Engine(body, observe=signals, target="python", method="RK4").start(1)
    for name in ("LONG", "LONGEST"):
        monkeypatch.setattr(llvm_equations, name, 4)
    engine = Engine(body, observe=signals, lanes=lanes, method="RK4")
    engine.compile(lanes, fresh=True)
    run = engine.start(1)
    for r in (plain, run):
        r.record(every=20 * ms)
        r.advance(3 * s)
    for name in signals:
        np.testing.assert_allclose(run.traces()[name], plain.traces()[name], rtol=1e-12, err_msg=name)
    assert 0 < np.mean(run.traces()["register.up"]) < 1


@compiled
@pytest.mark.parametrize("method", ["RK4", "ROS2"])
def test_pieces_change_no_bit(monkeypatch, method):
    body = make_body()
    whole = Engine(body, method=method, lanes=4).start(3, seed=3)
    for name in ("LONG", "LONGEST"):
        monkeypatch.setattr(llvm_equations, name, 15)
    engine = Engine(body, method=method, lanes=4)
    engine.compile(4, fresh=True)
    pieces = engine.start(3, seed=3)
    for run in (whole, pieces):
        run.advance(2 * s)
    assert same(whole, pieces) == []
    assert whole.events() == pieces.events() and whole.events()
