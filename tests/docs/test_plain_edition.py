"""The laboratory in 400 lines: it runs, it refuses, and its equations give the same numbers in the modular laboratory."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from proband import units
from proband.engine import Engine
from proband.model import Body

FILE = Path(__file__).parents[2] / "docs" / "the_lab_in_400_lines.py"
BEGIN, END = "# " + "-" * 97 + " the equations", "# " + "-" * 93 + " end of equations"
HEADER = "from proband.model import *\nfrom proband.units import *\n"


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def plain() -> ModuleType:
    return load("the_lab_in_400_lines", FILE)


@pytest.fixture(scope="module")
def modular(tmp_path_factory) -> ModuleType:
    """The equations of the plain edition, word for word, under the words of the modular laboratory."""
    text = FILE.read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("edition") / "plain_equations.py"
    path.write_text(HEADER + text[text.index(BEGIN) : text.index(END)], encoding="utf-8")
    return load("plain_equations", path)


def modular_body(plain: ModuleType, modular: ModuleType) -> Body:
    """The plain edition's supported body, part by part."""
    parts = {}
    for name, part in plain.failing_circulation().attach(**plain.HELPED.attach).parts.items():
        component = getattr(modular, part.component.equations.__name__)
        values = {n: units.Quantity(v, component.rows[n].unit.dimension) for n, v in part.values.items()}
        parts[name] = component(*part.ends, **values, **part.wires)
    return Body(**parts)


def test_is_short_and_needs_nothing():
    text = FILE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    imported = [
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    ]
    assert set(imported) <= set(sys.stdlib_module_names) | {"__future__"}


def test_same_numbers_as_the_modular_laboratory(plain, modular):
    """To 1e-9 of each state's size over four beats, through the controller and a change of its command."""
    ours = plain.Run(plain.failing_circulation().attach(**plain.HELPED.attach))
    engine = Engine(modular_body(plain, modular), target="python", method="RK4")
    theirs = engine.start()
    for speed in (5400, 4600):
        ours.set("firmware.wanted", speed * plain.rpm)
        theirs.command("firmware.wanted", speed * units.rpm)
        ours.mean([], 1.5 * plain.s)
        theirs.advance(1.5 * units.s)
        for name, si in ours.x.items():
            row = engine.body.row(name)[1]
            assert row.unit.si(float(theirs.value(name)[0])) == pytest.approx(si, rel=1e-9, abs=1e-12), name


def test_no_blood_is_lost_and_the_balance_closes(plain):
    run = plain.Run(plain.failing_circulation().attach(**plain.HELPED.attach))

    def blood():
        return sum(v for n, v in run.x.items() if n.endswith(".volume"))

    before = blood()
    run.mean([], 6 * plain.s)
    means = run.mean(["pump.flow", "aortic_valve.flow", "organs.flow"], 1.5 * plain.s)
    assert blood() == pytest.approx(before, rel=1e-12)
    # Whole beats, nearly settled: what comes in through valve and pump goes out through the organs, to 1 %.
    assert means["pump.flow"] + means["aortic_valve.flow"] == pytest.approx(means["organs.flow"], rel=1e-2)


def test_the_pump_decides_the_verdict(plain):
    (alone,) = plain.ALONE.run()
    helped = plain.HELPED.run()
    assert not alone[2] and helped[-1][2]
    flows = [measured["flow to the organs"] for _, measured, _ in helped]
    assert flows == sorted(flows)


def test_refusals(plain):
    with pytest.raises(TypeError, match="different kinds"):
        plain.vessel(volume=3 * plain.mmHg)
    with pytest.raises(ValueError, match="no row"):
        plain.vessel(volum=3 * plain.mL)
    with pytest.raises(ValueError, match="'elsewhere'"):
        plain.failing_circulation().attach(pump=plain.tube("aorta", "elsewhere"))
    with pytest.raises(ValueError, match="not connected"):
        plain.failing_circulation().attach(pump=plain.pump("left_ventricle", "aorta"))
    with pytest.raises(ValueError, match="no source"):
        plain.path(lambda R=plain.param(1.0, plain.one, "of nobody"): {})
    with pytest.raises(TypeError, match="different kinds"):
        plain.signal(lambda p=plain.reads(plain.mmHg, "a pressure"): {"flow": p})
