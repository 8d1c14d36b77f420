"""So much gas that whoever draws from it changes nothing about it: the room, a pipeline, a cylinder."""

from proband.laws.gas import MOLAR_VOLUME
from proband.model import *
from proband.units import *


@compartment
def gas_store(
    volume = state(1e9, mL, "gas in it, BTPS"),
    held   = param(0.0, cmH2O, "its pressure, above the room's", "assumed: a room, or what a regulator holds"),
):  # fmt: skip
    """So much gas that a patient changes nothing about it."""
    return gives(
        pressure=(held, cmH2O, "above the room's"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )
