"""A sensor for small bodies."""

from proband.model import *
from proband.units import *


@controller(period=10 * ms)
def watch(
    pressure = reads(mmHg, "a pressure"),
    limit    = command(60.0, mmHg, "alarm limit", low=20, high=120),
    count    = memory(0.0, one, "samples below the limit"),
):  # fmt: skip
    """Counts."""
    if pressure < limit:
        count = count + 1
    return gives(next_count=count, half=(0.5 * count, one, "half of them"))
