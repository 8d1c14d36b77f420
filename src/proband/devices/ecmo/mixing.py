"""Blood that goes to and fro between two veins, as much one way as the other."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@path
def to_and_fro(
    p_in   = end(mmHg, "in one vein"),
    p_out  = end(mmHg, "in its neighbour"),
    amount = param(0.3, L_min, "that goes one way, and as much the other way by this path's twin",
                   "assumed: 4 mL in each beat, 5 % of an ordinary output; caval flow reverses for a moment in each beat (Wexler 1968 Circ Res 23:349)", low=0),
):  # fmt: skip
    """Neutral in volume: two of these, one each way, only mix."""
    return gives(flow=amount)
