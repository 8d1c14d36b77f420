"""The gradient echo of `speed_tasks` on MRzeroCore, a simulator that others wrote, where it is installed."""

from __future__ import annotations

import os
import time
import warnings

import numpy as np

from proband.mr.spins.speed_tasks import DWELL, FOV, LINES, SAMPLES, SPINS, TR, patient


def mrzero(n: int = SPINS, lines: int = 1) -> float | None:
    """Spin-steps per s of its isochromats on the first lines of the task, or None where it is not installed.

    Its arithmetic is PyTorch's, whose threads wait for each other after every operation: on a machine with other work one
    thread may do more than all. The better of the two counts."""
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
        torch.eye(4)[:3], real(body.position), real([1e9, 1e9, 1e9]), lambda *a: torch.ones(1),
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
    before, fastest = torch.get_num_threads(), np.inf
    try:
        for threads in (1, os.cpu_count() or 1):
            torch.set_num_threads(threads)
            with torch.no_grad(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it copies its tensors in a way that PyTorch advises against
                begin = time.perf_counter()
                mr0.isochromat_sim(sequence, data, 1, print_progress=False, spin_dist="rand")
                fastest = min(fastest, time.perf_counter() - begin)
    finally:
        torch.set_num_threads(before)
    return n * lines * (SAMPLES + 2) / fastest
