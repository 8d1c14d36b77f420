"""What a machine is busy with beside a measurement, which makes its times longer, never shorter."""

from __future__ import annotations

import os

FEW = 0.25  # threads per core that disturb little


def load() -> float | None:
    """Threads that wanted a core in the last minute, on average; None where the system does not count them (Windows)."""
    counted = getattr(os, "getloadavg", None)
    try:
        return round(counted()[0], 2) if counted else None
    except OSError:
        return None


def warning(busy: float | None) -> str:
    """One sentence where others disturb what is about to be measured, else nothing."""
    cores = os.cpu_count() or 1
    if busy is None or busy <= FEW * cores:
        return ""
    return (
        f"This machine is busy: {busy:.1f} threads wanted its {cores} cores in the last minute. What follows is slower "
        "than it would be alone; measure again when it is quiet."
    )
