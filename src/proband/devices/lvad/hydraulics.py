"""Head of a rotary pump over flow and speed, in all quadrants that occur."""

from __future__ import annotations

from proband.model import limited, where


def running_head(flow, speed, a, R1, R2, Rrec, kinf):
    """Boes 2019: H = a N² − R1 N Q − R2 Q² + Rrec (Q − kinf N)², the last term only below Q = kinf N."""
    short = flow - kinf * speed
    recirculating = where(short < 0, Rrec * short * short, 0 * Rrec * short * short)
    return a * speed * speed - R1 * speed * flow - R2 * flow * flow + recirculating


def standing_share(speed, N_run):
    """How much the rotor is a standing obstacle: 1 at rest, 0 from the lowest speed of the running fit on."""
    x = limited(speed / N_run, 0.0, 1.0)
    return (1 - x * x) * (1 - x * x)


def pump_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run):
    """The running fit, whose terms that remain at zero speed give way to −R_stop Q|Q| as the rotor comes to rest.

    Nothing in the fit knows a standing rotor: extrapolated, it leaks 4 to 7 L/min at 60 mmHg. What is exchanged
    depends on flow alone and both slopes fall with flow, so every mix of them is smooth and falls too."""
    standing = -R_stop * flow * abs(flow) - running_head(flow, 0 * speed, a, R1, R2, Rrec, kinf)
    return running_head(flow, speed, a, R1, R2, Rrec, kinf) + standing_share(speed, N_run) * standing
