"""The clip on the finger."""

from proband.model import *
from proband.units import *

dt = 100 * ms


@controller(period=100 * ms)
def pulse_oximeter(
    saturation = reads(percent, "oxygen saturation of the blood in the arm's arteries"),
    pulse      = reads(mmHg,    "pulse pressure"),
    flow       = reads(mL_s,    "blood flow to the upper body"),
    Q_0        = param(8.0,  mL_s, "flow at which the perfusion index is usual", "given by the body at rest"),
    PI_0       = param(2.0,  percent, "usual perfusion index", "assumed: 1-4 % on a warm finger"),
    PP_0       = param(45.0, mmHg, "pulse pressure at which it is usual", "assumed: that of a resting adult"),
    way        = param(4.0,  s, "from the artery into the finger at the usual perfusion", "assumed: with the averaging a step is seen within 30 s at PI > 0.3 % (Mindray uMEC manual)"),
    averaging  = param(6.0,  s, "time over which the display averages", "assumed: 4-16 s can be chosen on most monitors"),
    least_PI   = param(0.3,  percent, "perfusion index below which nothing is read", "Nonin 7500 manual: low perfusion floor of 0.3 %"),
    least_PP   = param(10.0, mmHg, "pulse pressure below which nothing is read", "assumed: no pulse to be found under continuous-flow pumps"),
    offset     = param(0.0,  percent, "error of this sensor on this finger", "Mindray uMEC manual: two thirds within 2 points"),
    noise      = param(0.6,  percent, "standard deviation of what changes with time", "assumed: the smaller part of the 2 points"),
    slowness   = param(5.0,  s, "how long such an error lasts", "assumed: some breaths"),
    finger     = memory(97.0, percent, "saturation in the finger"),
    shown      = memory(97.0, percent, "what is displayed"),
    drift      = memory(0.0,  percent, "the slow part of the error"),
):  # fmt: skip
    """Two colours of light through a pulsing finger (ISO 80601-2-61). The blood is late by the way to the finger, the
    more so the worse the finger is perfused; where there is no pulse to tell arteries from veins there is no reading."""
    perfusion = maximum(flow / Q_0, 0.02)
    PI = PI_0 * perfusion * pulse / PP_0
    finger = finger + (saturation - finger) * dt * perfusion / (way + dt * perfusion)
    valid = least_PI <= PI and pulse >= least_PP
    drawn = 1.7320508 * (2 * random_uniform() - 1)  # mean 0, standard deviation 1
    drift = drift - drift * dt / slowness + noise * drawn * sqrt(2 * dt / slowness)
    reading = limited(finger + offset + drift, 0 * percent, 100 * percent)
    if valid:
        shown = shown + (reading - shown) * dt / averaging
    return gives(
        next_finger=finger,
        next_shown=shown,
        next_drift=drift,
        SpO2=(shown, percent, "pulse oximeter's saturation; the last one where there is no reading"),
        perfusion_index=(PI, percent, "share of the light that pulses"),
        reading=(where(valid, 1.0, 0.0), one, "1 while there is a reading"),
        no_reading=alarm(not valid, "low", "pulse oximeter: no pulse found", delay=10 * s),
    )
