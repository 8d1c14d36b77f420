"""The same promises on a whole patient with a blood pump."""

import numpy as np
import pytest
from engine_parts import same

from proband.devices.lvad import heartmate3
from proband.engine import Engine, cpu
from proband.patients import load
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


@pytest.fixture(scope="module")
def patient():
    return load("hfref_severe").attach(lvad=heartmate3("left_ventricle", "aorta"))


def advanced(body, seconds=1.0, patients=5, **how):
    run = Engine(body, observe=["aorta.pressure", "lvad.flow"], **how).start(patients, seed=1)
    run.advance(seconds * s)
    return run


@pytest.mark.parametrize(
    "how", [{"lanes": 4}, {"lanes": 8}, {"lanes": 2, "threads": 4}, {"instructions": "avx2"}], ids=str
)
def test_the_same_bits_in_every_way(patient, how):
    if "instructions" in how and not cpu._llvm().get_host_cpu_features().get("avx2"):
        pytest.skip("this processor has no AVX2")
    assert same(advanced(patient, lanes=1, threads=1), advanced(patient, **how)) == []


def test_plain_python_agrees_in_every_step(patient):
    fast, plain = (Engine(patient, target=t, method="RK4").start(1, seed=3) for t in ("cpu", "python"))
    count = len(fast.engine.program.states)
    size = np.maximum(np.abs(fast.data[0, :count, 0]), 1e-9)
    for _ in range(20):
        plain.restore(fast.snapshot())
        fast.advance(1 * ms)
        plain.advance(1 * ms)
        x, y = (r.data[0, :count, 0] for r in (fast, plain))
        size = np.maximum(size, np.abs(x))
        assert np.max(np.abs(x - y) / size) < 1e-12


def test_blood_is_conserved_for_a_minute(patient):
    names = [f"{n}.volume" for n, p in patient.parts.items() if p.component.kind == "compartment"]
    run = Engine(patient, observe=["aorta.pressure"]).start(1)
    before = sum(run.value(n) for n in names)
    run.advance(60 * s)
    assert not run.failures
    np.testing.assert_allclose(sum(run.value(n) for n in names), before, rtol=1e-12)


def test_a_run_goes_back_and_branches(patient):
    run = advanced(patient)
    kept = run.snapshot()
    run.advance(1 * s)
    branch = Engine(patient, observe=["aorta.pressure", "lvad.flow"], lanes=2).start(5, seed=9, snapshot=kept)
    branch.advance(1 * s)
    assert same(run, branch) == []


def test_a_pump_is_attached_in_mid_run():
    """An unsupported patient goes on under support from where he is."""
    alone = load("hfref_severe")
    run = Engine(alone, observe=["aorta.pressure"]).start(2)
    run.advance(2 * s)
    supported = alone.attach(lvad=heartmate3("left_ventricle", "aorta"))
    branch = Engine(supported, observe=["aorta.pressure", "lvad.flow"]).start(2, snapshot=run.snapshot())
    assert branch.time == run.time
    assert branch.value("left_ventricle.volume") == pytest.approx(run.value("left_ventricle.volume"), rel=1e-12)
    branch.advance(3 * s)
    assert not branch.failures
    assert branch.now("lvad.flow").min() > 0


def test_halving_the_step_changes_less_and_less(patient):
    ends = []
    for step in (1.0, 0.5, 0.25, 0.125):
        run = Engine(patient, observe=["aorta.pressure"], step=step * ms, method="RK4").start(1)
        run.advance(1 * s)
        ends.append(run.data[0, : len(run.engine.program.states), 0].copy())
    peak = np.abs(ends[-1]) + 1e-6 * np.abs(ends[-1]).max()
    errors = [np.abs(e - ends[-1]) / peak for e in ends[:-1]]
    volumes = run.engine.program.volumes
    worst = [e[volumes].max() for e in errors]
    assert worst[0] > worst[1] > worst[2]
    assert worst[0] < 1e-4
