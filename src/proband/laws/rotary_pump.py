"""Head of a centrifugal pump over flow and speed, in all four quadrants."""

from __future__ import annotations

from proband.model import limited, minimum, where


def running_head(flow, speed, a, R1, R2, Rrec, kinf):
    """Boes 2019: H = a N² − R1 N Q − R2 Q² + Rrec (Q − kinf N)², the last term only below Q = kinf N."""
    short = minimum(flow - kinf * speed, 0 * flow)
    return speed * (a * speed - R1 * flow) - R2 * flow * flow + Rrec * short * short


def centrifugal_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run, k_back):
    """The running fit; towards rest its terms that do not know a standing rotor give way to −R_stop Q|Q|.

    An impeller that turns backwards still throws blood outwards: its head is that of a forward speed `k_back` times
    as high. What is exchanged near rest depends on flow alone, and both slopes fall, so every mix of them falls."""
    turning = where(speed > 0 * speed, speed, -k_back * speed)
    back = minimum(flow, 0 * flow)
    x = limited(turning / N_run, 0.0, 1.0)
    left = 1 - x * x
    standing = R2 * flow * flow - R_stop * flow * abs(flow) - Rrec * back * back
    return running_head(flow, turning, a, R1, R2, Rrec, kinf) + left * left * standing
