"""What resists the rotor's turning."""

from __future__ import annotations

from proband.laws.smooth import beyond
from proband.model import limited


def blade_torque(flow, speed, k_E, k_Q, Q_soft):
    """Euler's turbine equation with swirl: T = k_E N Q − k_Q Q². It has a maximum: one torque can mean two flows.

    Backflow past forward blades gives nothing back; the corner at Q = 0 is rounded over Q_soft."""
    through = beyond(flow, Q_soft)
    return k_E * speed * through - k_Q * through * through


def friction_torque(speed, viscosity, k_d, k_v, T_c, N_c):
    """Disc friction with N², shear in the gaps with μN, and dry friction that stops a rotor at last."""
    turn = limited(speed / N_c, -1.0, 1.0)
    return speed * (k_d * abs(speed) + k_v * viscosity) + T_c * turn * (1.5 - 0.5 * turn * turn)


def clot_torque(speed, thrombus, k_clot):
    """A clot on the rotor drags along the housing."""
    return thrombus * k_clot * speed
