"""Breath-to-breath targets: pressure for a volume (PRVC), and rate and volume for the least work (ASV)."""

from __future__ import annotations

from proband.model import *
from proband.units import *


def otis_rate(minute_volume, dead_space, RC, rate):
    """Rate of least elastic and resistive work for a minute volume, one step of the fixed point from `rate`.

    Otis 1950 J Appl Physiol 2:592, with sinusoidal flow as in adaptive support: f = (√(1 + 2a RC (MV − f V_D)/V_D) − 1)/(a RC),
    a = 2π²/60 for f per minute and RC in seconds."""
    a = 2 * 3.141592653589793**2
    alveolar = positive(minute_volume - rate * dead_space)
    return (sqrt(1 + 2 * a * RC * alveolar / dead_space) - 1) / (a * RC)


@controller(period=20 * ms)
def adaptive(
    breaths  = reads(one, "begun so far"),
    mode     = reads(one, "2 PRVC, 8 ASV; idle in all others"),
    VT_in    = reads(mL, "given in the last breath"),
    PIP      = reads(cmH2O, "of the last breath"),
    end_pressure = reads(cmH2O, "at the end of the last expiration"),
    peep     = reads(cmH2O, "that is set"),
    limit    = reads(cmH2O, "pressure limit"),
    tidal_volume = reads(mL, "that is set"),
    RC_out   = reads(s, "expiratory time constant"),
    weight   = command(70.0, kg, "ideal body weight", low=0.5, high=150),
    minute_volume_share = command(1.0, one, "of 0.1 L/min/kg that ASV is to give", low=0.25, high=3.5),
    seen     = memory(0.0, one, "breaths that are in the books"),
    pressure = memory(15.0, cmH2O, "of the next mandatory breath"),
    rate     = memory(15.0, per_min, "of mandatory breaths"),
    volume   = memory(450.0, mL, "that is aimed at"),
    t_in     = memory(1.0, s, "inspiratory time"),
    step     = param(3.0, cmH2O, "most change from breath to breath", "makers' instructions for pressure-regulated volume control: 3 cmH2O"),
    least    = param(3.0, cmH2O, "above PEEP", "assumed: makes differ, 0 to 5 cmH2O"),
    margin   = param(5.0, cmH2O, "below the pressure limit", "makers' instructions for pressure-regulated volume control: 5 cmH2O"),
    share    = param(0.6, one, "of the missing volume that is made good in one breath", "assumed: settles in about five breaths"),
    per_kg   = param(100.0, mL_min / kg, "minute volume of an adult at 100 %", "Hamilton adaptive support: 0.1 L/min/kg"),
    dead_per_kg = param(2.2, mL / kg, "dead space", "Radford 1954 N Engl J Med 251:877"),
    first    = param(10.0, cmH2O, "above PEEP for the first breath", "assumed: a test breath"),
):  # fmt: skip
    """PRVC: the pressure that would have given the volume, a part of the way, at most 3 cmH2O a breath."""
    asv = mode > 7.5
    active = asv or (mode > 1.5 and mode < 2.5)
    dead = dead_per_kg * weight
    wanted_mv = minute_volume_share * per_kg * weight
    RC = limited(RC_out, 0.08 * s, 3 * s)
    f = rate
    goal = tidal_volume
    p = pressure
    t = t_in
    fresh = breaths > seen + 0.5
    if fresh and asv:
        f = limited(rate + 0.5 * (otis_rate(wanted_mv, dead, RC, rate) - rate), 5 * per_min, 60 * per_min)
        # Never so fast that expiration has less than two time constants.
        f = minimum(f, 1 / (3 * RC))
        t = limited(maximum(RC, 0.33 / f), 0.3 * s, 0.5 / f)
    if asv:
        goal = limited(wanted_mv / f, 2 * dead, 10 * dead)
    slope = maximum(VT_in, 1 * mL) / maximum(PIP - end_pressure, 1 * cmH2O)
    change = limited(share * (goal - VT_in) / slope, -step, step)
    low = peep + least
    high = maximum(limit - margin, low)
    if fresh and active:
        p = limited(pressure + change, low, high)
    if fresh and active and breaths < 1.5:
        p = minimum(peep + first, high)
    if not active:
        p = minimum(peep + first, high)
    return gives(
        next_seen=breaths,
        next_pressure=p,
        next_rate=f,
        next_volume=goal,
        next_t_in=t,
    )
