"""Tubing of the circuit, and its junctions."""

from __future__ import annotations

import math

from proband.model import *
from proband.units import *

BORE = 9.525 * mm  # 3/8 inch
VISCOSITY = 3.0 * ms * Pa  # of blood at a haematocrit near 0.3
DENSITY = 1055 * kg / m3


def square_resistance(length: Quantity, at: Quantity = 4.5 * L_min, bore: Quantity = BORE) -> Quantity:
    """R2 of a smooth tube, so that R2 Q² is Blasius' turbulent loss at the flow `at`."""
    mu, rho, d, Q, l = (q.si for q in (VISCOSITY, DENSITY, bore, at, length))
    loss = 0.241 * rho**0.75 * mu**0.25 * l * d**-4.75 * Q**1.75
    return (loss / Q**2) * (Pa * s * s / m**6)


def inertance(length: Quantity, bore: Quantity = BORE) -> Quantity:
    """ρ l / A of the blood in it."""
    return (DENSITY.si * length.si / (math.pi / 4 * bore.si**2)) * (Pa * s * s / m**3)


def prime(length: Quantity, bore: Quantity = BORE) -> Quantity:
    """What it holds."""
    return math.pi / 4 * bore.si**2 * length.si * m3


@compartment
def hose(
    volume = state(120.0, mL, "blood in the line"),
    C   = param(0.010, mL/mmHg, "compliance", "assumed: 3/8 × 3/32 inch PVC of 10 MPa (0.004 per m), with connectors", low=0),
    V_0 = param(120.0, mL, "volume at the room's pressure", "its geometry"),
):  # fmt: skip
    """A stiff tube: p = (V − V_0) / C, above or below the room's pressure."""
    return gives(pressure=(volume - V_0) / C)
