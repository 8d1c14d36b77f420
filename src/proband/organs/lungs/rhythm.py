"""The respiratory rhythm: a phase oscillator that lung stretch resets, and the cough."""

from proband.model import *
from proband.units import *


@controller(period=10 * ms)
def respiratory_rhythm(
    drive  = reads(one, "chemical drive, 1 at rest", otherwise=1.0),
    volume = reads(mL,  "gas in the lungs"),
    depression = command(0.0, one, "share of the drive that drugs have taken: 1 is apnoea", low=0, high=1),
    rest_rate  = command(16.5, per_min, "rate at rest without stretch; the own breaths slow it", low=0, high=80),
    cough      = command(0.0, one, "a cough begins as this rises above 0.5", low=0, high=1),
    phase   = memory(0.7, one, "in the breath: inspiration begins at 0"),
    adapted = memory(2500., mL, "volume to which the stretch receptors have adapted"),
    felt    = memory(0.0, one,  "stretch as the medulla feels it"),
    breaths = memory(0.0, one, "inspirations so far"),
    clock   = memory(99., s,   "since the last cough began"),
    asked   = memory(0.0, one, "the command as last seen"),
    ramp    = memory(1.0, one, "how far the effort has come in its own time, 1 at its height"),
    share_I = param(0.40, one, "share of a breath that is inspiration", "textbook: 1.6 of 4 s", low=0.1, high=0.7),
    G_s     = param(3.0,  one, "strength of the stretch reflex", "fitted: entrainment 1:1 at rates from a quarter below the own to an eighth above (Simon 1999, Graves 1986, as remembered)", low=0),
    V_s     = param(1000, mL,  "volume that stretches by one", "definition", low=1),
    turn    = param(0.15, one, "share of a breath before its inspiration in which inflation brings it on", "assumed: Head's paradoxical reflex; efforts then follow inflation by up to a sixth of the cycle (Akoumianaki 2013: 60°)", low=-0.5, high=0.5),
    tau_m   = param(0.5, s,   "time constant with which the medulla feels it", "assumed: the reflex outlasts the inflation by some 0.5 s", low=0.05),
    tau_s   = param(15.0, s,   "time constant with which the receptors adapt", "assumed: slowly adapting receptors", low=1),
    steady  = param(0.6,  one, "drive below which the rate falls no further, and effort alone does", "assumed: what support takes over is taken off the effort, hardly off the rate (Georgopoulos 1996-97, as remembered)", low=0, high=1),
    active  = param(1.0,  one, "drive above which expiration is active", "assumed: the expiratory reserve of men who sit and rebreathe falls from the first (seven of nine, J Appl Physiol 1981 50:134)", low=0),
    push    = param(0.02, one, "share of the strongest expiration for each unit of drive beyond", "fitted: ventilation in proportion to the drive, to four times that at rest", low=0),
    draw  = param(1.0, s,   "inspiration before a cough", "assumed: textbook phases of a cough", low=0),
    hold  = param(0.2, s,   "for how long the glottis stays shut", "textbook: 0.2 s", low=0),
    throw = param(0.5, s,   "expulsion", "assumed: textbook phases of a cough", low=0),
    deep  = param(3.0, one, "effort of that inspiration, in resting breaths", "assumed: 1.5 to 2 L are drawn in", low=0),
):  # fmt: skip
    """dφ/dt = f (1 + G s sin 2π(φ + turn)), s the stretch beyond what the receptors are used to. Inflation in inspiration
    brings its end and in expiration delays the next breath, deflation brings it on (Hering–Breuer); just before an
    inspiration inflation brings that on (Head). The most that stretch does is to hold the phase: a rhythm that it turned
    back would stop where deep breaths are asked for. Stretch moves the phase, not the effort, which rises in its own time.
    The drive acts on rate and effort alike, each with its square root, so that ventilation is in proportion to it; below
    `steady` on effort alone. Drugs take of both."""
    tick = 10 * ms
    felt = felt + ((volume - adapted) / V_s - felt) * (tick / tau_m)
    awake = 1 - depression
    pace = sqrt(positive(maximum(drive, steady) * awake))
    strength = positive(drive * awake) / maximum(pace, 1e-6)
    rate = rest_rate * pace * (1 + limited(G_s * felt, -1, 1) * sin(6.283185307179586 * (phase + turn)))
    phase = phase + rate * tick
    begins = phase >= 1
    if begins:
        phase = phase - 1
        breaths = breaths + 1
    inspires = phase < share_I
    ramp = 0.0 if begins else minimum(ramp + rest_rate * pace / share_I * tick, 1.0)
    rest = 1 - ramp
    inspiratory = strength * (1 - rest * rest * rest * rest) if inspires else 0.0
    expiratory = 0.0 if inspires else push * positive(strength * pace - active)
    clock = 0 * s if cough > 0.5 and asked <= 0.5 else minimum(clock + tick, 99 * s)
    coughing = clock < draw + hold + throw
    if coughing:
        inspiratory = deep if clock < draw else 0.0
        expiratory = 0.0 if clock < draw else 1.0
    return gives(
        next_phase=phase,
        next_felt=felt,
        next_adapted=adapted + (volume - adapted) * (tick / tau_s),
        next_breaths=breaths,
        next_clock=clock,
        next_asked=cough,
        next_ramp=ramp,
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
