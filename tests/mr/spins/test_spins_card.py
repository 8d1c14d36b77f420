"""The kernel for NVIDIA cards: its text is assembled, and read as a card would read it; its arithmetic tried on a processor."""

import re
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from ptx_reader import Launch

from proband.engine import cpu, cuda
from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Pulse, Readout, Timeline
from proband.mr.spins import card, speed_tasks
from proband.mr.spins.reference import reference
from proband.mr.spins.solver import simulate

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")


def off(wanted, heard):
    return max(np.abs(a - b).max() for a, b in zip(wanted, heard, strict=True)) / max(np.abs(a).max() for a in wanted)


def subject(n, channels=1, diffusion=None, seed=2):
    rng = np.random.default_rng(seed)
    field = rng.uniform(0.2, 0.6, (channels, n)) * np.exp(1j * rng.uniform(0, 2, (channels, n)))
    return Isochromats(
        rng.uniform(-0.05, 0.05, (n, 3)), rng.uniform(0.5, 1, n), rng.uniform(0.5, 1, n), rng.uniform(0.02, 0.1, n),
        rng.normal(0, 30, n), field, np.arange(n), diffusion,
    )  # fmt: skip


def shaped():
    """A shaped pulse of two channels under a slice gradient, a second with a phase, a straight and a bent readout."""
    x = np.linspace(-2, 2, 40)
    wave = np.stack([np.sinc(x) * 800, 0.5j * np.sinc(x) * 800 + 100])
    pulses = (Pulse(1e-3, 1e-5, wave, 200.0), Pulse(4e-3, 1e-5, wave, -100.0, 0.7, "refocusing"))
    z = speed_tasks.lobes((0.9e-3, 1e-4, 4e-4, 0.01), (1.6e-3, 1e-4, 2e-4, -0.008), (3.9e-3, 1e-4, 4e-4, 0.01))
    read = speed_tasks.lobes((2e-3, 1e-4, 5e-4, -0.01), (5e-3, 1e-4, 10e-4, 0.01), (7e-3, 2e-4, 2e-4, 0.01))
    readouts = (Readout(5.2e-3, 1e-5, 70), Readout(6.95e-3, 1e-5, 50, 300.0, 0.3))
    return Timeline(pulses, (read, speed_tasks.lobes(), z), readouts, 9e-3)


@pytest.mark.parametrize(("precision", "limit"), [("float64", 1e-10), ("float32", 1e-5)])
@pytest.mark.parametrize("diffusion", [None, 3e-9])
def test_every_thread_does_what_the_processors_solver_does(precision, limit, diffusion):
    spins = subject(9, 2, None if diffusion is None else np.full(9, diffusion))
    receive = np.random.default_rng(1).normal(size=(3, 9)) + 1j
    heard = card.one_by_one(shaped(), spins, receive, precision=precision)
    if diffusion is None:  # within a bent readout the processor's solver leaves diffusion out
        assert off(simulate(shaped(), spins, receive, precision="float64"), heard) < limit
    # from the plain solver both differ by what relaxation within a pulse is split by
    assert off(reference(shaped(), spins, receive), heard) < 3e-5


def test_hard_pulses_and_long_trains_to_rounding():
    task, spins, receive = speed_tasks.gradient_echo(4), speed_tasks.patient(7), np.ones((1, 7), complex)
    assert off(reference(task, spins, receive), card.one_by_one(task, spins, receive, precision="float64")) < 1e-11


def test_moving_spins_are_refused():
    n = 4
    still = subject(n, 2)
    moving = Isochromats(*(getattr(still, k) for k in ("position", "density", "T1", "T2", "off_resonance", "transmit", "voxel")), velocity=np.ones((n, 3)))  # fmt: skip
    with pytest.raises(ModelError, match="on a card spins rest"):
        card.Work(shaped(), moving, np.ones((1, n), complex), "float32")


def test_the_exchange_in_a_warp_leaves_each_thread_one_sample():
    """The halving of lists that the kernel writes, played with 32 threads in NumPy: thread k ends with the sum of sample k."""
    values = np.random.default_rng(0).normal(size=(32, 32))  # (thread, sample)
    wanted, lanes, distance = values.sum(axis=0), np.arange(32), 16
    while distance:
        bit = (lanes & distance > 0)[:, None]
        low, high = values[:, :distance], values[:, distance:]
        values = np.where(bit, high, low) + np.where(bit, low, high)[lanes ^ distance]
        distance //= 2
    assert np.allclose(values[:, 0], wanted)


@pytest.mark.skipif(not cuda.compiles(), reason="this llvmlite writes no PTX")
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("compute", ["sm_80", "sm_90"])
def test_ptx_keeps_the_state_in_registers_and_is_assembled(compute, precision, tmp_path):
    text = card.ptx(precision, compute)
    assert ".entry play_spins" in text
    assert text.count("shfl.sync.bfly") == 2 * 31 * (1 if precision == "float32" else 2)  # re and im
    assert ".local" not in text, "nothing of the state lies in memory"
    assembler = shutil.which("ptxas") or shutil.which("ptxas", path="/usr/local/cuda/bin")
    if assembler is None:
        pytest.skip("NVIDIA's assembler is not installed")
    (tmp_path / "spins.ptx").write_text(text)
    done = subprocess.run(
        [assembler, f"-arch={compute}", "-v", str(tmp_path / "spins.ptx"), "-o", str(tmp_path / "spins.cubin")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # 32 complex samples in double are 128 of the 255 registers: a few numbers of the rest may be put aside
    (spilled,) = re.findall(r"(\d+) bytes spill stores", done.stderr)
    assert int(spilled) <= (0 if precision == "float32" else 64)


@pytest.mark.skipif(not cuda.compiles(), reason="this llvmlite writes no PTX")
@pytest.mark.parametrize(("precision", "limit"), [("float64", 1e-13), ("float32", 1e-5)])
def test_the_ptx_itself_read_as_a_card_reads_it_hears_what_the_processor_hears(precision, limit):
    """Two blocks, 24 threads without a spin, exchanges within warps, sums of all, every address: all that a launch has."""
    spins = subject(40, 2, np.full(40, 3e-9))
    receive = np.random.default_rng(1).normal(size=(2, 40)) + 1j
    played = replace(shaped(), readouts=(Readout(5.2e-3, 1e-5, 40), Readout(6.95e-3, 1e-5, 8, 300.0, 0.3)))
    work = card.Work(played, spins, receive, precision)
    numbers = [work.n, work.channels, work.coils, work.out.shape[2]]
    Launch(card.ptx(precision), [work.orders, len(work.orders), work.data, work.spins, work.out, *numbers], 2, 32)
    assert off(card.one_by_one(played, spins, receive, precision=precision), work.signals()) < limit


@pytest.mark.skipif(not cuda.available(), reason="no NVIDIA card")
def test_a_card_hears_what_the_processor_hears():
    spins, receive = subject(1000, 2), np.random.default_rng(1).normal(size=(3, 1000)) + 1j
    for precision, limit in (("float64", 1e-10), ("float32", 2e-5)):
        wanted = card.one_by_one(shaped(), spins, receive, precision="float64")
        assert off(wanted, card.simulate(shaped(), spins, receive, precision=precision)) < limit
