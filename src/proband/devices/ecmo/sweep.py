"""The gas side: supplies, blender, fibres, exhaust."""

from __future__ import annotations

from proband.laws import gas
from proband.model import *
from proband.units import *

AIR_O2 = gas.AIR["oxygen"]


@path
def blended(
    p_in  = end(mmHg, "of the supply"),
    p_out = end(mmHg, "in the fibres"),
    sweep = reads(L_min, "sweep gas that is asked for"),
    FdO2  = reads(one,   "oxygen that is asked for"),
    supply = command(1.0, one, "share of the asked flow that the supply gives", low=0, high=1),
    air    = param(0.0, one, "1 for the air's valve, 0 for oxygen's", "definition"),
):  # fmt: skip
    """One valve of the blender: of oxygen (F − F_air)/(1 − F_air) of the sweep, of air the rest."""
    oxygen = (FdO2 - AIR_O2) / (1 - AIR_O2)
    mine = oxygen + air * (1 - 2 * oxygen)
    return gives(flow=sweep * mine * supply)


@compartment
def fibres(
    volume = state(180.0, mL, "gas in the fibres and their headers"),
    V   = param(180.0, mL, "of the gas side", "assumed: 380/200 µm fibres of 1.8 m² hold 47 mL, headers the rest", low=0),
):  # fmt: skip
    """Gas is as stiff as its volume: p = 760 mmHg (V_gas − V) / V."""
    return gives(
        pressure=gas.ATMOSPHERE * (volume - V) / V,
        molar_volume=(gas.MOLAR_VOLUME, mL / mmol, "BTPS volume of a mole of dry gas"),
    )


@path
def exhaust(
    p_in  = end(mmHg, "in the fibres"),
    p_out = end(mmHg, "in the room"),
    R     = param(0.5, mmHg / L_min, "of fibres and outlet", "assumed: a few mmHg at 5 to 10 L/min", low=0),
):  # fmt: skip
    """The open outlet of the gas side."""
    return gives(flow=(p_in - p_out) / R)
