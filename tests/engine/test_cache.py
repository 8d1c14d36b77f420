"""Compiled code is kept on disk: damaged files, folders that cannot be written, and two processes at once."""

import dataclasses
import gc
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from engine_parts import make_body

from proband.engine import Engine, cpu
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PROBAND_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def pressure(lanes=2):
    run = Engine(make_body(), lanes=lanes, method="RK4", observe=["artery.pressure"]).start(2)
    run.advance(0.1 * s)
    return run.now("artery.pressure").tobytes()


def test_code_is_kept_and_used_again(cache, monkeypatch):
    first = pressure()
    (file,) = (cache / "code").iterdir()
    monkeypatch.setattr(cpu, "_object", lambda *a: pytest.fail("compiled again"))
    assert pressure() == first
    assert file.exists()


@pytest.mark.parametrize("damage", ["cut short", "emptied", "one bit", "other file"])
def test_a_damaged_file_is_compiled_anew(cache, damage):
    first = pressure()
    (file,) = (cache / "code").iterdir()
    whole = file.read_bytes()
    broken = {
        "cut short": whole[: len(whole) // 2],
        "emptied": b"",
        "one bit": whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
        "other file": b"not a program at all" * 100,
    }[damage]
    file.write_bytes(broken)
    assert pressure() == first
    assert file.read_bytes() == whole


def test_lanes_and_precision_have_files_of_their_own(cache):
    pressure(1)
    pressure(2)
    Engine(make_body(), lanes=2, precision="float32", method="RK4", observe=["artery.pressure"]).start(2)
    assert len(list((cache / "code").iterdir())) == 3


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(tmp_path, monkeypatch):
    monkeypatch.setenv("PROBAND_CACHE", str(tmp_path / "file" / "below"))
    (tmp_path / "file").write_text("in the way")
    assert pressure()


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from test_cache import pressure
sys.stdout.write(pressure().hex())
"""


def test_two_processes_at_once(cache):
    script = SCRIPT.format(here=str(Path(__file__).parent))
    started = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) for _ in range(3)]
    answers = {p.communicate(timeout=60)[0] for p in started}
    assert [p.returncode for p in started] == [0, 0, 0]
    assert answers == {pressure().hex().encode()}
    assert len(list((cache / "code").iterdir())) == 1  # nothing half-written is left


def test_a_body_is_traced_once_while_it_lives():
    """Whatever asks for another signal, step, value or method gets its own, or a program that has not changed."""
    body = make_body()
    first = Engine(body, observe=["artery.pressure"], method="RK4").program
    known = first.fingerprint
    Engine(body, observe=["artery.pressure"], method="ROS2")
    again = Engine(body, observe=["artery.pressure"], method="RK4").program
    assert again is first
    assert dataclasses.replace(again).fingerprint == known  # counted anew, behind what the implicit step wrote
    assert Engine(body, observe=["left.pressure"]).program is not first
    assert Engine(body, observe=["artery.pressure"], step=0.5 * ms).program is not first
    assert Engine(make_body(), observe=["artery.pressure"]).program is not first


def test_a_body_that_is_gone_is_not_kept():
    body = make_body()
    program = weakref.ref(Engine(body).program)
    del body
    gc.collect()
    assert program() is None
