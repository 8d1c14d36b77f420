"""The motor's speed loop."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@controller(period=1 * ms)
def drive(
    target      = reads(rpm, "speed that the firmware wants"),
    rotor_speed = reads(rpm, "speed of the rotor"),
    bus         = reads(V,   "supply voltage", otherwise=14.0),
    connected   = command(1.0, one, "driveline plugged in", low=0, high=1),
    current     = memory(0.5, A, "current that makes torque"),
    integral    = memory(0.5, A, "what the loop has learned of the load"),
    K_p     = param(1.3e-3, A / rpm,       "proportional gain", "data sheet"),
    K_i     = param(0.02,   A / (rpm * s), "integral gain",     "data sheet"),
    I_max   = param(2.5,    A,             "current limit",     "data sheet"),
    I_brake = param(1.0,    A,             "limit of the braking current", "assumed: less than the driving limit"),
    k_t     = param(10.0,   N * mm / A,    "torque per current, and voltage per speed", "data sheet"),
    R_w     = param(1.0,    Ohm,           "of the winding",    "data sheet"),
    U_off   = param(8.0,    V,             "supply at which the electronics give up", "assumed: well below an empty battery"),
):  # fmt: skip
    """PI on speed, limited by current and by the voltage that is left above the back-EMF.

    The winding's own time constant (about 0.1 ms) is left out: current follows within one sample."""
    error = target - rotor_speed
    highest = minimum(I_max, positive(bus - k_t * rotor_speed) / R_w)
    wanted = K_p * error + integral
    amperes = limited(wanted, -I_brake, highest)
    learned = integral
    # A loop at its limit must not go on learning.
    if wanted == amperes:
        learned = integral + K_i * error * (1 * ms)
    powered = 1.0
    if connected < 0.5 or bus < U_off:
        powered = 0.0
        amperes = 0 * amperes
        learned = 0 * learned
    return gives(
        next_current=amperes,
        next_integral=learned,
        powered=(powered, one, "whether the driveline carries power"),
    )
