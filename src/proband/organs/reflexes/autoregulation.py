"""Beds that keep their own flow."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def autoregulation(
    tone = state(1.0, one, "resistance relative to rest"),
    flow = reads(mL/s, "through the bed's arterioles"),
    sympathetic = reads(one, "resistance the nerves ask for, relative to rest", otherwise=1.0),
    demand = reads(one, "flow that the organ's gases ask for, relative to rest", otherwise=1.0),
    Q_0  = param(12.5, mL/s, "flow at rest", "assumed: every use gives its own", low=0),
    G    = param(6.0,  one,  "gain",          "assumed: 30 % less pressure costs 5 % of the flow, the plateau of an autoregulated bed", low=0),
    tau  = param(10.0, s,    "time constant", "assumed: myogenic and metabolic answers take 5–15 s", low=0),
    low  = param(0.4,  one,  "resistance when fully open",   "assumed: the plateau ends near 50–60 mmHg", low=0),
    high = param(2.2,  one,  "resistance when fully closed", "assumed: the plateau ends near 160 mmHg", low=0),
):  # fmt: skip
    """Too much flow narrows the arterioles and too little opens them; the nerves and the organ's gases shift what is enough."""
    usual = sympathetic / demand
    asked = limited(usual * (1 + G * (flow * usual / Q_0 - 1)), low, high)
    return gives(d_tone=(asked - tone) / tau, openness=(1 / tone, one, "conductance relative to rest"))
