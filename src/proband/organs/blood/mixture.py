"""A gas mixture as an analyser reads it."""

from proband.laws import gas
from proband.model import *
from proband.units import *


@signal(period=10 * ms)
def gas_mixture(
    oxygen         = reads(mmol/L, "concentration of oxygen"),
    carbon_dioxide = reads(mmol/L, "concentration of carbon dioxide"),
    pressure       = reads(mmHg,   "pressure above the room's", otherwise=0.0),
):  # fmt: skip
    """Partial pressures of warm, wet gas, and shares of the dry gas, at the pressure that reigns."""
    return gives(
        PO2=(gas.partial_pressure(oxygen, pressure), mmHg, "partial pressure of oxygen"),
        PCO2=(gas.partial_pressure(carbon_dioxide, pressure), mmHg, "partial pressure of carbon dioxide"),
        FO2=(oxygen * gas.MOLAR_VOLUME, percent, "share of oxygen in the dry gas"),
        FCO2=(carbon_dioxide * gas.MOLAR_VOLUME, percent, "share of carbon dioxide in the dry gas"),
    )
