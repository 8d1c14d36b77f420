"""How fast the spins are, on a task that other simulators were timed on: a spoiled gradient echo of 64 × 64 samples.

A spin-step is one spin over one event: a sample, a prewinder or a rewinder; its share of the peak counts eight operations,
those of a complex multiply-add (the kernel spends six). An RF-step is one spin over one rotation of a shaped pulse that was
computed, in which several samples of its raster may be one (`magnus`); how many samples went by is told beside it. The
whole call is timed, but not the first one, which compiles and which writes the orders of the timeline; of many runs the
best counts, since a shared machine lends its cores by the moment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np

from proband.mr.spins.layout import KINDS
from proband.mr.spins.peak import peak
from proband.mr.spins.reference import reference
from proband.mr.spins.solver import WRITTEN, simulate
from proband.mr.spins.speed_mrzero import mrzero
from proband.mr.spins.speed_tasks import LINES, SAMPLES, SPINS, gradient_echo, patient, shaped_pulses


def measure(
    spins: int = SPINS, seconds: float = 4.0, repeats: int = 7, threads: int | None = None
) -> dict[str, float | None]:
    """Best of at least `repeats` runs in at least `seconds`; each rate with the error of what was computed so fast."""
    task, short, body = gradient_echo(), gradient_echo(6), patient(spins)
    receive = np.ones((1, spins), complex)
    steps = spins * LINES * (SAMPLES + 2)
    slow = patient(48)
    plain = reference(short, slow, np.ones((1, 48)))
    result: dict[str, float | None] = {}
    for precision, key in (("float32", "bloch_f32"), ("float64", "bloch_f64")):
        # The peak before and after, since a shared machine may change its pace in between.
        most = peak(precision, threads or os.cpu_count() or 1)
        took = best(lambda p=precision: simulate(task, body, receive, precision=p, threads=threads), seconds, repeats)
        most = max(most, peak(precision, threads or os.cpu_count() or 1))
        result[f"{key}_spin_steps_per_s"] = steps / took
        result[f"{key}_peak_flops"], result[f"{key}_share_of_peak"] = most, 8 * steps / took / most
        result[f"{key}_error"] = off(plain, simulate(short, slow, np.ones((1, 48)), precision=precision))
    pulses, few = shaped_pulses(), shaped_pulses(2)
    took = best(lambda: simulate(pulses, body, receive, precision="float32", threads=threads), seconds, repeats)
    written, _ = next(iter(WRITTEN[pulses].values()))
    result["rf_steps_per_s"] = spins * rotations(written.array) / took
    result["rf_samples_per_s"] = spins * written.rf_steps / took
    plain = reference(few, slow, np.ones((1, 48)))
    result["rf_error"] = off(plain, simulate(few, slow, np.ones((1, 48)), precision="float32"))
    other = mrzero(spins)
    result["mrzero_spin_steps_per_s"] = other
    result["ratio_to_mrzero"] = None if other is None else float(result["bloch_f32_spin_steps_per_s"] or 0) / other
    return result


def rotations(orders: np.ndarray) -> int:
    """How many rotations of shaped pulses each spin goes through in some orders."""
    return int(orders["count"][np.isin(orders["kind"], [KINDS.index(k) for k in ("pulse", "pulse_one")])].sum())


def best(run: Callable[[], object], seconds: float, repeats: int) -> float:
    """Shortest time of some runs, s; the first, which may compile, is not counted."""
    run()
    shortest, done, begin = np.inf, 0, time.perf_counter()
    while done < repeats or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        run()
        shortest, done = min(shortest, time.perf_counter() - start), done + 1
    return shortest


def off(plain: list[np.ndarray], heard: list[np.ndarray]) -> float:
    """Largest difference as a share of the largest sample."""
    return float(
        max(np.abs(a - b).max() for a, b in zip(plain, heard, strict=True)) / max(np.abs(a).max() for a in plain)
    )
