"""Where the gas comes from: room air through a turbine, oxygen from the wall."""

from __future__ import annotations

from proband.laws.gas import AIR
from proband.model import *
from proband.units import *

FIT = "fitted: two runs of the RespiraWorks blower at 21,818 and 26,666 rpm, 518 samples, rms 1.4 cmH2O (see page.md)"


@controller(period=10 * ms)
def turbine(
    powered = reads(one, "whether there is power"),
    speed   = memory(45000.0, rpm, "of the impeller"),
    set_speed = param(45000.0, rpm, "at which it runs", "assumed: 74 cmH2O at no flow, above every setting"),
    tau_up  = param(0.4, s, "time constant of running up", "assumed: a small impeller reaches its speed within a second"),
    tau_down = param(0.6, s, "time constant of running down without power", "assumed: friction of a small impeller"),
    a       = param(3.6526e-8, cmH2O / rpm**2, "head per speed squared", FIT),
):  # fmt: skip
    """Head at no flow rises with the square of speed."""
    target = set_speed if powered > 0.5 else 0 * set_speed
    tau = tau_up if powered > 0.5 else tau_down
    now = speed + (target - speed) * (10 * ms) / tau
    return gives(next_speed=now, head=(a * now * now, cmH2O, "of the turbine at no flow"))


@signal(period=1 * s)
def power_supply(
    mains    = command(1.0, one, "1 plugged in, 0 not", low=0, high=1),
    charge   = state(150.0, Wh, "left in the battery"),
    capacity = param(150.0, Wh, "of the battery", "assumed: three hours and a half at 42 W"),
    load     = param(42.0, W, "of turbine, valves and screen", "assumed: mean of turbine ventilators in intensive care"),
    refill   = param(30.0, W, "into the battery from the mains", "assumed: charges in about five hours"),
):  # fmt: skip
    """Mains, and a battery that takes over."""
    share = limited(charge / capacity, 0.0, 1.0)
    filling = refill * limited((1 - share) * 50, 0.0, 1.0)
    alive = mains > 0.5 or charge > 0 * Wh
    change = filling if mains > 0.5 else -load
    if charge < 0 * Wh and mains < 0.5:
        change = 0 * change
    return gives(
        d_charge=change,
        share=(share, one, "of the battery's energy that is left"),
        powered=(1.0 if alive else 0.0, one, "whether there is power"),
    )


@controller(period=10 * ms)
def mixer(
    flow     = reads(mL / s, "through the inspiratory valve"),
    wanted   = reads(one, "fraction of oxygen that is set"),
    oxygen_supply = command(1.0, one, "1 oxygen at the wall, 0 the supply has failed", low=0, high=1),
    share    = memory(0.11, one, "of wall oxygen in the gas at the valve"),
    measured = memory(0.30, one, "fraction of oxygen, as the cell shows it"),
    F_air    = param(AIR["oxygen"], one, "oxygen in dry air", "standard atmosphere"),
    V_mix    = param(700.0, mL, "mixing chamber, humidifier and inspiratory limb", "assumed: 300 mL chamber, 250 mL humidifier, 150 mL of hose beyond"),
    tau_cell = param(3.0, s, "of the oxygen cell", "assumed: galvanic cells take 5 to 12 s to 90 %"),
    error    = param(0.0, one, "of the cell", "assumed: calibrated"),
):  # fmt: skip
    """Blends wall oxygen into the air, through a chamber that mixes; a cell watches what comes out."""
    dt = 10 * ms
    need = limited((wanted - F_air) / (1 - F_air), 0.0, 1.0)
    if oxygen_supply < 0.5:
        need = 0 * need
    now = share + (need - share) * limited(flow * dt / V_mix, 0.0, 1.0)
    true = F_air + (1 - F_air) * now
    shown = measured + (true + error - measured) * dt / tau_cell
    return gives(next_share=now, next_measured=shown, oxygen_fraction=(true, one, "in the gas that is given, dry"))
