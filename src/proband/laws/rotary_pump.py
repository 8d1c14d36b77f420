"""Head of a centrifugal pump over flow and speed, in all four quadrants."""

from __future__ import annotations

from proband.model import limited, minimum, where


def centrifugal_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run, k_back):
    """Boes 2019: H = a N² − R1 N Q − R2 Q² + Rrec (Q − kinf N)², the last term only below Q = kinf N. Towards rest the
    terms that do not know a standing rotor give way to −R_stop Q|Q|.

    An impeller that turns backwards still throws blood outwards: its head is that of a forward speed `k_back` times
    as high. What is exchanged near rest depends on flow alone, and both slopes fall, so every mix of them falls.
    What depends on speed alone stands in brackets of its own: it is computed as seldom as the speed is told."""
    turning = where(speed > 0 * speed, speed, -k_back * speed)
    x = limited(turning / N_run, 0.0, 1.0)
    rest = (1 - x * x) * (1 - x * x)
    square, back = flow * flow, minimum(flow, 0 * flow)
    short = minimum(flow - kinf * turning, 0 * flow)
    running = a * turning * turning - (R1 * turning) * flow - (R2 * (1 - rest)) * square + Rrec * (short * short)
    return running - (rest * R_stop) * (flow * abs(flow)) - (rest * Rrec) * (back * back)
