"""What the pump runs on."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@signal(period=1 * s)
def battery(
    power    = reads(W, "electrical power of the pump"),
    charge   = state(75.0, Wh, "energy left"),
    plugged  = command(1.0, one, "batteries clipped in", low=0, high=1),
    capacity = param(75.0, Wh, "energy of a full pair", "assumed: 17 h at 4.4 W, as instructions for use promise"),
    U_full   = param(16.4, V, "voltage when full", "assumed: four lithium-ion cells in series"),
    U_flat   = param(13.0, V, "voltage when nearly empty", "assumed: four lithium-ion cells in series"),
):  # fmt: skip
    """A pair of lithium-ion batteries: energy falls with power, voltage with energy; empty is empty."""
    share = limited(charge / capacity, 0.0, 1.0)
    alive = plugged > 0.5 and charge > 0 * Wh
    return gives(
        d_charge=-power if alive else 0 * power,
        share=(share if alive else 0.0, one, "share of the energy that is left"),
        voltage=(U_flat + (U_full - U_flat) * share if alive else 0 * V, V, "at the controller"),
    )
