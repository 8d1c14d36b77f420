"""What the nerves act on: each with its own delay, time constant and gain (Ursino 1998).

Ursino gives each answer as G ln(f − f_min + 1); here the same in shares of the resting value."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def sinus_nerves(
    slow  = state(0.0, s, "change of the interval by the sympathetic nerves"),
    quick = state(0.0, s, "change of the interval by the vagus"),
    sympathetic = reads(one, "sympathetic tone, change from rest", otherwise=0.0, delay=2 * s),
    added       = reads(one, "tone from the low-pressure side", otherwise=0.0, delay=2 * s),
    ischaemic   = reads(one, "tone that an ischaemic brain calls for", otherwise=0.0),
    vagal       = reads(one/s, "vagal firing, change from rest", otherwise=0.0, delay=0.2 * s),
    T_0   = param(0.866, s,   "interval at rest", "Ursino 1998: 0.58 s and the two answers at rest", low=0.3, high=2),
    G_s   = param(-0.13, s,   "sympathetic gain", "Ursino 1998"),
    G_v   = param(0.125, s*s, "vagal gain",       "fitted: the rate in tilt and in suction; Ursino 1998: 0.09, after animals"),
    listens = param(0.3, one, "share of the low-pressure side's tone that reaches the node", "assumed: emptier atria alone raise the rate little (suction of 20 mmHg, tilt of 20°)", low=0),
    tau_s = param(2.0,   s,   "sympathetic time constant", "Ursino 1998"),
    tau_v = param(1.5,   s,   "vagal time constant",       "Ursino 1998"),
):  # fmt: skip
    """The interval between beats: vagus within a second, sympathetic nerves after some."""
    return gives(
        d_slow=(G_s * (sympathetic + listens * added + ischaemic) - slow) / tau_s,
        d_quick=(G_v * vagal - quick) / tau_v,
        interval=(maximum(T_0 + slow + quick, 0.3 * s), s, "beat-to-beat interval asked for"),
    )


@signal(period=20 * ms)
def inotropy(
    change = state(0.0, one, "of the elastance, in shares of rest"),
    sympathetic = reads(one, "sympathetic tone, change from rest", otherwise=0.0, delay=2 * s),
    added       = reads(one, "tone from the low-pressure side", otherwise=0.0),
    ischaemic   = reads(one, "tone that an ischaemic brain calls for", otherwise=0.0),
    G   = param(0.163, one, "gain", "Ursino 1998: 0.475 of 2.915 mmHg/mL (left), 0.282 of 1.722 (right)", low=0),
    listens = param(0.5, one, "share of the low-pressure side's tone that reaches the ventricles", "assumed: half of it", low=0),
    tau = param(8.0,   s,   "time constant", "Ursino 1998"),
):  # fmt: skip
    """How hard the ventricles contract."""
    return gives(
        d_change=(G * (sympathetic + listens * added + ischaemic) - change) / tau,
        contractility=(maximum(1 + change, 0.2), one, "elastance relative to rest"),
    )


@signal(period=20 * ms)
def vasomotor(
    change = state(0.0, one, "of the resistance, in shares of rest"),
    sympathetic = reads(one, "sympathetic tone, change from rest", otherwise=0.0, delay=2 * s),
    added       = reads(one, "tone from the low-pressure side", otherwise=0.0, delay=2 * s),
    ischaemic   = reads(one, "tone that an ischaemic brain calls for", otherwise=0.0),
    G   = param(0.47, one, "gain", "Ursino 1998: 0.39 (0.53 of 1.36 mmHg s/mL), a fifth more: fitted with tilt and LBNP", low=0),
    tau = param(6.0,  s,   "time constant", "Ursino 1998"),
):  # fmt: skip
    """How narrow the arterioles are."""
    return gives(
        d_change=(G * (sympathetic + added + ischaemic) - change) / tau,
        openness=(1 / maximum(1 + change, 0.2), one, "conductance relative to rest"),
        resistance=(maximum(1 + change, 0.2), one, "resistance relative to rest"),
    )


@signal(period=20 * ms)
def venomotor(
    change = state(0.0, one, "of tone, as the veins have followed it"),
    sympathetic = reads(one, "sympathetic tone, change from rest", otherwise=0.0, delay=5 * s),
    added       = reads(one, "tone from the low-pressure side", otherwise=0.0, delay=5 * s),
    ischaemic   = reads(one, "tone that an ischaemic brain calls for", otherwise=0.0),
    splanchnic = param(180.0, mL, "unstressed volume taken from the gut's veins, per tone",   "Ursino 1998: 265 mL, in the ratio of volumes", low=0),
    liver      = param(110.0, mL, "unstressed volume taken from the liver, per tone",         "Ursino 1998: 265 mL, in the ratio of volumes", low=0),
    upper      = param(60.0,  mL, "unstressed volume taken from the upper body, per tone",    "Ursino 1998: 132.5 mL, in the ratio of volumes", low=0),
    lower      = param(0.0,   mL, "unstressed volume taken from the lower body, per tone",    "assumed: the veins of muscles, where most of the legs' blood lies, have hardly any nerves (Rowell, as remembered)", low=0),
    tau        = param(36.0,  s,  "time constant", "Brooksby & Donald 1972, dogs: half of what the gut gives has come after 30 s, 5 s of them delay; Ursino 1998: 20 s"),
    listens    = param(1.0,   one, "share of the low-pressure side's tone that reaches the veins", "assumed: the same nerves as to the arterioles", low=0),
    top        = param(1.75,  one, "tone beyond which there is nothing left to squeeze", "assumed: some 0.6 L in all, 8 mL/kg; what else comes after a bleed, the tissue gives", low=0),
):  # fmt: skip
    """Blood that the veins give back: the body's first transfusion."""
    drive = limited(sympathetic + listens * added, -top, top) + ischaemic
    return gives(
        d_change=(drive - change) / tau,
        from_splanchnic=(change * splanchnic, mL, "unstressed volume taken from the gut's veins"),
        from_liver=(change * liver, mL, "unstressed volume taken from the liver"),
        from_upper=(change * upper, mL, "unstressed volume taken from the upper body"),
        from_lower=(change * lower, mL, "unstressed volume taken from the lower body"),
    )
