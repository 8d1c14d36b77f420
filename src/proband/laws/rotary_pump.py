"""Head of a rotary pump over flow and speed, in all four quadrants."""

from __future__ import annotations

from proband.laws.smooth import beyond
from proband.model import limited, minimum, positive, where
from proband.units import L_min


def running_head(flow, speed, a, R1, R2, Rrec, kinf):
    """Boes 2019: H = a N² − R1 N Q − R2 Q² + Rrec (Q − kinf N)², the last term only below Q = kinf N.

    What depends on speed alone stands in brackets of its own: it is computed as seldom as the speed is told."""
    short = minimum(flow - kinf * speed, 0 * flow)
    return a * speed * speed - (R1 * speed) * flow - R2 * (flow * flow) + Rrec * (short * short)


def standing(turning, N_run):
    """1 for a rotor at rest, 0 from the lowest speed of the running fit on, smooth between."""
    x = limited(turning / N_run, 0.0, 1.0)
    return (1 - x * x) * (1 - x * x)


def centrifugal_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run, k_back):
    """The running fit, whose terms that do not know a standing rotor give way to −R_stop Q|Q| towards rest.

    An impeller that turns backwards still throws blood outwards: its head is that of a forward speed `k_back` times
    as high. What is exchanged near rest depends on flow alone, and both slopes fall, so every mix of them falls.
    What depends on speed alone stands in brackets of its own: it is computed as seldom as the speed is told."""
    turning = where(speed > 0 * speed, speed, -k_back * speed)
    rest = standing(turning, N_run)
    square, back = flow * flow, minimum(flow, 0 * flow)
    short = minimum(flow - kinf * turning, 0 * flow)
    running = a * turning * turning - (R1 * turning) * flow - (R2 * (1 - rest)) * square + Rrec * (short * short)
    return running - (rest * R_stop) * (flow * abs(flow)) - (rest * Rrec) * (back * back)


LEAST = 0.02 * L_min  # of the rounding, for a rotor that stands


def full_recirculation(flow, speed, R1, Rrec, kinf, corner):
    """What the running fit says too much where blood runs back through a turning rotor: all that is linear in Q.

    At no flow the whole inlet recirculates already. Blood that is pushed back cannot make it recirculate more, and meets
    only a passage: the head at no flow and (Rrec − R2) Q². Rounded within a share `corner` of the flow below which blood
    recirculates, so that like speeds have like corners."""
    forwards = positive(speed)
    return ((R1 + 2 * Rrec * kinf) * forwards) * beyond(-flow, corner * kinf * forwards + LEAST)


def overload(flow, speed, R_over, k_over, N_run):
    """Head lost beyond the flow k_over N, where the stream hits blades and diffuser from the wrong side: R_over (Q − k_over N)².

    Of a rotor that comes to rest it gives way with the running fit: what a standing one loses is R_stop Q|Q|, and that is all."""
    over = positive(flow - k_over * speed)
    return (R_over * (1 - standing(speed, N_run))) * (over * over)
