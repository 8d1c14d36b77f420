"""Drainage: the piece of vein around the holes of a cannula, and the cannula that its wall may cover."""

from __future__ import annotations

from proband.model import *
from proband.units import *

loss = mmHg / L_min**2


def rising(x, begins, ends):
    """0 before `begins`, 1 after `ends`, smooth between, also where `ends` lies below `begins`."""
    t = limited((x - begins) / (ends - begins), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def narrowed(kink):
    """Borda–Carnot: the jet through what is left of a section loses its velocity head, in shares of ρ/2A²."""
    jet = kink / (1 - kink)
    return jet * jet


def lumen_loss(flow, kink, R2, R1, K):
    """Pressure that a lumen takes, either way: (R2 + what a kink adds) Q|Q| + R1 Q."""
    return (R2 + K * narrowed(kink)) * (flow * abs(flow)) + R1 * flow


def pushed(net, flow, clamp, L, tau_c):
    """dQ/dt of blood in a tube with inertance L under a net pressure; a clamp takes the push away and stops the flow in tau_c."""
    return net * ((1 - clamp) / L) - flow * (clamp / tau_c)


@compartment
def vein_piece(
    volume      = state(12.0, mL, "blood around the holes, and in the lumen behind them"),
    pressure_   = reads(mmHg, "pressure at the site"),
    transmural_ = reads(mmHg, "wall pressure of the site, inside minus outside"),
    C   = param(0.15, mL/mmHg, "compliance while it is round", "a twelfth of the inferior vena cava's 1.8 mL/mmHg (Heldt 2004)", low=0),
    V_0 = param(11.0, mL,      "volume where it ceases to be round", "assumed: 8 mL, a fourteenth of the vena cava, 2 cm of vein around the tip, and the lumen's"),
    V_lumen = param(3.0, mL,   "of that in the lumen, which nothing can flatten", "assumed: 8 cm of holes, a bore of 7 mm"),
    P_c = param(8.0,  mmHg,    "stiffness of the flattened vein", "assumed: four times that of the free vein, since the cannula props it", low=0),
):  # fmt: skip
    """Collapsible: elastic while round, and once flat it gives way at little pressure, until nothing is left but what the cannula holds.

    What a substance's tick of 10 ms carries through it must be less than it holds, or its concentrations would swing ever further."""
    x = volume - V_0
    stretch = x / C if x > 0 * mL else P_c * (x / (volume - V_lumen))
    return gives(
        pressure=stretch + pressure_ - transmural_,
        transmural=(stretch, mmHg, "pressure across the wall"),
    )


@path
def into_piece(
    p_in   = end(mmHg, "at the site"),
    p_out  = end(mmHg, "around the holes"),
    before = reads(mmHg, "wall pressure of the site"),
    after  = reads(mmHg, "wall pressure around the holes"),
    R   = param(0.040, mmHg*s/mL, "of the vein around the cannula", "assumed: twice an open vena cava (Heldt 2004: 0.02)", low=0),
    P_c = param(-1.0,  mmHg,      "wall pressure at which it falls flat", "assumed: veins are limp"),
):  # fmt: skip
    """A vein that collapses towards the holes: what sucks harder than its wall bears draws no more blood (Starling's resistor)."""
    return gives(flow=(maximum(before, P_c) - maximum(after, P_c)) / R)


def wall_rate(transmural, covered, forward, hold, Q_hold, p_open, p_shut, tau_w):
    """Rate at which the wall lies down on the holes: where the vein has no tension left; flow holds it there."""
    held = hold * covered * minimum(forward / Q_hold, 1.0)
    return (rising(transmural - held, p_open, p_shut) - covered) / tau_w


@path
def drainage_cannula(
    p_in       = end(mmHg, "around the holes"),
    p_out      = end(mmHg, "in the drainage line"),
    flow       = state(0.0, L_min, "through the cannula"),
    covered    = state(0.0, one,   "share of the holes that the wall covers"),
    transmural = reads(mmHg, "of the vein around the holes"),
    clamp      = command(0.0, one, "clamp, 1 is closed", low=0, high=1),
    kink       = command(0.0, one, "share of the section that is lost", low=0, high=0.98),
    R2 = param(3.6, loss,           "of flow squared", "the cannula's sheet", low=0),
    R1 = param(0.0, mmHg / L_min,   "of flow",         "the cannula's sheet", low=0),
    L  = param(0.1, mmHg*s*s/mL,    "inertance of the blood in it", "ρ l / A of its bore", low=0),
    K  = param(4.0, loss,           "velocity head of the open bore", "ρ / 2 A²", low=0),
    R_suck = param(200.0, mmHg / L_min, "of holes that the wall covers", "assumed: leaves half a L/min at −100 mmHg, less than what comes, so that the vein fills again behind a wall that has lain down", low=0),
    hold   = param(4.0,  mmHg,  "wall pressure that flow through covered holes takes off, at most", "assumed: a wall that is drawn in lets go later than it came"),
    Q_hold = param(0.5,  L_min, "flow that is needed for that", "assumed: without flow nothing holds the wall"),
    p_open = param(-0.5, mmHg,  "wall pressure at which the wall begins to lie down", "assumed: once the vein has no tension left"),
    p_shut = param(-3.5, mmHg,  "wall pressure at which it covers the holes", "assumed: a limp wall needs a few mmHg"),
    tau_w  = param(12.0, ms,    "in which the wall follows", "assumed: chatter of some 5 to 15 Hz is seen in drainage lines"),
    tau_c  = param(5.0,  ms,    "in which a closed clamp stops the flow", "assumed: five steps of the solver"),
):  # fmt: skip
    """L dQ/dt = Δp − R2 Q|Q| − R1 Q − what the wall takes; the wall lies down where the vein has no tension left.

    Wall pressure, not absolute: breathing moves both sides alike. Flow holds the wall on the holes, the vein behind it fills
    again, and the wall needs its time: so it chatters."""
    forward = positive(flow)
    at_holes = R_suck * covered * forward
    drop = lumen_loss(flow, kink, R2, R1, K) + at_holes
    return gives(
        flow=flow,
        d_flow=pushed(p_in - p_out - drop, flow, clamp, L, tau_c),
        d_covered=wall_rate(transmural, covered, forward, hold, Q_hold, p_open, p_shut, tau_w),
    )


@path
def row_of_holes(
    p_in       = end(mmHg, "around the holes"),
    p_out      = end(mmHg, "in the drainage line"),
    flow       = state(0.0, L_min, "through these holes"),
    covered    = state(0.0, one,   "share of the holes that the wall covers"),
    transmural = reads(mmHg,  "of the vein around the holes"),
    beside     = reads(L_min, "through the cannula's other row of holes"),
    shut       = reads(one,   "clamp on the cannula, 1 is closed", otherwise=0.0),
    bent       = reads(one,   "share of the cannula's section that is lost", otherwise=0.0),
    clamp      = command(0.0, one, "clamp, 1 is closed", low=0, high=1),
    kink       = command(0.0, one, "share of the section that is lost", low=0, high=0.98),
    R2 = param(2.4, loss,           "of the lumen, of the whole flow squared", "two thirds of the cannula's sheet", low=0),
    R1 = param(0.0, mmHg / L_min,   "of the whole flow",  "the cannula's sheet", low=0),
    R_row = param(2.7, loss,        "of these holes and the lumen down to them, of their own flow squared", "a third of the cannula's sheet, shared so that one row gives twice what the other does", low=0),
    L  = param(0.1, mmHg*s*s/mL,    "inertance of the blood in it", "ρ l / A of its bore", low=0),
    K  = param(4.0, loss,           "velocity head of the open bore", "ρ / 2 A²", low=0),
    R_suck = param(200.0, mmHg / L_min, "of holes that the wall covers", "assumed: leaves half a L/min at −100 mmHg, less than what comes, so that the vein fills again behind a wall that has lain down", low=0),
    hold   = param(4.0,  mmHg,  "wall pressure that flow through covered holes takes off, at most", "assumed: a wall that is drawn in lets go later than it came"),
    Q_hold = param(0.5,  L_min, "flow that is needed for that", "assumed: without flow nothing holds the wall"),
    p_open = param(-0.5, mmHg,  "wall pressure at which the wall begins to lie down", "assumed: once the vein has no tension left"),
    p_shut = param(-3.5, mmHg,  "wall pressure at which it covers the holes", "assumed: a limp wall needs a few mmHg"),
    tau_w  = param(12.0, ms,    "in which the wall follows", "assumed: chatter of some 5 to 15 Hz is seen in drainage lines"),
    tau_c  = param(5.0,  ms,    "in which a closed clamp stops the flow", "assumed: five steps of the solver"),
):  # fmt: skip
    """One of two rows of holes that share a lumen: L dQ/dt = Δp − R2 (Q + Q')|Q + Q'| − R_row Q|Q| − what the wall takes."""
    forward, whole = positive(flow), flow + beside
    closed, lost = maximum(clamp, shut), maximum(kink, bent)
    drop = lumen_loss(whole, lost, R2, R1, K) + R_row * (flow * abs(flow))
    return gives(
        flow=flow,
        d_flow=pushed(p_in - p_out - drop - R_suck * covered * forward, flow, closed, L, tau_c),
        d_covered=wall_rate(transmural, covered, forward, hold, Q_hold, p_open, p_shut, tau_w),
    )
