"""The respiratory rhythm: a phase oscillator that lung stretch resets, and the cough."""

from proband.model import *
from proband.units import *


@controller(period=10 * ms)
def respiratory_rhythm(
    drive  = reads(one, "chemical drive, 1 at rest", otherwise=1.0),
    volume = reads(mL,  "gas in the lungs"),
    depression = command(0.0, one, "share of the drive that drugs have taken: 1 is apnoea", low=0, high=1),
    rest_rate  = command(11.8, per_min, "rate at rest without stretch", low=0, high=80),
    cough      = command(0.0, one, "a cough begins as this rises above 0.5", low=0, high=1),
    phase   = memory(0.7, one, "in the breath: inspiration begins at 0"),
    adapted = memory(2500., mL, "volume to which the stretch receptors have adapted"),
    breaths = memory(0.0, one, "inspirations so far"),
    clock   = memory(99., s,   "since the last cough began"),
    asked   = memory(0.0, one, "the command as last seen"),
    share_I = param(0.40, one, "share of a breath that is inspiration", "textbook: 1.6 of 4 s", low=0.1, high=0.7),
    G_s     = param(2.0,  one, "strength of the stretch reflex", "fitted: entrainment 1:1 within some 30 % of the own rate (Simon 1999, Graves 1986, as remembered)", low=0),
    V_s     = param(1000, mL,  "volume that stretches by one", "definition", low=1),
    tau_s   = param(15.0, s,   "time constant with which the receptors adapt", "assumed: slowly adapting receptors", low=1),
    active  = param(2.0,  one, "drive above which expiration is active", "assumed: exercise and distress only", low=0),
    draw  = param(1.0, s,   "inspiration before a cough", "assumed: textbook phases of a cough", low=0),
    hold  = param(0.2, s,   "for how long the glottis stays shut", "textbook: 0.2 s", low=0),
    throw = param(0.5, s,   "expulsion", "assumed: textbook phases of a cough", low=0),
    deep  = param(3.0, one, "effort of that inspiration, in resting breaths", "assumed: 1.5 to 2 L are drawn in", low=0),
):  # fmt: skip
    """dφ/dt = f (1 + G s sin 2πφ), s the stretch beyond what the receptors are used to. Inflation in inspiration brings
    its end (Hering–Breuer), in expiration it delays the next breath, and deflation brings it on. The drive acts on rate
    and effort alike, each with its square root, so that ventilation is in proportion to it."""
    tick = 10 * ms
    stretch = (volume - adapted) / V_s
    strength = sqrt(positive(drive * (1 - depression)))
    rate = rest_rate * strength * positive(1 + G_s * stretch * sin(6.283185307179586 * phase))
    phase = phase + rate * tick
    begins = phase >= 1
    if begins:
        phase = phase - 1
        breaths = breaths + 1
    inspires = phase < share_I
    rest = 1 - phase / share_I
    inspiratory = strength * (1 - rest * rest) if inspires else 0.0
    expiratory = 0.0 if inspires else 0.1 * positive(strength * strength - active)
    clock = 0 * s if cough > 0.5 and asked <= 0.5 else minimum(clock + tick, 99 * s)
    coughing = clock < draw + hold + throw
    if coughing:
        inspiratory = deep if clock < draw else 0.0
        expiratory = 0.0 if clock < draw else 1.0
    return gives(
        next_phase=phase,
        next_adapted=adapted + (volume - adapted) * (tick / tau_s),
        next_breaths=breaths,
        next_clock=clock,
        next_asked=cough,
        inspiratory=(inspiratory, one, "effort of the inspiratory muscles, 1 at the end of a resting inspiration"),
        expiratory=(expiratory, one, "effort of the expiratory muscles, share of the strongest"),
        glottis=(
            0.0 if coughing and clock >= draw and clock < draw + hold else 1.0,
            one,
            "share of the glottis that is open",
        ),
        inspiring=(1.0 if inspires else 0.0, one, "1 during neural inspiration"),
        rate=(rate, per_min, "of the rhythm at this moment"),
        inspiration=event(begins, "a neural inspiration begins"),
    )
