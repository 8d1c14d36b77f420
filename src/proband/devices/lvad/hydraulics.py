"""Head of a rotary pump over flow and speed, in all quadrants that occur."""

from __future__ import annotations

from proband.model import limited, minimum


def running_head(flow, speed, a, R1, R2, Rrec, kinf):
    """Boes 2019: H = a N² − R1 N Q − R2 Q² + Rrec (Q − kinf N)², the last term only below Q = kinf N."""
    short = minimum(flow - kinf * speed, 0 * flow)
    return speed * (a * speed - R1 * flow) - R2 * flow * flow + Rrec * short * short


def standing_share(speed, N_run):
    """How much the rotor is a standing obstacle: 1 at rest, 0 from the lowest speed of the running fit on."""
    x = limited(speed / N_run, 0.0, 1.0)
    left = 1 - x * x
    return left * left


def pump_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run):
    """The running fit, whose terms that remain at zero speed give way to −R_stop Q|Q| as the rotor comes to rest.

    Nothing in the fit knows a standing rotor: extrapolated, it leaks 4 to 7 L/min at 60 mmHg. What is exchanged
    depends on flow alone and both slopes fall with flow, so every mix of them is smooth and falls too."""
    back = minimum(flow, 0 * flow)
    standing = R2 * flow * flow - R_stop * flow * abs(flow) - Rrec * back * back  # less what the fit leaves at 0 rpm
    return running_head(flow, speed, a, R1, R2, Rrec, kinf) + standing_share(speed, N_run) * standing
