"""A mid-size body to try the engine on: two beating chambers, a clock, valves, vessels and a slow reflex that reads late."""

from proband.model import *
from proband.units import *


@compartment
def chamber(
    volume = state(120.0, mL,       "blood in the chamber"),
    active = reads(one,             "share of full contraction"),
    effort = reads(one,             "factor on the elastance", otherwise=1.0),
    E_max  = param(2.0,  mmHg/mL,   "elastance at full contraction", "assumed: a test", low=0),
    E_min  = param(0.06, mmHg/mL,   "elastance at rest",             "assumed: a test"),
    V_0    = param(10.0, mL,        "unstressed volume",             "assumed: a test"),
    k      = param(0.02, 1 / mL,    "stiffening of the resting wall", "assumed: a test"),
):  # fmt: skip
    """An elastance that rises and falls, and a wall that stiffens."""
    resting = E_min / k * (exp(k * (volume - V_0)) - 1)
    return gives(pressure=active * effort * E_max * (volume - V_0) + (1 - active) * resting)


@compartment
def vessel(
    volume = state(500.0, mL,      "blood in the vessel"),
    C      = param(2.0,   mL/mmHg, "compliance",        "assumed: a test", low=0),
    V_0    = param(400.0, mL,      "unstressed volume", "assumed: a test"),
):  # fmt: skip
    """A constant compliance."""
    return gives(pressure=(volume - V_0) / C)


@path
def valve(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    R     = param(0.01, mmHg*s/mL, "resistance when open",   "assumed: a test"),
    leak  = param(5.0,  mmHg*s/mL, "resistance when closed", "assumed: a test"),
):  # fmt: skip
    """Open forwards, all but closed backwards."""
    if p_in > p_out:
        flow = (p_in - p_out) / R
    else:
        flow = (p_in - p_out) / leak
    return gives(flow=flow)


@path
def tube(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    flow  = state(60.0,  mL/s,        "through the tube"),
    tone  = reads(one,                "factor on the resistance", otherwise=1.0),
    R     = param(1.0,   mmHg*s/mL,   "resistance", "assumed: a test", low=0),
    L     = param(0.005, mmHg*s*s/mL, "inertance",  "assumed: a test"),
):  # fmt: skip
    """A column of blood."""
    return gives(flow=flow, d_flow=(p_in - p_out - R * tone * flow) / L)


@signal(period=1 * ms)
def clock(
    phase    = memory(0.0, one, "share of the beat that has passed"),
    rate     = command(70.0, per_min, "beats", low=10, high=250),
    interval = memory(0.0, s, "length of the last beat"),
    since    = memory(0.0, s, "time since the beat began"),
):  # fmt: skip
    """Counts beats."""
    further = phase + rate * 1 * ms
    beat = further >= 1
    if beat:
        further = further - 1
        last = since
        since = 0 * s
    else:
        last = interval
        since = since + 1 * ms
    return gives(
        next_phase=further,
        next_interval=last,
        next_since=since,
        beat=event(beat, "a beat begins"),
        turn=ramp(phase, rate, one, "phase that goes on between samples"),
    )


@signal
def activation(
    turn = reads(one, "phase of the beat"),
    end_ = param(0.35, one, "share of the beat that contracts", "assumed: a test"),
):  # fmt: skip
    """A smooth bump."""
    x = turn - floor(turn)
    return gives(active=(where(x < end_, 0.5 - 0.5 * cos(6.283185307179586 * x / end_), 0.0), one, "contraction"))


@controller(period=20 * ms)
def reflex(
    pressure = reads(mmHg, "arterial pressure", delay=0.2 * s),
    set_     = command(90.0, mmHg, "what it defends"),
    gain     = param(0.01, 1 / mmHg, "strength", "assumed: a test"),
    tone     = memory(1.0, one, "tone of the vessels"),
    noise    = param(0.02, one, "how restless it is", "assumed: a test"),
    dice     = memory(0.5, one, "the last random number"),
):  # fmt: skip
    """Tightens the vessels where the pressure is low."""
    wanted = limited(1 + gain * (set_ - pressure), 0.5, 2.0)
    drawn = random_uniform()
    return gives(
        next_tone=tone + 0.05 * (wanted - tone) + noise * (drawn - 0.5),
        next_dice=drawn,
        effort=(1 + 0.2 * (wanted - 1), one, "effort of the heart"),
        low=alarm(pressure < 60 * mmHg, "high", "arterial pressure low", delay=1 * s),
        ever_low=alarm(pressure < 60 * mmHg, "medium", "arterial pressure has been low", latch=True),
    )


def make_body(**more):
    return Body(
        clock=clock(),
        activation=activation(turn="clock.turn"),
        reflex=reflex(pressure="artery.pressure"),
        left=chamber(active="activation.active", effort="reflex.effort"),
        right=chamber(active="activation.active", E_max=0.5 * mmHg / mL),
        artery=vessel(C=1.5 * mL / mmHg, V_0=400 * mL, volume=520 * mL),
        vein=vessel(C=60 * mL / mmHg, V_0=2000 * mL, volume=2700 * mL),
        lung_artery=vessel(C=4 * mL / mmHg, V_0=80 * mL, volume=140 * mL),
        lung_vein=vessel(C=12 * mL / mmHg, V_0=200 * mL, volume=290 * mL),
        aortic=valve("left", "artery"),
        mitral=valve("lung_vein", "left"),
        tricuspid=valve("vein", "right"),
        pulmonary=valve("right", "lung_artery"),
        systemic=tube("artery", "vein", tone="reflex.tone"),
        lung=tube("lung_artery", "lung_vein", R=0.08 * mmHg * s / mL),
        **more,
    )


def numbers(run):
    """Every number of a run that a snapshot holds, by name, as bits."""
    return {n: v.tobytes() for n, v in run.snapshot().numbers.items()}


def same(a, b):
    """The names of the numbers that differ between two runs (none is right)."""
    x, y = numbers(a), numbers(b)
    assert x.keys() == y.keys()
    return [n for n in x if x[n] != y[n]]
