"""The same Pulseq files on two simulators that others wrote: MRzeroCore and blochsimulator (see requirements-oracles.lock).

MRzeroCore takes every pulse as instantaneous, so it judges files of hard pulses alone. blochsimulator integrates shaped
pulses under real gradients. Both are left out where they are not installed."""

import importlib.util

import numpy as np
import pytest
from spin_examples import spins

from proband.mr.spins.moments import GAMMA_BAR, between
from proband.mr.spins.solver import simulate

THEIR_GAMMA = 26753.0  # rad/s/G, blochsimulator's constant

pytestmark = pytest.mark.system
pp = pytest.importorskip("pypulseq")


def needs(name):
    missing = importlib.util.find_spec(name) is None
    return pytest.mark.skipif(missing, reason=f"{name} is not installed: pip install -r requirements-oracles.lock")


def system():
    return pp.Opts(
        max_grad=40, grad_unit="mT/m", max_slew=150, slew_unit="T/m/s", rf_ringdown_time=0, rf_dead_time=0,
        adc_dead_time=0, gamma=GAMMA_BAR,
    )  # fmt: skip


def balanced(path, lines=6, samples=16, fov=0.2):
    """Hard pulses of ± 30°, everything refocused: echoes of every pathway. Returns the file."""
    limits = system()
    sequence = pp.Sequence(limits)
    dwell = 2e-5
    read = pp.make_trapezoid("x", system=limits, flat_area=samples / fov, flat_time=samples * dwell)
    back = pp.make_trapezoid("x", system=limits, area=-read.area / 2, duration=1e-3)
    for k in range(lines):
        pulse = pp.make_block_pulse(
            np.pi / 6, system=limits, duration=1e-5, phase_offset=np.pi * (k % 2), use="excitation"
        )
        adc = pp.make_adc(samples, system=limits, dwell=dwell, delay=read.rise_time, phase_offset=np.pi * (k % 2))
        step = (k - lines / 2) / fov
        encode, rewind = (pp.make_trapezoid("y", system=limits, area=s * step + 1e-6, duration=1e-3) for s in (1, -1))
        sequence.add_block(pulse)
        sequence.add_block(back, encode)
        sequence.add_block(read, adc)
        sequence.add_block(back, rewind)
    sequence.write(str(path))
    return path


def selective(path, samples=32, fov=0.2):
    """A windowed sinc of 60° under a slice gradient, off centre, a 150° refocusing sinc, and a readout of the echo."""
    limits = system()
    sequence = pp.Sequence(limits)
    first, slice_, back = pp.make_sinc_pulse(
        np.pi / 3, system=limits, duration=2e-3, slice_thickness=8e-3, time_bw_product=4, apodization=0.5, freq_offset=400.0,
        phase_offset=0.3, return_gz=True, use="excitation",
    )  # fmt: skip
    second, slice_2, _ = pp.make_sinc_pulse(
        np.deg2rad(150), system=limits, duration=2e-3, slice_thickness=12e-3, time_bw_product=4, apodization=0.5,
        phase_offset=1.1, return_gz=True, use="refocusing",
    )  # fmt: skip
    read = pp.make_trapezoid("x", system=limits, flat_area=samples / fov, flat_time=samples * 2e-5)
    before = pp.make_trapezoid("x", system=limits, area=read.area / 2, duration=2e-3)
    sequence.add_block(first, slice_)
    sequence.add_block(back)
    sequence.add_block(before)
    sequence.add_block(second, slice_2)
    sequence.add_block(pp.make_delay(1e-3))
    sequence.add_block(read, pp.make_adc(samples, system=limits, dwell=2e-5, delay=read.rise_time))
    sequence.write(str(path))
    return path


def body(n, reach=0.08, thick=0.0):
    rng = np.random.default_rng(4)
    place = rng.uniform(-reach, reach, (n, 3))
    place[:, 2] = rng.uniform(-thick, thick, n) if thick else 0.0
    return spins(
        n, T1=rng.uniform(0.5, 1.5, n), T2=rng.uniform(0.04, 0.12, n), off=rng.normal(0, 20, n), position=place,
        density=rng.uniform(0.5, 1, n), transmit=rng.uniform(0.8, 1.2, (1, n)),
    )  # fmt: skip


def heard_here(path, s):
    from proband.mr.sequence.mr_sequence import read

    timeline = read(path).timeline
    signals = simulate(timeline, s, np.ones((1, len(s.density))), precision="float64", threads=2)
    return timeline, np.concatenate([a[0] for a in signals])


def apart(ours, theirs):
    """Largest difference as a share of the largest sample."""
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


@needs("MRzeroCore")
@pytest.mark.filterwarnings("ignore")
def test_a_balanced_sequence_sounds_as_in_mrzero(tmp_path):
    import MRzeroCore as mr0  # type: ignore[import-not-found]  # noqa: N813
    import torch  # type: ignore[import-not-found]

    path = balanced(tmp_path / "balanced.seq")
    n = 200
    s = body(n)
    _, ours = heard_here(path, s)
    real = lambda a: torch.as_tensor(np.asarray(a), dtype=torch.float32)  # noqa: E731
    data = mr0.SimData(
        real(s.density), real(s.T1), real(s.T2), real(np.full(n, 1e9)), real(np.zeros(n)), real(s.off_resonance),
        torch.as_tensor(s.transmit.real, dtype=torch.float32), torch.ones((1, n)), real([0.2, 0.2, 0.2]),
        torch.eye(4)[:3], real(s.position), torch.tensor([1e9, 1e9, 1e9]), lambda *a: torch.ones(1),
    )  # fmt: skip
    sequence = mr0.Sequence.import_file(str(path), print_stats=False)
    theirs = mr0.isochromat_sim(sequence, data, 1, print_progress=False, spin_dist="rand")
    theirs = theirs.numpy()[:, 0]
    assert len(theirs) == len(ours) == 96
    # there a pulse of phase 0 turns +z towards −y, and the receiver is a quarter turn ahead of its phase
    difference = apart(-1j * ours, theirs)
    print(f"balanced echoes, MRzeroCore: {difference:.2e}")
    assert difference < 3e-3  # pulses of 10 µs here, of no time there: 5 µs × 60 Hz × 2π = 2e-3


@needs("blochsimulator")
@pytest.mark.filterwarnings("ignore")
def test_a_slice_selective_spin_echo_sounds_as_in_blochsimulator(tmp_path):
    from blochsimulator.blochsimulator_cy import simulate_bloch  # type: ignore[import-not-found]

    path = selective(tmp_path / "selective.seq")
    s = body(40, thick=8e-3)
    timeline, ours = heard_here(path, s)
    # everything cut into steps no longer than 2 µs, each with its mean field and gradient
    edges = [np.arange(0, timeline.duration, 2e-6), timeline.readouts[0].times]
    for p in timeline.pulses:
        edges.append(p.start + np.arange(p.wave.shape[1] + 1) * p.step)
    edges = np.unique(np.round(np.concatenate(edges), 12))
    middle, step = 0.5 * (edges[1:] + edges[:-1]), np.diff(edges)
    gradient = between(timeline.gradients, edges)[0] / step[:, None] / (THEIR_GAMMA / (2 * np.pi)) / 100  # G/cm
    wave = np.zeros(len(step), complex)
    for p in timeline.pulses:
        k = np.floor((middle - p.start) / p.step).astype(int)
        inside = (k >= 0) & (k < p.wave.shape[1])
        angle = p.phase + 2 * np.pi * p.frequency * (middle[inside] - p.start)
        wave[inside] += p.wave[0, k[inside]] * np.exp(1j * angle)
    gauss = wave / (THEIR_GAMMA / (2 * np.pi))
    taken = np.searchsorted(edges, np.round(timeline.readouts[0].times, 12)) - 1
    theirs = np.zeros(len(taken), complex)
    for i in range(len(s.density)):
        mx, my, _ = simulate_bloch(
            gauss * s.transmit[0, i].real, gradient, step, s.T1[i], s.T2[i], s.off_resonance[i : i + 1],
            s.position[i : i + 1] * 100, mode=2,
        )  # fmt: skip
        theirs += s.density[i] * (mx + 1j * my)[taken, 0, 0]
    difference = apart(ours, theirs)
    print(f"selective spin echo, blochsimulator: {difference:.2e}")
    assert difference < 1e-4
