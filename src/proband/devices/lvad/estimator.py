"""Flow as a console guesses it, from what the motor feels."""

from __future__ import annotations

from proband.devices.lvad.viscosity import blood_viscosity
from proband.model import maximum


def estimated_flow(torque, speed, haematocrit, mu_plasma, k_E, k_Q, k_d, k_v, T_c, c_low, c_high, N_least):
    """A straight line between two calibrated flows (c N each), through the torque that is left after friction.

    The true curve k_E N Q − k_Q Q² bends over. So the guess is right at two flows, too high between
    them, and beyond the top of the curve it falls while flow rises (one current, two flows: Abart 2025)."""
    N = maximum(speed, N_least)
    left = torque - k_d * N * N - k_v * blood_viscosity(haematocrit, mu_plasma) * N - T_c
    low = (k_E - k_Q * c_low) * c_low * N * N
    slope = (k_E - k_Q * (c_low + c_high)) * N
    return c_low * N + (left - low) / slope
