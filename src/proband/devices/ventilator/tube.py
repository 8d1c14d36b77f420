"""Tubes that air is blown through: pressure lost by friction and by speed, after Rohrer."""

from __future__ import annotations

from proband.laws.rohrer import rohrer
from proband.model import *
from proband.units import *

loss1 = cmH2O * s / L
loss2 = cmH2O * s * s / L**2


# Loss at 30 L/min through tube and slip joint, cmH2O, by inner diameter in mm.
# Futagawa 2017 BMC Anesthesiol 17:38: uncompressed preformed nasal tubes with their slip joints.
AT_30_L_MIN = {6.0: 6.64 + 2.25, 6.5: 4.62 + 1.33, 7.0: 3.43 + 0.88, 7.5: 2.30 + 0.58, 8.0: 1.82 + 0.37}

# Turbulent friction grows with Q^1.75 (Blasius; Lofaso 1992 Am Rev Respir Dis 146:974). R1 and R2 that meet this curve at 30
# and at 60 L/min: R1 = 0.636 p, R2 = 2.728 p with p the loss at 30 L/min.
BLASIUS_R1, BLASIUS_R2 = 2 - 0.5 * 2.728, 2.728


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


def usual_length(inner_diameter: float) -> float:
    """Length in cm of an uncut oral tube: 14 at 2.5 mm to 33 at 8 mm."""
    return 14.0 + (inner_diameter - 2.5) * 3.45


@path
def tracheal_tube(
    p_in   = end(cmH2O, "at the Y-piece"),
    p_out  = end(cmH2O, "in the patient's airway"),
    R1     = param(1.39, loss1, "loss with flow", "data sheet", low=0.01),
    R2     = param(5.97, loss2, "loss with flow squared", "data sheet", low=0),
    connected = command(1.0, one, "1 joined to the Y-piece, 0 fallen off", low=0, high=1),
    occlusion = command(0.0, one, "share of the lumen that is blocked (kink, plug, bite)", low=0, high=1),
):  # fmt: skip
    """R1 Q + R2 Q|Q| = Δp through what is left of the lumen."""
    left = connected * (1 - occlusion)
    return gives(flow=left * rohrer(p_in - p_out, R1, R2))


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
