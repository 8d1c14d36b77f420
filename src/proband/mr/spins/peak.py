"""How many multiply-adds this machine does at best, at this moment: the yardstick for the spins.

A host that is shared runs at half its speed in one minute and at all of it in the next. A rate means more when the peak was
measured beside it: sixteen sums in registers, to each of which a product is added, over and over, on every core."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from proband.mr.spins import compiled
from proband.mr.spins.vectors import Writer

SUMS = 16  # at once: enough that none waits for its own last product
ROUNDS = 400_000


def module(number: str, lanes: int) -> str:
    """`peak(pointer)`: ROUNDS × SUMS multiply-adds of whole registers; the sums end up at the pointer."""
    w = Writer(number, lanes)
    sums = [w.variable(w.T) for _ in range(SUMS)]
    a, b = w.load("%ctx"), w.load(w.at("%ctx", lanes * w.bytes))
    for p in sums:
        w.store(b, p)
    with w.loop(str(ROUNDS)):
        for p in sums:
            w.store(w.fma(w.load(p), a, b), p)
    for k, p in enumerate(sums):
        w.store(w.load(p), w.at("%ctx", k * lanes * w.bytes))
    V = f"<{lanes} x {number}>"
    head = f"declare {V} @llvm.fma.v{lanes}f{w.bits}({V}, {V}, {V})\n\n"
    return head + w.function("void @peak(ptr noalias %ctx)")


def peak(precision: str, threads: int, repeats: int = 5) -> float:
    """Floating-point operations a second of all threads together, best of some repetitions; a multiply-add counts as two."""
    import numpy as np

    lanes = compiled.lanes(precision)
    text = module("float" if precision == "float32" else "double", lanes)
    function = compiled.entry(f"peak|{precision}|{lanes}|{compiled.digest(text)}", "peak", lambda: text)
    place = [np.full(SUMS * 64, 0.5, np.float32) for _ in range(threads)]

    def work(mine: np.ndarray) -> float:
        begin = time.perf_counter()
        function(mine.ctypes.data)
        return 2.0 * SUMS * ROUNDS * lanes / (time.perf_counter() - begin)

    with ThreadPoolExecutor(threads) as pool:
        return max(sum(pool.map(work, place)) for _ in range(repeats))
