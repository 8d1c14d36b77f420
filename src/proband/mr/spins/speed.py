"""How fast the spins are, on a task that other simulators were timed on: a spoiled gradient echo of 64 × 64 samples.

A spin-step is one spin over one event: a sample, a prewinder or a rewinder; its share of the peak counts eight operations,
those of a complex multiply-add. An RF-step is one spin over one sample of a shaped pulse. The whole call is timed, but not
the first one, which compiles and which writes the orders of the timeline."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np

from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform
from proband.mr.spins.moments import GAMMA_BAR
from proband.mr.spins.peak import peak
from proband.mr.spins.reference import reference
from proband.mr.spins.solver import simulate

SPINS, LINES, SAMPLES = 130_496, 64, 64
TR, DWELL, FOV = 10e-3, 10e-6, 0.2


def measure(spins: int = SPINS, repeats: int = 7, threads: int | None = None) -> dict[str, float | None]:
    """Best of some repetitions, the whole call timed; each rate with the error of what was computed so fast."""
    task, short, body = gradient_echo(), gradient_echo(6), patient(spins)
    receive = np.ones((1, spins), complex)
    steps = spins * LINES * (SAMPLES + 2)
    slow = patient(48)
    plain = reference(short, slow, np.ones((1, 48)))
    result: dict[str, float | None] = {}
    for precision, key in (("float32", "bloch_f32"), ("float64", "bloch_f64")):
        # The peak before and after, since a shared machine may change its pace in between.
        most = peak(precision, threads or os.cpu_count() or 1)
        took = best(lambda p=precision: simulate(task, body, receive, precision=p, threads=threads), repeats)
        most = max(most, peak(precision, threads or os.cpu_count() or 1))
        result[f"{key}_spin_steps_per_s"] = steps / took
        result[f"{key}_peak_flops"], result[f"{key}_share_of_peak"] = most, 8 * steps / took / most
        result[f"{key}_error"] = off(plain, simulate(short, slow, np.ones((1, 48)), precision=precision))
    pulses, few = shaped_pulses(), shaped_pulses(2)
    took = best(lambda: simulate(pulses, body, receive, precision="float32", threads=threads), min(repeats, 3))
    played = sum(np.shape(p.wave)[-1] for p in pulses.pulses)
    result["rf_steps_per_s"] = spins * played / took
    plain = reference(few, slow, np.ones((1, 48)))
    result["rf_error"] = off(plain, simulate(few, slow, np.ones((1, 48)), precision="float32"))
    other = mrzero(min(spins, 32_768))
    result["mrzero_spin_steps_per_s"] = other
    result["ratio_to_mrzero"] = None if other is None else float(result["bloch_f32_spin_steps_per_s"] or 0) / other
    return result


def best(run: Callable[[], object], repeats: int) -> float:
    """Shortest time of some runs, s; the first, which may compile, is not counted."""
    run()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return min(times)


def off(plain: list[np.ndarray], heard: list[np.ndarray]) -> float:
    """Largest difference as a share of the largest sample."""
    return float(
        max(np.abs(a - b).max() for a, b in zip(plain, heard, strict=True)) / max(np.abs(a).max() for a in plain)
    )


def patient(n: int) -> Isochromats:
    """Spins of a brain's T1 and T2 in a plane, B0 within some 50 Hz, B1 within 30 %."""
    rng = np.random.default_rng(0)
    place = np.zeros((n, 3))
    place[:, :2] = rng.uniform(-FOV / 2, FOV / 2, (n, 2))
    return Isochromats(
        place, rng.uniform(0.5, 1, n), rng.uniform(0.8, 2, n), rng.uniform(0.05, 0.2, n), rng.normal(0, 20, n),
        rng.uniform(0.7, 1.3, (1, n)).astype(complex), np.arange(n),
    )  # fmt: skip


def lobes(*trapezoids: tuple[float, float, float, float]) -> Waveform:
    """Trapezoids (start, ramp, flat, T/m) one after the other."""
    times, values = [np.zeros(1)], [np.zeros(1)]
    for start, ramp, flat, strength in trapezoids:
        times.append(np.array([start, start + ramp, start + ramp + flat, start + 2 * ramp + flat]))
        values.append(np.array([0, strength, strength, 0.0]))
    return Waveform(np.concatenate(times), np.concatenate(values))


def gradient_echo(lines: int = LINES) -> Timeline:
    """Hard pulses of 15°, phases quadratic by 117°, phase encoding with rewinding, spoiling along the readout."""
    ramp, lobe, flat = 1e-4, 4e-4, SAMPLES * DWELL
    read = 1 / (FOV * DWELL * GAMMA_BAR)
    pulses, readouts, x, y = [], [], [], []
    for line in range(lines):
        t, phase = line * TR, np.deg2rad(117.0 * line * (line + 1) / 2)
        pulses.append(Pulse(t + 1e-3, 1e-6, np.full((1, 1), 15 / 360 / 1e-6, complex), 0.0, phase))
        step = (line - LINES / 2) / FOV / GAMMA_BAR / (ramp + lobe)
        y += [(t + 2e-3, ramp, lobe, step), (t + 4e-3 + flat, ramp, lobe, -step)]
        x += [(t + 2e-3, ramp, lobe, -read * (flat + ramp) / 2 / (ramp + lobe)), (t + 3e-3, ramp, flat, read)]
        x += [(t + 4e-3 + flat, ramp, lobe, 0.02)]
        readouts.append(Readout(t + 3e-3 + ramp, DWELL, SAMPLES, 0.0, phase, {"LIN": line}))
    return Timeline(tuple(pulses), (lobes(*x), lobes(*y), lobes()), tuple(readouts), lines * TR)


def shaped_pulses(count: int = 16, samples: int = 128) -> Timeline:
    """Sinc pulses that all differ, so that none is kept, each under a slice gradient."""
    x = np.linspace(-2, 2, samples)
    pulses = [
        Pulse(0.01 * k + 1e-3, 1e-5, (np.sinc(x) * (300 + 10 * k))[None].astype(complex), 20.0 * k)
        for k in range(count)
    ]
    z = lobes(*[(p.start - 1e-4, 1e-4, samples * 1e-5, 0.005) for p in pulses])
    readout = Readout(0.01 * count, 1e-5, 8)
    return Timeline(tuple(pulses), (lobes(), lobes(), z), (readout,), 0.01 * count + 1e-3)


def mrzero(n: int, lines: int = 4) -> float | None:
    """Spin-steps per s of MRzeroCore's isochromats on the first lines of the task, or None where it is not installed."""
    try:
        import MRzeroCore as mr0  # type: ignore[import-not-found]  # noqa: N813
        import torch  # type: ignore[import-not-found]
    except ImportError:
        return None
    body = patient(n)
    real = lambda a: torch.as_tensor(np.asarray(a), dtype=torch.float32)  # noqa: E731
    data = mr0.SimData(
        real(body.density), real(body.T1), real(body.T2), real(np.full(n, 1e9)), real(np.zeros(n)), real(body.off_resonance),
        torch.as_tensor(body.transmit, dtype=torch.complex64).abs(), torch.ones((1, n)), real([FOV, FOV, FOV]),
        torch.eye(4)[:3], real(body.position), torch.tensor([1e9, 1e9, 1e9]), lambda *a: torch.ones(1),
    )  # fmt: skip
    sequence = mr0.Sequence()
    for line in range(lines):
        rep = sequence.new_rep(SAMPLES + 2)
        rep.pulse.usage, rep.pulse.angle = mr0.PulseUsage.EXCIT, torch.as_tensor(np.deg2rad(15.0))
        rep.pulse.phase = torch.as_tensor(np.deg2rad(117.0 * line * (line + 1) / 2))
        rep.event_time[:] = DWELL
        rep.event_time[0], rep.event_time[-1] = 2.4e-3, TR - 2.4e-3 - SAMPLES * DWELL
        rep.gradm[1:-1, 0] = 1 / FOV
        rep.gradm[0, 0], rep.gradm[-1, 0] = -SAMPLES / 2 / FOV, 500.0
        rep.gradm[0, 1], rep.gradm[-1, 1] = (line - LINES / 2) / FOV, -(line - LINES / 2) / FOV
        rep.adc_usage[1:-1] = 1
    took = best(lambda: mr0.isochromat_sim(sequence, data, 1, print_progress=False, spin_dist="rand"), 2)
    return n * lines * (SAMPLES + 2) / took
