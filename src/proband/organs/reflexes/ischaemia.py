"""The last stand: a brain that gets too little blood calls for all that the sympathetic nerves have."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def brain_ischaemia(
    sensed = state(12.5, mL/s, "blood flow through the brain, as its centres have noticed it"),
    flow = reads(mL/s, "through the brain's arterioles"),
    Q_0  = param(12.5, mL/s, "flow at rest", "assumed: every use gives its own", low=0),
    least = param(0.65, one, "share of the flow at rest at which half the answer is called for",
                  "Guyton & Hall: begins below 60 mmHg, strongest at 15–20 mmHg; a brain that keeps its flow has 0.7 of it near 40 mmHg", low=0),
    w    = param(0.05, one,  "width of the answer", "assumed: nothing is felt within the autoregulated range", low=0.01),
    top  = param(3.0,  one,  "largest tone", "assumed: as much again as the baroreflex and the low-pressure side can call for", low=0),
    tau  = param(10.0, s,    "smoothing", "Guyton & Hall: full within 10–30 s", low=0),
):  # fmt: skip
    """Tone rises steeply once autoregulation can no longer keep the flow: the ischaemic response of the central nervous system."""
    tone = top / (1 + exp((sensed / Q_0 - least) / w))
    return gives(d_sensed=(flow - sensed) / tau, tone=(tone, one, "sympathetic tone that the brain's centres add"))
