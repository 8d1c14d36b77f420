"""A heat and moisture exchanger between Y-piece and tube: room that is breathed to and fro, and a sponge for water."""

from __future__ import annotations

from proband.devices.ventilator.humidifier import ROOM_HUMIDITY, humidity_unit
from proband.laws.gas import MOLAR_VOLUME
from proband.laws.humidity import burden, dew_point, saturated
from proband.model import *
from proband.units import *


@compartment
def exchanger_housing(
    volume = state(55.0, mL, "gas in the housing, BTPS"),
    outer  = reads(cmH2O, "pressure at the Y-piece"),
):  # fmt: skip
    """A stiff box: no bias flow of the ventilator washes it, so what a patient breathed out last he breathes in first.

    The sponge's resistance is added to the tube's, in one row with it; so the box has the Y-piece's pressure."""
    return gives(
        pressure=(1 * outer, cmH2O, "in the housing"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )


@path
def exchanger_mouth(
    p_in  = end(cmH2O, "at the Y-piece"),
    p_out = end(cmH2O, "in the housing"),
    through = reads(mL / s, "through the tracheal tube"),
):  # fmt: skip
    """What the tube takes out at one end enters at the other, since the housing is stiff."""
    return gives(flow=1 * through)


@signal(period=1 * s)
def exchanger_sponge(
    flow    = reads(L_min, "minute volume"),
    VT      = reads(mL, "usual tidal volume"),
    oxygen  = reads(one, "share of dry oxygen from the wall in the gas"),
    T_out   = param(34.0, degC, "of what is breathed out, full of water, at the tube's end", "ISO 9360-1: test gas of 34 °C"),
    loss_1  = param(0.1575, one, "share of that water that is lost at the smallest breaths", "Chiumello 2004 Crit Care 8:R281: two makes on a bench, 28.1 and 28.9 mg/L, mean over breaths of 0.5 and 1 L"),
    loss_2  = param(0.055, one, "share more that is lost with VT_ref", "assumed: makers' sheets after ISO 9360 lose about 2 mg/L more at 1,000 than at 500 mL"),
    VT_ref  = param(500.0, mL, "breath that the sponge is made for", "data sheet", low=1),
    most    = param(0.8, one, "of the water can be lost", "assumed: a flooded or a much too small sponge still exchanges some"),
    H_room  = param(9.7, humidity_unit, "water in the room's air", ROOM_HUMIDITY, low=0),
):  # fmt: skip
    """It keeps a share of the water that is breathed out, the less the larger the breath; what it gives back leaves saturated."""
    came = saturated(T_out)
    lost = limited(loss_1 + loss_2 * VT / VT_ref, 0.0, most)
    H = came - lost * (came - (1 - oxygen) * H_room)
    T = dew_point(H)
    water, heat = burden(H, T, flow)
    return gives(
        humidity=(H, humidity_unit, "of the gas that the patient gets"),
        temperature=(T, degC, "of the gas that the patient gets"),
        moisture_loss=(came - H, humidity_unit, "what each litre takes from the patient past the exchanger (ISO 9360)"),
        water_given=(water, mg / min_, "that the airway adds to the gas"),
        heat_given=(heat, W, "that the airway adds to the gas"),
    )
