"""Tubing of the circuit, and its junctions."""

from __future__ import annotations

import math

from proband.model import *
from proband.units import *

BORE = 9.525 * mm  # 3/8 inch
VISCOSITY = 3.0 * ms * Pa  # of blood at a haematocrit near 0.3
DENSITY = 1055 * kg / m3


def friction(flow: Quantity, length: Quantity, bore: Quantity, section: Quantity, viscosity: Quantity = VISCOSITY,
             density: Quantity = DENSITY) -> Quantity:  # fmt: skip
    """Pressure that turbulent flow loses at a smooth wall (Blasius 1913); `bore`: hydraulic diameter, four sections over the wetted rim."""
    Q, l, d, A, mu, rho = (q.si for q in (flow, length, bore, section, viscosity, density))
    return 0.1582 * rho**0.75 * mu**0.25 * l * d**-1.25 * (Q / A) ** 1.75 * Pa


def square_resistance(length: Quantity, at: Quantity = 4.5 * L_min, bore: Quantity = BORE) -> Quantity:
    """R2 of a smooth tube, so that R2 Q² is the loss by friction at the flow `at`."""
    return (friction(at, length, bore, math.pi / 4 * bore**2).si / at.si**2) * (Pa * s * s / m**6)


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
