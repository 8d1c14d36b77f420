"""Ideal gases as the body has them: at 37 °C, saturated with water, and counted in millimoles.

The volume of a gas compartment is BTPS at 760 mmHg. A pressure on top of that compresses it: partial pressures rise,
the volume as counted here does not change."""

from proband.model import maths
from proband.units import *

R = 8.314462618 * J / (mol * K)  # CODATA 2018
BODY_TEMPERATURE = 310.15 * K
ATMOSPHERE = 760 * mmHg
WATER_VAPOUR = 47 * mmHg  # saturated at 37 °C (Nunn's Applied Respiratory Physiology)

RT = R * BODY_TEMPERATURE  # pressure of a gas whose concentration is 1
MOLAR_VOLUME = RT / (ATMOSPHERE - WATER_VAPOUR)  # BTPS volume of a mole of dry gas: 27.1 mL/mmol
STPD_VOLUME = 22.4 * mL / mmol  # of a mole of ideal gas at 0 °C, dry
STPD_TO_BTPS = 1.21  # (310/273) · 760/713
ATPD_TO_BTPS = 1.12  # dry at 22 °C: (310/295) · 760/713

AIR = {"oxygen": 0.2095, "carbon_dioxide": 0.0004, "nitrogen": 0.7901}  # shares of dry air, argon with nitrogen


def partial_pressure(concentration, pressure=0 * mmHg):
    """Of a gas with this concentration (amount per BTPS volume) under a pressure above the room's."""
    return concentration * RT * (ATMOSPHERE - WATER_VAPOUR + pressure) / (ATMOSPHERE - WATER_VAPOUR)


def inspired(share):
    """The concentration of a gas that is this share of dry gas, once it is warm and wet."""
    return share / MOLAR_VOLUME


def share(concentration, *all_concentrations):
    """The share of one gas in the dry mixture of all."""
    total = all_concentrations[0]
    for c in all_concentrations[1:]:
        total = total + c
    return concentration / maths.maximum(total, 1e-9 * mol / m3)
