"""Valves and the breathing circuit. The firmware moves them; gas and pressure do the rest."""

from __future__ import annotations

from proband.devices.ventilator.supply import FIT
from proband.devices.ventilator.tube import loss1, loss2
from proband.laws.gas import MOLAR_VOLUME
from proband.laws.rohrer import rohrer
from proband.laws.smooth import beyond
from proband.model import *
from proband.units import *

root = mL / s / cmH2O**0.5


@compartment
def circuit(
    volume = state(20.0, mL, "gas at the Y-piece beyond its volume at the room's pressure, BTPS"),
    C      = param(2.0,  mL / cmH2O, "compliance of hoses, humidifier and their gas together", "data sheet", low=0.05),
    V_0    = param(15.0, mL, "volume that is breathed to and fro (Y-piece, angle piece, sensor)", "data sheet", low=0),
):  # fmt: skip
    """p = (V − V_0)/C. The limbs carry gas one way only, so what is rebreathed is the little in the Y-piece."""
    return gives(
        pressure=((volume - V_0) / C, cmH2O, "at the Y-piece"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )


@path
def inspiratory_valve(
    p_in    = end(cmH2O, "in the room"),
    p_out   = end(cmH2O, "at the Y-piece"),
    opening = state(0.0, one, "of the valve"),
    wanted  = reads(one, "opening that the firmware wants"),
    head    = reads(cmH2O, "of the turbine at no flow"),
    share   = reads(one, "of wall oxygen in the gas"),
    K       = param(500.0, root, "flow at 1 cmH2O through the open valve, limb, filter and humidifier", "data sheet", low=1),
    c       = param(9.615e-4, cmH2O / L_min**2, "loss of the turbine's head with flow squared", FIT),
    tau     = param(8.0, ms, "of the valve", "assumed: a voice coil reaches 90 % in 20 ms"),
    p_soft  = param(1.0, cmH2O, "head below which the square root goes over into a line", "assumed: viscous flow through small openings"),
):  # fmt: skip
    """Turbine, valve and limb in a row: head − p = (c + 1/(K u)²) Q². A flap lets nothing back."""
    over = positive(head + p_in - p_out)
    k = K * opening
    total = k * over / sqrt((over + p_soft) * (1 + c * k * k))
    return gives(
        flow=(1 - share) * total,
        d_opening=(wanted - opening) / tau,
        total=(total, L_min, "air and oxygen together"),
    )


@path
def oxygen_line(
    p_in  = end(cmH2O, "at the wall, behind the regulator"),
    p_out = end(cmH2O, "at the Y-piece"),
    total = reads(mL / s, "through the inspiratory valve"),
    share = reads(one, "of wall oxygen in the gas"),
):  # fmt: skip
    """The oxygen in what the inspiratory valve lets through."""
    return gives(flow=share * total)


@path
def expiratory_valve(
    p_in   = end(cmH2O, "at the Y-piece"),
    p_out  = end(cmH2O, "in the room"),
    seat   = state(5.0, cmH2O, "pressure that holds the membrane shut"),
    wanted = reads(cmH2O, "pressure that the firmware wants on it"),
    blockage = command(0.0, one, "share of the expiratory limb that is blocked (wet filter, kink)", low=0, high=1),
    R1     = param(2.0, loss1, "limb, filter and valve: loss with flow", "data sheet", low=0.05),
    R2     = param(2.0, loss2, "limb, filter and valve: loss with flow squared", "data sheet", low=0),
    tau    = param(12.0, ms, "of the membrane's drive", "assumed: a voice coil reaches 90 % in about 25 ms"),
    tau_rim = param(6.0, ms,    "by which a membrane on the move shuts before its drive, and lifts behind it",
                    "assumed: a rim of soft rubber lifts and meets its seat within some 10 ms, not at once"),
    p_rim  = param(0.05, cmH2O, "by which its rim is uneven at rest", "assumed: a tenth of what PEEP is known to"),
):  # fmt: skip
    """A membrane lifts when the circuit's pressure exceeds that on its seat; it lets nothing back.

    It comes to lie on its rim bit by bit, the wider the faster it moves: so nothing leaks at rest, and the valve has no corner within a step."""
    d_seat = (wanted - seat) / tau
    rim = tau_rim * abs(d_seat) + p_rim
    flow = (1 - blockage) * rohrer(beyond(p_in - p_out - seat - rim, rim), R1, R2)
    return gives(flow=flow, d_seat=d_seat, total=(flow, L_min, "out of the expiratory valve"))


@path
def leak(
    p_in  = end(cmH2O, "at the Y-piece"),
    p_out = end(cmH2O, "in the room"),
    connected = reads(one, "whether the tube is joined to the Y-piece"),
    hole  = command(0.0, L_min, "flow that leaks at 20 cmH2O (mask, cuff, loose connector)", low=0, high=200),
    tight = param(0.05, L_min, "what a sound circuit leaks at 20 cmH2O", "assumed: a quarter of 200 mL/min at 50 hPa, the limit in ISO 80601-2-12"),
    open_ = param(400.0, L_min, "through the Y-piece when the tube has fallen off, at 20 cmH2O", "assumed: a 15 mm cone"),
    p_soft = param(1.0, cmH2O, "below which the law goes over into a line", "assumed: viscous flow through small gaps"),
):  # fmt: skip
    """A hole: Q ∝ √p."""
    worth = hole + tight + (1 - connected) * open_
    drop = p_in - p_out
    return gives(flow=worth * drop / sqrt((20 * cmH2O) * (abs(drop) + p_soft)))
