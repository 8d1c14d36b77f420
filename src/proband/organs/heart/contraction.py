"""From the clock to the share of full contraction."""

from proband.model import *
from proband.units import *


def twitch(clock, pace):
    """Rises as half a cosine to its peak and falls twice as fast."""
    turns = clock * pace
    turns = where(turns < 1, turns, minimum(2 * turns - 1, 2.0))
    return 0.5 - 0.5 * cos(3.141592653589793 * turns)


@signal
def contraction(
    atrial_clock      = reads(s,  "time since the atria were excited"),
    ventricular_clock = reads(s,  "time since the ventricles were excited"),
    atrial_pace       = reads(Hz, "one over the time to the atria's peak"),
    ventricular_pace  = reads(Hz, "one over the time to the ventricles' peak"),
):  # fmt: skip
    """The normalised elastance curves of Heldt 2004: (1 − cos πt/T)/2 up to T, back to zero at 1.5 T."""
    return gives(
        atria=(twitch(atrial_clock, atrial_pace), one, "share of full atrial contraction"),
        ventricles=(twitch(ventricular_clock, ventricular_pace), one, "share of full ventricular contraction"),
    )
