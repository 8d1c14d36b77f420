"""What the console measures: with noise, offset and its own filter."""

from __future__ import annotations

from proband.model import *
from proband.units import *


def hiss():
    """Noise of unit spread, near enough to normal: three uniform numbers, less their mean."""
    return 2 * (random_uniform() + random_uniform() + random_uniform() - 1.5)


@controller(period=10 * ms)
def sensors(
    true_flow    = reads(L_min, "through the pump"),
    true_inlet   = reads(mmHg,  "before the pump"),
    true_middle  = reads(mmHg,  "between pump and oxygenator"),
    true_outlet  = reads(mmHg,  "behind the oxygenator"),
    true_air     = reads(one,   "share of air in the pump head"),
    true_sweep   = reads(L_min, "gas that enters the oxygenator"),
    flow_offset  = command(0.0, L_min, "zero error of the flow probe", low=-2, high=2),
    inlet_offset = command(0.0, mmHg,  "zero error of the inlet transducer", low=-100, high=100),
    clock  = memory(0.0, h, "since the last zeroing"),
    flow   = memory(0.0, L_min, "measured flow"),
    inlet  = memory(0.0, mmHg,  "measured before the pump"),
    middle = memory(0.0, mmHg,  "measured between pump and oxygenator"),
    outlet = memory(0.0, mmHg,  "measured behind the oxygenator"),
    sweep  = memory(0.0, L_min, "measured sweep gas"),
    bubble = memory(0.0, one,   "1 while bubbles pass the detector"),
    gain   = param(1.02, one,  "of the flow probe", "clamp-on ultrasound is good to 7 % (Transonic data sheets, as remembered)"),
    sd_Q   = param(0.03, L_min, "noise of the flow probe", "assumed: of a clamp-on probe"),
    sd_p   = param(0.8,  mmHg,  "noise of the transducers", "assumed: of disposable transducers"),
    drift  = param(0.04, mmHg / h, "drift of the transducers", "assumed: 1 mmHg a day; the standard allows 4 mmHg in 4 h"),
    tau_Q  = param(0.10, s,     "filter of the flow probe", "assumed: 1.5 Hz of display"),
    tau_p  = param(12.0, ms,    "filter of the transducers", "assumed: 13 Hz, so that chatter is seen"),
    tau_g  = param(0.5,  s,     "filter of the gas flow meter", "assumed"),
    least_air = param(0.01, one, "of the pump head, that the detector sees", "assumed: 0.3 mL; detectors see bubbles of 5 mm"),
):  # fmt: skip
    """First-order filters, white noise, a slow drift."""
    dt = 10 * ms
    wander = drift * clock
    return gives(
        next_clock=clock + dt,
        next_flow=flow + (gain * true_flow + flow_offset + sd_Q * hiss() - flow) * (dt / (tau_Q + dt)),
        next_inlet=inlet + (true_inlet + inlet_offset + wander + sd_p * hiss() - inlet) * (dt / (tau_p + dt)),
        next_middle=middle + (true_middle + wander + sd_p * hiss() - middle) * (dt / (tau_p + dt)),
        next_outlet=outlet + (true_outlet + wander + sd_p * hiss() - outlet) * (dt / (tau_p + dt)),
        next_sweep=sweep + (true_sweep - sweep) * (dt / (tau_g + dt)),
        next_bubble=where(true_air > least_air, 1.0, 0.0),
    )
