"""A centrifugal pump with the drainage line before it and the first half of the oxygenator behind it, and its drive."""

from __future__ import annotations

from proband.laws.rotary_pump import centrifugal_head
from proband.model import *
from proband.units import *

loss = mmHg / L_min**2


@signal(period=10 * ms)
def drive(
    target   = reads(rpm, "speed that the console wants"),
    power_on = command(1.0, one, "drive has power and is coupled", low=0, high=1),
    speed    = state(0.0, rpm,   "of the rotor"),
    tau_N    = param(0.25, s,       "in which the speed follows", "assumed: a step of 1000 rpm takes about a second"),
    slew     = param(2000.0, rpm/s, "fastest change of speed", "assumed: full speed in two seconds"),
    tau_stop = param(1.2, s,        "in which a rotor without power slows down", "assumed: stands after some 5 s"),
):  # fmt: skip
    """A motor that follows what it is told; without power the rotor runs down. Slow beside the blood, so told every 10 ms."""
    driven = limited((target - speed) / tau_N, -slew, slew)
    return gives(d_speed=driven if power_on > 0.5 else -speed / tau_stop)


@path
def centrifugal_pump(
    p_in    = end(mmHg, "where the drainage line begins"),
    p_out   = end(mmHg, "in the oxygenator"),
    flow    = state(0.0, L_min, "through the pump"),
    speed   = reads(rpm, "of the rotor"),
    resistance = reads(mmHg / L_min, "of the oxygenator's first half", otherwise=5.0),
    air      = command(0.0, one, "share of the pump head that is air", low=0, high=1),
    a      = param(1e-5, mmHg / rpm**2,       "head per speed squared",                        "data sheet"),
    R1     = param(0.0,  mmHg / (rpm * L_min), "loss of head per speed and flow",              "data sheet"),
    R2     = param(3.0,  loss,                "loss of head per flow squared",                 "data sheet"),
    Rrec   = param(4.0,  loss,                "rise of head by recirculation",                 "data sheet"),
    kinf   = param(1e-3, L_min / rpm,         "flow per speed below which blood recirculates", "data sheet"),
    R_stop = param(6.0,  loss,                "of the standing rotor",                         "data sheet"),
    N_run  = param(500.0, rpm,                "lowest speed of the running fit",               "data sheet"),
    k_back = param(0.6,  one,                 "forward speed that makes the head of a rotor turning backwards",
                   "assumed: a third of the head, as textbooks on centrifugal pumps have it"),
    L_pump = param(0.02, mmHg*s*s/mL, "inertance of the blood in the pump", "assumed: 30 mL in a path of a hand's breadth"),
    R_line = param(1.0,  loss,        "of the drainage line", "Blasius 1913, its length and bore", low=0),
    L_line = param(0.15, mmHg*s*s/mL, "inertance of the drainage line", "ρ l / A", low=0),
    prime_lost = param(0.5, one,  "share of air at which it pumps no more", "assumed: clinical text, a deprimed pump head"),
):  # fmt: skip
    """(L_pump + L_line) dQ/dt = p_in − p_out + H − losses. Air in the head makes the mixture light, then breaks the column."""
    filled = 1 - limited(air / prime_lost, 0.0, 1.0)
    head = centrifugal_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run, k_back)
    head = head * (filled * (2 - filled))
    lost = R_line * (flow * abs(flow))
    d_flow = (p_in - p_out + head - (lost + resistance * flow)) / (L_pump + L_line)
    return gives(
        flow=flow,
        d_flow=d_flow,
        head=(head - L_pump * d_flow, mmHg, "pressure rise across the pump"),
        inlet_pressure=(p_in - lost - L_line * d_flow, mmHg, "where blood enters the pump"),
        outlet_pressure=(p_out + resistance * flow, mmHg, "between pump and oxygenator"),
        hydraulic_power=(head * flow, W, "that the blood receives"),
    )
