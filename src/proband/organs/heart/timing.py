"""What every rhythm has in common: how long the parts of a beat take, and two clocks that run on."""

from proband.model import event, gives, ramp, sqrt
from proband.units import Hz, ms, one, s

TICK = 1 * ms  # of every rhythm


def bazett(interval):
    """√(interval / 1 s), as a pure number: all parts of a beat follow it (Bazett)."""
    return sqrt(interval / (1.0 * s))


def clocks(atrial, ventricular, T_a, T_v, scale, excited, beats):
    """What a rhythm whose atria and ventricles both contract tells and keeps, so that one can stand in for another."""
    return gives(
        next_atrial=atrial + TICK,
        next_ventricular=ventricular + TICK,
        next_beats=beats,
        atrial_clock=ramp(atrial, 1.0, s, "time since the atria were excited"),
        ventricular_clock=ramp(ventricular, 1.0, s, "time since the ventricles were excited"),
        atrial_pace=(1 / (T_a * scale), Hz, "one over the time to the atria's peak"),
        ventricular_pace=(1 / (T_v * scale), Hz, "one over the time to the peak of calcium in the ventricles"),
        beat=event(excited, "ventricles excited"),
        count=(beats, one, "ventricular beats so far"),
    )
