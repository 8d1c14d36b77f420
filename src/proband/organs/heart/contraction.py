"""From the clock to the share of full contraction."""

from proband.model import *
from proband.units import *


def cosine(clock, pace, falls):
    """Rises as half a cosine to its peak and falls so many times as fast."""
    turns = clock * pace
    turns = where(turns < 1, turns, minimum(1 + falls * (turns - 1), 2.0))
    return 0.5 - 0.5 * cos(3.141592653589793 * turns)


@signal
def contraction(
    bridges           = state(0.0, one, "share of the ventricles' cross-bridges that are attached"),
    atrial_clock      = reads(s,  "time since the atria were excited"),
    ventricular_clock = reads(s,  "time since the ventricles were excited"),
    atrial_pace       = reads(Hz, "one over the time to the atria's peak"),
    ventricular_pace  = reads(Hz, "one over the time to the peak of calcium in the ventricles"),
    contractility     = reads(one, "elastance of the ventricles relative to rest, set by the nerves", otherwise=1.0),
    rest  = param(0.095, one, "time in which bridges let go, as a share of the time to the peak of calcium", "assumed: 31 ms, so that left ventricular pressure falls with some 35 ms (35 ± 10 in the controls of Zile 2004, as remembered)", low=0.02),
    e     = param(1.5,  one, "how much more willingly bridges attach where most are free", "assumed: left ventricular pressure rises by some 1,700 mmHg/s (textbook: 1,200–1,900)", low=0),
    kappa = param(0.3,  one, "share of the bridges' release that their neighbours hold back", "assumed: a logistic curve fits the fall of pressure in healthy hearts as well (Matsubara 1995, dogs)", low=0, high=0.95),
    hastens = param(0.25, one, "how much sooner calcium peaks, per elastance that nerves add; bridges let go by twice as much", "from dobutamine (pressure rises 1.57 times as fast, time constant 46 to 36 ms) and isoprenaline (Johnson 1981)", low=0),
):  # fmt: skip
    """Atria follow the normalised elastance curve of Heldt 2004: (1 − cos πt/T)/2 up to T, back to zero at 1.5 T.

    In the ventricles that is calcium, which goes five times as fast as it comes. Cross-bridges attach where it is, and let go
    in their own time, the later the more of their neighbours are attached."""
    haste = 1 + hastens * (contractility - 1)
    pace = ventricular_pace * haste
    calcium = cosine(ventricular_clock, pace, 5.0)
    attaching = calcium * (1 - kappa + e * (1 - bridges))
    release = bridges * (1 - kappa * bridges)
    return gives(
        d_bridges=(attaching - release) * pace * haste / rest,
        atria=(cosine(atrial_clock, atrial_pace, 2.0), one, "share of full atrial contraction"),
        ventricles=(bridges, one, "share of full ventricular contraction"),
        calcium=(calcium, one, "of its peak, in the ventricles"),
    )
