"""Tubes that air is blown through: pressure lost by friction and by speed, after Rohrer."""

from __future__ import annotations

from math import pi

from proband.laws.rohrer import column
from proband.model import *
from proband.units import *

loss1 = cmH2O * s / L
loss2 = cmH2O * s * s / L**2
weight = cmH2O * s * s / L


# Loss at 30 L/min through tube and slip joint, cmH2O, by inner diameter in mm.
# Futagawa 2017 BMC Anesthesiol 17:38: uncompressed preformed nasal tubes with their slip joints.
AT_30_L_MIN = {6.0: 6.64 + 2.25, 6.5: 4.62 + 1.33, 7.0: 3.43 + 0.88, 7.5: 2.30 + 0.58, 8.0: 1.82 + 0.37}

# Turbulent friction grows with Q^1.75 (Blasius; Lofaso 1992 Am Rev Respir Dis 146:974). R1 and R2 that meet this curve at 30
# and at 60 L/min: R1 = 0.636 p, R2 = 2.728 p with p the loss at 30 L/min.
BLASIUS_R1, BLASIUS_R2 = 2 - 0.5 * 2.728, 2.728

DENSITY, VISCOSITY = 1.12, 1.89e-5  # of air at 37 °C, saturated: kg/m³, Pa s


def coefficients(inner_diameter: float, length: float | None = None) -> tuple[float, float, str]:
    """R1 in cmH2O s/L, R2 in cmH2O s²/L² and their source, for a tube of `inner_diameter` mm.

    Measured from 6 to 8 mm. Others are scaled from the nearest measured one, with d⁻⁴ (Poiseuille) for R1, d⁻⁴·⁷⁵ (Blasius)
    for R2 and the usual length. Raises ModelError outside 2 to 10 mm."""
    if not 2.0 <= inner_diameter <= 10.0:
        raise ModelError(
            f"a tracheal tube of {inner_diameter:g} mm is not made; inner diameters run from 2 to 10 mm (8 mm for a man)."
        )
    nearest = min(AT_30_L_MIN, key=lambda d: abs(d - inner_diameter))
    if abs(nearest - inner_diameter) < 0.01:
        loss = AT_30_L_MIN[nearest]
        return BLASIUS_R1 * loss, BLASIUS_R2 * loss, "Futagawa 2017 BMC Anesthesiol 17:38 at 30 L/min, with Q^1.75"
    ratio = nearest / inner_diameter
    stretch = (length or usual_length(inner_diameter)) / usual_length(nearest)
    loss = AT_30_L_MIN[nearest]
    source = f"assumed: scaled from the {nearest:g} mm tube of Futagawa 2017 by d^-4 (R1), d^-4.75 (R2) and length"
    return BLASIUS_R1 * loss * ratio**4 * stretch, BLASIUS_R2 * loss * ratio**4.75 * stretch, source


def inertance(inner_diameter: float, length: float | None = None) -> float:
    """ρ l/A of the gas in a tube of `inner_diameter` mm and `length` cm, in cmH2O s²/L."""
    area = pi / 4 * (inner_diameter * 1e-3) ** 2
    return DENSITY * (length or usual_length(inner_diameter)) * 1e-2 / area * 1e-3 / 98.0665


def turning_flow(inner_diameter: float) -> float:
    """Flow in mL/s at a Reynolds number of 1,000 in a tube of `inner_diameter` mm."""
    return 1000 * pi / 4 * inner_diameter * 1e-3 * VISCOSITY / DENSITY * 1e6


def usual_length(inner_diameter: float) -> float:
    """Length in cm of an uncut oral tube: 14 at 2.5 mm to 33 at 8 mm."""
    return 14.0 + (inner_diameter - 2.5) * 3.45


@path(order=5)
def tracheal_tube(
    p_in   = end(cmH2O, "at the Y-piece"),
    p_out  = end(cmH2O, "in the patient's airway"),
    flow   = state(0.0, mL / s, "through the tube"),
    R1     = param(1.39, loss1, "loss with flow", "data sheet", low=0.01),
    R2     = param(5.97, loss2, "loss with flow squared", "data sheet", low=0),
    Q_t    = param(106.0, mL / s, "flow about which it turns turbulent", "Reynolds number 1,000: joints and bends stir it below the 2,300 of a smooth pipe", low=0),
    I      = param(0.075, weight, "inertance of the gas in it", "its density times length over area", low=0),
    tau    = param(3.0, ms, "within which a shut tube stops the gas", "assumed: as fast as a clamp shuts", low=0),
    connected = command(1.0, one, "1 joined to the Y-piece, 0 fallen off", low=0, high=1),
    occlusion = command(0.0, one, "share of the lumen that is blocked (kink, plug, bite)", low=0, high=1),
):  # fmt: skip
    """I dQ/dt = Δp − R1 Q − R2 Q|Q| through what is left of the lumen."""
    left = connected * (1 - occlusion)
    return gives(flow=flow, d_flow=column(p_in - p_out, flow, R1, R2, Q_t, I, left, tau))


@path
def open_end(
    p_in   = end(cmH2O, "in the room"),
    p_out  = end(cmH2O, "in the patient's airway"),
    connected = reads(one, "whether the tube is joined to the Y-piece"),
    occlusion = reads(one, "share of the lumen that is blocked"),
    R      = param(5.0, loss1, "of the tube alone, about its mean over a breath", "assumed: R1 + R2 Q of an 8 mm tube at 0.6 L/s"),
):  # fmt: skip
    """A tube that has fallen off the Y-piece opens the airway to the room."""
    return gives(flow=(1 - connected) * (1 - occlusion) * (p_in - p_out) / R)
