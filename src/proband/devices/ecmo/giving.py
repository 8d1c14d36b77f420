"""The return cannula, and the jet of one that is aimed at the tricuspid valve."""

from __future__ import annotations

from proband.devices.ecmo.suction import lumen_loss, pushed
from proband.model import *
from proband.units import *

loss = mmHg / L_min**2


@path
def return_cannula(
    p_in  = end(mmHg, "in the return line"),
    p_out = end(mmHg, "in the vessel"),
    flow  = state(0.0, L_min, "through the cannula"),
    clamp = command(0.0, one, "clamp, 1 is closed", low=0, high=1),
    kink  = command(0.0, one, "share of the section that is lost", low=0, high=0.98),
    R2 = param(8.1, loss,         "of flow squared", "the cannula's sheet", low=0),
    R1 = param(0.0, mmHg / L_min, "of flow",         "the cannula's sheet", low=0),
    L  = param(0.1, mmHg*s*s/mL,  "inertance of the blood in it", "ρ l / A of its bore", low=0),
    K  = param(4.0, loss,         "velocity head of the open bore", "ρ / 2 A²", low=0),
    tau_c = param(5.0, ms,        "in which a closed clamp stops the flow", "assumed: five steps of the solver"),
):  # fmt: skip
    """L dQ/dt = Δp − R2 Q|Q| − R1 Q, either way."""
    drop = lumen_loss(flow, kink, R2, R1, K)
    return gives(flow=flow, d_flow=pushed(p_in - p_out - drop, flow, clamp, L, tau_c))


@path
def aimed_cannula(
    p_in    = end(mmHg, "in the return line"),
    p_out   = end(mmHg, "in the atrium"),
    through = state(0.0, L_min, "through the cannula"),
    opening = reads(one, "of the tricuspid valve"),
    clamp = command(0.0, one, "clamp, 1 is closed", low=0, high=1),
    kink  = command(0.0, one, "share of the section that is lost", low=0, high=0.98),
    aim   = param(0.7, one, "share of the jet that passes the open valve at once",
                  "assumed: set under ultrasound so that the jet meets the valve (Wang 2008 ASAIO J 54:606 saw 2 % of recirculation in sheep); 0 is a cannula that has turned", low=0, high=1),
    R2 = param(8.1, loss,         "of flow squared", "the cannula's sheet", low=0),
    R1 = param(0.0, mmHg / L_min, "of flow",         "the cannula's sheet", low=0),
    L  = param(0.1, mmHg*s*s/mL,  "inertance of the blood in it", "ρ l / A of its bore", low=0),
    K  = param(4.0, loss,         "velocity head of the open bore", "ρ / 2 A²", low=0),
    tau_c = param(5.0, ms,        "in which a closed clamp stops the flow", "assumed: five steps of the solver"),
):  # fmt: skip
    """The return lumen of a dual-lumen cannula: while the valve is open most of the jet runs straight into the ventricle."""
    drop = lumen_loss(through, kink, R2, R1, K)
    aimed = aim * opening * through
    return gives(
        flow=through - aimed,
        d_through=pushed(p_in - p_out - drop, through, clamp, L, tau_c),
        aimed=(aimed, L_min, "that runs straight into the ventricle"),
        astray=((1 - aim) * through, L_min, "that misses the valve, open or shut, and stirs the atrium"),
    )


@path
def jet(
    p_in  = end(mmHg, "in the return line"),
    p_out = end(mmHg, "in the ventricle"),
    aimed = reads(L_min, "what the cannula sends there"),
):  # fmt: skip
    """Blood that passes the atrium without mixing."""
    return gives(flow=aimed)
