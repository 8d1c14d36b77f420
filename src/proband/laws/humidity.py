"""Water in gas: what gas can hold, at which temperature it is full, and what an airway has to add."""

from typing import Any

from proband.laws.gas import ATMOSPHERE, BODY_TEMPERATURE, WATER_VAPOUR, R
from proband.model import *
from proband.units import *

M_WATER = 18.015 * g / mol  # standard atomic weights
LATENT = 2410 * J / g  # heat of vaporisation at 37 °C (steam tables)
GAS_HEAT = 1.15 * J / L / K  # heat capacity of air at 37 °C: 1.005 J/g/K at 1.14 g/L

# Magnus' formula for the pressure of saturated vapour above water (Alduchov & Eskridge 1996 J Appl Meteorol 35:601).
A, B, C_0 = 17.625, 243.04, 610.94 * Pa


def saturated(temperature):
    """Water in a litre of gas that can hold no more: 44 mg/L at 37 °C."""
    t = temperature / (1 * K) - 273.15
    return C_0 * exp(A * t / (t + B)) * M_WATER / (R * temperature)


def dew_point(humidity):
    """The temperature at which this much water saturates a litre: Magnus' formula turned round."""
    at = 303.15 * K
    for _ in range(3):  # vapour's volume grows with the temperature that is sought, by a third of a percent per degree
        x: Any = log(humidity * R * at / M_WATER / C_0)
        at = (B * x / (A - x) + 273.15) * (1 * K)
    return at


def grown(humidity, temperature):
    """What becomes of a litre of this gas once it is at 37 °C and full of water: 1.12 L of dry gas at 22 °C."""
    vapour = humidity * R * temperature / M_WATER
    return (BODY_TEMPERATURE / temperature) * (ATMOSPHERE - vapour) / (ATMOSPHERE - WATER_VAPOUR)


def burden(humidity, temperature, flow):
    """Water and heat per time that an airway adds to so much gas (BTPS) before it is at 37 °C and full of water."""
    before = flow / grown(humidity, temperature)
    water = flow * saturated(BODY_TEMPERATURE) - before * humidity
    return water, LATENT * water + GAS_HEAT * before * (BODY_TEMPERATURE - temperature)
