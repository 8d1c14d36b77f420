"""The parts of a circle: bag, canister, valves that let gas pass one way, fresh gas, and the hand on the bag."""

from proband.laws.gas import MOLAR_VOLUME
from proband.laws.smooth import beyond
from proband.model import *
from proband.units import *

loss = cmH2O * s / L


@compartment
def bag(
    volume  = state(1500.0, mL, "gas in the bag and in the hose to it"),
    squeeze = reads(cmH2O, "what a hand presses it with"),
    V_0     = param(1000.0, mL, "volume at which it hangs slack", "assumed: half of a bag of 2 L, the hose of expiration counted in"),
    P_s     = param(1.3, cmH2O, "stiffness: compliance V_0 / P_s where it is slack", "assumed: so limp that it holds its 2 L at 1 cmH2O", low=0),
):  # fmt: skip
    """Limp, and it cannot be emptied by suction: p = P_s/2 (V/V_0 − V_0/V), and what a hand adds."""
    return gives(
        pressure=(volume * (P_s / (2 * V_0)) - P_s * V_0 / 2 / volume + squeeze, cmH2O, "in the bag"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )


@compartment
def canister(
    volume = state(2000.0, mL, "gas in canister and inspiratory hose"),
    V_0    = param(2000.0, mL, "volume without pressure", "assumed: the room between the granules of two filled canisters, 1.5 L (half of them; Dorsch & Dorsch), and a hose of 0.5 L"),
    C      = param(4.0, mL / cmH2O, "compliance of hose and gas", "assumed: 2 of the gas that is compressed, 2 of a corrugated hose (Dorsch & Dorsch, order)", low=0),
):  # fmt: skip
    """p = (V − V_0)/C."""
    return gives(
        pressure=((volume - V_0) / C, cmH2O, "in the canister"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )


@path
def passage(
    p_in  = end(cmH2O, "in the bag"),
    p_out = end(cmH2O, "in the canister"),
    R     = param(2.0, loss, "of granules and canister", "assumed: below 1 cmH2O at 0.5 L/s", low=0),
):  # fmt: skip
    """Through the absorbent: forth as the patient draws, back as fresh gas comes in while he breathes out."""
    return gives(flow=(p_in - p_out) / R)


@path
def flap(
    p_in  = end(cmH2O, "before the valve"),
    p_out = end(cmH2O, "behind it"),
    connected = reads(one, "share of the mask's lumen that is joined to the circle"),
    R     = param(3.0, loss, "of valve and hose", "assumed: 1.5 cmH2O at 0.5 L/s; ISO 80601-2-13 allows 6 at 1 L/s to the whole system", low=0),
    p_soft = param(0.1, cmH2O, "within which the flap lifts", "assumed: its weight", low=0),
):  # fmt: skip
    """A flap that lets gas pass one way."""
    return gives(flow=connected * beyond(p_in - p_out - p_soft, p_soft) / R)


@path
def relief_valve(
    p_in   = end(cmH2O, "in the bag"),
    p_out  = end(cmH2O, "in the room"),
    opens  = command(1.0, cmH2O, "pressure at which surplus gas leaves: 1 for one who breathes, 10 to 30 by hand", low=0, high=70),
    R      = param(2.0, loss, "of the open valve", "assumed: below 1 cmH2O above its setting at 0.5 L/s", low=0),
    p_soft = param(0.25, cmH2O, "within which its spring gives way", "assumed"),
):  # fmt: skip
    """The adjustable pressure limiting valve: what is too much leaves the bag for the room."""
    return gives(flow=beyond(p_in - p_out - opens, p_soft) / R)


@path
def fresh_gas(
    p_in  = end(cmH2O, "in the pipeline"),
    p_out = end(cmH2O, "in the canister"),
    set_flow = command(6.0, L_min, "that the flowmeter lets in, BTPS", low=0, high=40),
):  # fmt: skip
    """A flowmeter: as much comes in, whatever the pressure."""
    return gives(flow=1 * set_flow)


@reaction
def absorbent(
    here = content(mmol / L, "carbon dioxide in the canister"),
    K    = param(20.0, L / s, "gas that is freed of it each second", "assumed: fresh granules leave a hundredth of it at the flows of breath", low=0),
):  # fmt: skip
    """Soda lime: carbon dioxide stays in it."""
    return gives(rate=(-K * here, mmol / s, "carbon dioxide made, thus negative"))


@controller(period=10 * ms)
def hand(
    pressure = command(0.0, cmH2O, "with which the bag is squeezed; 0 leaves the patient to breathe", low=0, high=60),
    rate     = command(12.0, per_min, "squeezes a minute", low=1, high=60),
    phase    = memory(0.0, one, "in the breath: the squeeze begins at 0"),
    pressing = memory(0.0, cmH2O, "of the hand now"),
    share    = param(0.33, one, "share of a breath in which it is squeezed", "assumed: one to two", low=0.1, high=0.9),
    tau      = param(150.0, ms, "of the hand", "assumed: a breath is given within half a second", low=10),
):  # fmt: skip
    """A hand that squeezes in even breaths."""
    tick = 10 * ms
    later = phase + rate * tick
    if later >= 1:
        later = later - 1
    aim = pressure if later < share else 0 * pressure
    now = pressing + (aim - pressing) * (tick / tau)
    return gives(next_phase=later, next_pressing=now, squeeze=(now, cmH2O, "what the hand presses with"))


@signal(period=10 * ms)
def joint(
    connected = command(1.0, one, "1 the mask is joined to the circle, 0 it is taken off", low=0, high=1),
    oxygen    = reads(mmol / L, "concentration in the canister", otherwise=0.0),
):  # fmt: skip
    """Where the mask is joined, and where an oxygen cell sits before it."""
    return gives(
        joined=(1 * connected, one, "share of the mask's lumen that is joined to the circle"),
        inspired_oxygen=(oxygen * MOLAR_VOLUME, one, "share of oxygen in the dry gas that is given"),
    )
