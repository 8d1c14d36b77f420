"""The valves' servo: openings for the wanted flow or pressure, 500 times a second."""

from __future__ import annotations

from proband.devices.ventilator.pneumatics import root
from proband.model import *
from proband.units import *


@controller(period=2 * ms)
def servo(
    drive    = reads(one, "0 shut, 1 flow, 2 pressure, 3 expiration"),
    aim      = reads(cmH2O, "pressure that is wanted"),
    wanted_flow = reads(L_min, "flow that is wanted"),
    peep     = reads(cmH2O, "that is set"),
    limit    = reads(cmH2O, "pressure limit"),
    pressure = reads(cmH2O, "at the Y-piece, as measured"),
    calm     = reads(cmH2O, "the same, smoothed"),
    flow_in  = reads(L_min, "inspiratory, as measured"),
    flow_out = reads(L_min, "expiratory, as measured"),
    squeeze  = reads(L_min, "flow that fills the circuit"),
    leak     = reads(L_min, "that is made good"),
    head     = reads(cmH2O, "of the turbine at no flow"),
    opening  = memory(0.0, one, "of the inspiratory valve, commanded"),
    seat     = memory(5.0, cmH2O, "on the expiratory valve, commanded"),
    taken    = memory(0.0, L_min, "what leaves the circuit, as observed"),
    trim     = memory(0.0, cmH2O, "on the seat, learned from what expiration ends at"),
    calm_time = memory(0.0, s, "since the expiratory flow has ended"),
    gain     = param(60.0, mL / s / cmH2O, "flow per missing pressure", "data sheet", low=1),
    tau_seen = param(20.0, ms, "of the flow observer", "assumed: twice the delay of the loop"),
    bias     = param(4.0, L_min, "flow in expiration, for the flow trigger", "data sheet", low=0),
    most     = param(200.0, L_min, "flow", "assumed: a little above what the turbine can give"),
    still    = param(1.0, L_min, "difference between what goes in and out below which expiration has ended", "data sheet"),
    tau_trim = param(0.6, s, "in which PEEP is trimmed", "assumed: some breaths"),
    relief   = param(0.4, cmH2O, "above the wanted pressure at which the expiratory valve gives way in inspiration", "assumed: an active exhalation valve"),
    K        = param(500.0, root, "flow at 1 cmH2O through the open valve", "data sheet"),
    c        = param(9.615e-4, cmH2O / L_min**2, "loss of the turbine's head with flow squared", "assumed: as calibrated before use"),
):  # fmt: skip
    """Pressure: the observed outflow is fed forward, and what pressure is missing is made good in proportion.

    Expiration: the membrane's seat keeps PEEP, learned from the pressure at which expirations end; the inspiratory valve gives
    the bias flow, the leak, and more where pressure falls below PEEP. No seat is below the room's pressure, and what cannot be
    reached is not learned: after a time without PEEP the valve would else know nothing of one."""
    dt = 2 * ms
    outflow = taken + (flow_in - squeeze - taken) * dt / tau_seen
    releasing = drive > 2.5
    by_pressure = drive > 1.5 and drive < 2.5
    resting = calm_time + dt
    if not releasing or abs(flow_in - leak - flow_out) > still + leak or abs(squeeze) > still:
        resting = 0 * resting
    learned = trim
    if resting > 40 * ms:
        learned = limited(trim + (peep - pressure) * dt / tau_trim, -minimum(peep, 4 * cmH2O), 3 * cmH2O)

    flow = 0 * bias
    hold = limit + 5 * cmH2O
    if by_pressure:
        flow = outflow + gain * (aim - pressure)
        hold = aim + relief
    elif releasing:
        flow = bias + leak + positive(gain * (peep - 0.4 * cmH2O - calm))
        hold = peep + learned
    elif drive > 0.5:
        flow = wanted_flow
    flow = limited(flow, 0 * bias, most)
    room = maximum(head - calm - c * flow * flow, 1 * cmH2O)
    return gives(
        next_opening=limited(flow / (K * sqrt(room)), 0.0, 1.0),
        next_seat=maximum(hold, 0 * cmH2O),
        next_taken=outflow,
        next_trim=learned,
        next_calm_time=resting,
    )
