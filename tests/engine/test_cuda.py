"""Code for NVIDIA cards: compiled everywhere, assembled where the assembler is, tried thread by thread on the processor."""

import ctypes
import re
import shutil
import subprocess

import numpy as np
import pytest

from proband.engine import Engine, cpu, cuda
from proband.engine.llvm_code import Code
from proband.model import ModelError
from proband.units import *

pytestmark = pytest.mark.skipif(not cuda.compiles(), reason="llvmlite is not installed or does not know NVPTX")
WAYS = [("float64", "RK4"), ("float64", "RK4L"), ("float32", "RK4"), ("float64", "ROS2")]


def engine_of(body, precision="float64", method="RK4", **how):
    return Engine(body, precision=precision, method=method, **how)


@pytest.mark.parametrize(("precision", "method"), WAYS)
def test_the_text_is_what_a_card_needs(body, precision, method):
    engine = engine_of(body, precision, method)
    text = cuda.ptx(engine.plan, engine.layout, precision)
    kind = "f64" if precision == "float64" else "f32"
    for name in cpu.ENTRIES:
        assert f".visible .entry patients_{name}(" in text
    assert ".extern" not in text and "__nv" not in text  # no library
    assert not re.search(rf"\b(add|sub|mul)\.{kind}", text)  # every sum and product is rounded by itself …
    assert f"fma.rn.{kind}" in text  # … unless we say so
    assert f"div.rn.{kind}" in text and "div.approx" not in text and "div.full" not in text
    # Nothing is looked for in other memories.
    assert "ld.global" in text and not re.search(r"\b(ld|st)\.(b|f|u)(32|64)", text)


def test_values_are_counted_in_the_same_memory(body):
    engine = engine_of(body, observe=["artery.pressure"], tally=["artery.pressure"], method="RK4")
    text = cuda.ptx(engine.plan, engine.layout, "float64")
    assert ".func tally_one" in text
    assert ".extern" not in text and not re.search(r"\b(ld|st)\.(b|f|u)(32|64)", text)
    assert not re.search(r"\b(add|sub|mul)\.f64", text)


@pytest.mark.skipif(not shutil.which("ptxas"), reason="NVIDIA's assembler is not installed")
@pytest.mark.parametrize(("precision", "method"), WAYS)
def test_the_assembler_takes_it(body, precision, method, tmp_path, record_property):
    engine = engine_of(body, precision, method)
    file = tmp_path / "program.ptx"
    file.write_text(cuda.ptx(engine.plan, engine.layout, precision))
    done = subprocess.run(["ptxas", "-v", "-arch=sm_80", file, "-o", tmp_path / "out"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    registers = [int(n) for n in re.findall(r"Used (\d+) registers", done.stderr)]
    spills = [int(n) for n in re.findall(r"(\d+) bytes spill", done.stderr)]
    record_property("registers", max(registers))
    record_property("spilled bytes", max(spills, default=0))
    assert max(registers) <= 255
    assert max(spills, default=0) <= (512 if method == "ROS2" else 0)


def threads_on_the_processor(engine, precision):
    """The kernels as functions of this processor; which thread it is stands in a variable that the test sets."""
    llvm = cpu._llvm()
    text = cuda.kernels(engine.plan, engine.layout, precision).replace("define ptx_kernel", "define")
    for register in ("ctaid", "ntid", "tid"):
        name = f"@llvm.nvvm.read.ptx.sreg.{register}.x()"
        text = text.replace(f"declare i32 {name}", f"@{register} = global i32 0").replace(
            f"call i32 {name}", f"load i32, ptr @{register}"
        )
    machine = cpu._machine(*cpu.processor())
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    loaded = llvm.create_mcjit_compiler(module, machine)
    loaded.finalize_object()
    where = {r: ctypes.c_int32.from_address(loaded.get_global_value_address(r)) for r in ("ctaid", "ntid", "tid")}
    kind = ctypes.CFUNCTYPE(None, *cpu.ARGUMENTS, ctypes.c_int64)
    calls = {n: kind(loaded.get_function_address(f"{cuda.ENTRY}{n}")) for n in cpu.ENTRIES}
    return loaded, where, calls


class OnTheProcessor:
    """Stands in for a card: every thread of every block, one after the other, also those past the last patient."""

    def __init__(self, engine, precision):
        self.loaded, self.where, self.calls = threads_on_the_processor(engine, precision)

    def run(self, entry, block, keys, start, steps, record, every, frames, events, counts, room):
        patients = block.shape[1]
        written = np.zeros(patients, np.int64)
        record_at = 0 if record is None else record.ctypes.data
        self.where["ntid"].value = 4
        for number in range(-(-patients // 4) * 4):
            self.where["ctaid"].value, self.where["tid"].value = divmod(number, 4)
            self.calls[entry](
                block.ctypes.data, keys.ctypes.data, start, steps, record_at, every, written.ctypes.data, events.ctypes.data, counts.ctypes.data, room, patients
            )  # fmt: skip


@pytest.mark.parametrize(("precision", "method"), WAYS)
def test_every_thread_finds_its_patient(body, parameters, monkeypatch, precision, method):
    """Addresses, the guard of the last block, the log and the record: the same bits as the processor's own code."""
    monkeypatch.setattr(cuda, "require", lambda: None)
    card = engine_of(body, precision, method, target="cuda")
    monkeypatch.setattr(card, "compile", lambda width, fresh=False, it=OnTheProcessor(card, precision): it)
    plain = engine_of(body, precision, method, lanes=1)
    runs = [e.start(9, values=parameters, seed=7) for e in (card, plain)]
    for run in runs:
        run.record(every=20 * ms)
        run.advance(1 * s)
    a, b = runs
    assert a.cells.width == 9 and b.cells.width == 1
    for slot in (*plain.program.states, *plain.program.held):
        assert a.value(slot.name).tobytes() == b.value(slot.name).tobytes(), slot.name
    assert a.events() == b.events() and a.events()
    for name, trace in a.traces().items():
        assert trace.tobytes() == b.traces()[name].tobytes(), name


@pytest.mark.skipif(cuda.available(), reason="there is a card here")
def test_where_there_is_no_card_one_sentence_says_so(body):
    with pytest.raises(
        ModelError, match=r"target = 'cuda' needs an NVIDIA card, but .*; use target='cpu' or 'python'\.$"
    ):
        Engine(body, target="cuda")


@pytest.mark.gpu
@pytest.mark.skipif(not cuda.available(), reason="there is no NVIDIA card here")
@pytest.mark.parametrize(("precision", "method"), WAYS)
def test_a_card_agrees_with_the_processor(body, parameters, precision, method):
    runs = [engine_of(body, precision, method, target=t).start(9, values=parameters, seed=7) for t in ("cuda", "cpu")]
    for run in runs:
        run.record(every=20 * ms)
        run.advance(3 * s)
    for slot in runs[0].engine.program.states:
        np.testing.assert_allclose(
            runs[0].value(slot.name), runs[1].value(slot.name), rtol=1e-9 if precision == "float64" else 1e-3
        )
    assert len(runs[0].events()) == len(runs[1].events())


def test_strided_code_is_written_for_one_lane(body):
    engine = engine_of(body)
    text = Code(engine.plan, engine.layout, 1, "float64", strided=True).module()
    assert "x double>" not in text and "%stride" in text
