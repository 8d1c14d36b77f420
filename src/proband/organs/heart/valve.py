"""Heart valves: leaflets that take time, and a column of blood that keeps going."""

from proband.laws.orifice import jet
from proband.model import *
from proband.units import *

SHUT = 1e-9  # shut leaflets rest here: nearer to nought a processor slows down, and no blood would tell


def leaflet_motion(opening, pressure_drop, K, p_top, p_soft):
    """Opening after Mynard 2012: as fast as the pressure across the leaflets drives them, with a top speed.

    Small pressures hardly move them: the law begins with the cube of the pressure, so that the solver meets no corner."""
    push = absolute(pressure_drop)
    square = push * push
    drive = K * p_top * square * pressure_drop / (p_top * (square + p_soft * p_soft) + square * push)
    return where(pressure_drop > 0 * mmHg, drive * (1 - opening), drive * (opening - SHUT))


def column_motion(flow, opening, pressure_drop, L, R, B, tau):
    """The pressure moves the column where the leaflets are open; where they are shut they stop it."""
    return (opening * pressure_drop - (R + B * absolute(flow)) * flow) / L - (1 - opening) * flow / tau


@path
def valve(
    p_in    = end(mmHg, "upstream"),
    p_out   = end(mmHg, "downstream"),
    flow    = state(0.0, mL/s, "through the valve"),
    opening = state(SHUT, one,  "0 closed, 1 open"),
    L      = param(0.0010, mmHg*s*s/mL,    "inertance of the column", "assumed: ρ l / A for 3–4 cm of blood in 4–5 cm²; Mynard 2012"),
    R      = param(0.003,  mmHg*s/mL,      "viscous loss",  "Korakianitis & Shi 2006: 0.003 at the aortic root", low=0),
    B      = param(8.2e-6, mmHg*s*s/mL**2, "Bernoulli loss", "Korakianitis & Shi 2006: CQ 350, B = 1/CQ²", low=0),
    K      = param(8.0,    one/(s*mmHg),     "speed of the leaflets", "assumed: 1–4 mL flow back until they are shut"),
    p_top  = param(15.0,   mmHg, "pressure that sets the top speed", "assumed: K p_top is 120/s, a time constant of 8 ms"),
    p_soft = param(9.0,    mmHg, "below it the leaflets hardly move", "assumed: turns smoothly, for the solver"),
    tau    = param(0.010,  s,    "in which closed leaflets stop the column", "assumed: short against the beat"),
):  # fmt: skip
    """A competent valve: the little that flows back is what closes it."""
    drop = p_in - p_out
    return gives(
        flow=flow,
        d_flow=column_motion(flow, opening, drop, L, R, B, tau),
        d_opening=leaflet_motion(opening, drop, K, p_top, p_soft),
    )


@path
def stenotic_valve(
    p_in    = end(mmHg, "upstream"),
    p_out   = end(mmHg, "downstream"),
    flow    = state(0.0, mL/s, "through the valve"),
    opening = state(SHUT, one,  "0 closed, 1 open"),
    area   = param(0.9,    cm**2,          "effective orifice area", "assumed: severe aortic stenosis is below 1.0 cm²", low=0.05),
    rho    = param(1060.0, kg/(m*m*m),     "density of blood",  "textbook"),
    L      = param(0.0012, mmHg*s*s/mL,    "inertance of the column", "assumed: the jet adds to the valve's own"),
    R      = param(0.003,  mmHg*s/mL,      "viscous loss",  "Korakianitis & Shi 2006", low=0),
    K      = param(8.0,    one/(s*mmHg),     "speed of the leaflets", "assumed: as in a healthy valve"),
    p_top  = param(15.0,   mmHg, "pressure that sets the top speed", "assumed: K p_top is 120/s, a time constant of 8 ms"),
    p_soft = param(9.0,    mmHg, "below it the leaflets hardly move", "assumed: turns smoothly, for the solver"),
    tau    = param(0.010,  s,    "in which closed leaflets stop the column", "assumed: short against the beat"),
):  # fmt: skip
    """A narrow valve: the jet's kinetic energy ρ Q² / 2 A² is lost."""
    drop = p_in - p_out
    B = rho / (2 * area * area)
    return gives(
        flow=flow,
        d_flow=column_motion(flow, opening, drop, L, R, B, tau),
        d_opening=leaflet_motion(opening, drop, K, p_top, p_soft),
    )


@path
def regurgitant_valve(
    p_in    = end(mmHg, "upstream"),
    p_out   = end(mmHg, "downstream"),
    column  = state(0.0, mL/s, "flow between the leaflets"),
    opening = state(SHUT, one,  "0 closed, 1 open"),
    hole   = param(0.30,   cm**2,          "effective regurgitant area that never closes", "assumed: severe from 0.30 cm² (aortic), 0.40 cm² (mitral), ACC/AHA grading", low=0),
    rho    = param(1060.0, kg/(m*m*m),     "density of blood",  "textbook"),
    L      = param(0.0010, mmHg*s*s/mL,    "inertance of the column", "assumed: as in a healthy valve"),
    R      = param(0.003,  mmHg*s/mL,      "viscous loss",  "Korakianitis & Shi 2006", low=0),
    B      = param(8.2e-6, mmHg*s*s/mL**2, "Bernoulli loss", "Korakianitis & Shi 2006: CQ 350", low=0),
    K      = param(8.0,    one/(s*mmHg),     "speed of the leaflets", "assumed: as in a healthy valve"),
    p_top  = param(15.0,   mmHg, "pressure that sets the top speed", "assumed: K p_top is 120/s, a time constant of 8 ms"),
    p_soft = param(9.0,    mmHg, "below it the leaflets hardly move", "assumed: turns smoothly, for the solver"),
    tau    = param(0.010,  s,    "in which closed leaflets stop the column", "assumed: short against the beat"),
):  # fmt: skip
    """A valve with a hole: a jet through the hole beside the column between the leaflets."""
    drop = p_in - p_out
    through_hole = jet(drop, hole * sqrt(2 / rho), p_soft)
    return gives(
        flow=column + through_hole,
        d_column=column_motion(column, opening, drop, L, R, B, tau),
        d_opening=leaflet_motion(opening, drop, K, p_top, p_soft),
        backflow=(positive(-through_hole), mL/s, "back through the hole"),
    )
