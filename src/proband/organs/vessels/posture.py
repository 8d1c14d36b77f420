"""Posture: gravity along the body, and suction on its lower half."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def posture(
    tilt    = state(0.0, degree, "head-up angle of the body now"),
    sucking = state(0.0, mmHg,   "suction on the lower body now"),
    angle   = command(0.0, degree, "head-up angle to be taken", low=-90, high=90),
    suction = command(0.0, mmHg,   "lower-body negative pressure to be reached; below zero it is positive", low=-80, high=100),
    rho = param(1060.0, kg/(m*m*m), "density of blood", "textbook"),
    g_n = param(9.81,   m/(s*s),    "gravity",          "textbook"),
    T_tilt    = param(1.0, s, "time constant of the table",  "assumed: a rapid tilt takes 2–3 s"),
    T_suction = param(3.0, s, "time constant of the chamber", "assumed: a vacuum chamber takes some 10 s"),
):  # fmt: skip
    """ρ g sin θ, the pressure per height that every tilted path feels."""
    return gives(
        d_tilt=(angle - tilt) / T_tilt,
        d_sucking=(suction - sucking) / T_suction,
        gradient=(rho * g_n * sin(tilt / (1 * one)), mmHg / cm, "hydrostatic pressure per height"),
        lower_body=(-sucking, mmHg, "pressure around the lower body"),
    )
