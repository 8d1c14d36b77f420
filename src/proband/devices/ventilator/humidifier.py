"""Water and warmth for the gas: a heated chamber of water, or none at all. (exchanger.py is the third way.)"""

from __future__ import annotations

from proband.laws.humidity import GAS_HEAT, LATENT, burden, saturated
from proband.model import *
from proband.units import *

humidity_unit = mg / L
ROOM_HUMIDITY = "assumed: half saturated at 22 °C"
ROOM_TEMPERATURE = "assumed: an intensive care unit"
MR850 = "Fisher & Paykel MR850, user manual"


@signal(period=1 * s)
def heated_humidifier(
    flow    = reads(L_min, "minute volume"),
    oxygen  = reads(one, "share of dry oxygen from the wall in the gas"),
    heating = command(1.0, one, "of chamber and hose", low=0, high=1, names={"off": 0, "on": 1}),
    water_supply = command(1.0, one, "1 the bag refills the chamber, 0 it is empty", low=0, high=1),
    chamber_target = command(37.0, degC, "of the chamber, as set", low=28, high=40),
    chamber = state(37.0, degC, "of the water"),
    water   = state(150.0, g, "in the chamber"),
    hose    = state(37.0, degC, "of the gas at the hose's end"),
    cold    = state(0.0, one, "share of the time for which gas may be as cold as it is"),
    P_max   = param(150.0, W, "of the heater plate", MR850),
    gain    = param(40.0, W / K, "heating for each degree that is missing", "assumed: a plate at full power from 4 K on"),
    G       = param(1.0, W / K, "lost to the room", "assumed: chamber and plate of about 0.1 m² at 10 W/m²/K"),
    plate   = param(200.0, J / K, "heat capacity without water", "assumed: 200 g of aluminium"),
    full    = param(150.0, g, "of water, to which a float lets it fill", "assumed: a chamber with a float"),
    fill    = param(6.0, per_min, "of what is missing, by the float", "assumed: a trickle that keeps up with any flow"),
    wetting = param(5.0, g, "of water below which the plate begins to fall dry", "assumed"),
    saturation = param(0.9, one, "of what gas of the chamber's temperature could hold", "assumed: benches find 36 to 40 of the 44 mg/L; the manual promises more than 33"),
    carried = param(0.5, one, "of its warmth that gas keeps in a hose that is not heated", "assumed: 1.5 m of hose in the room"),
    tau     = param(120.0, s, "in which the hose takes on another temperature", "assumed: its plastic and wire"),
    H_room  = param(9.7, humidity_unit, "water in the room's air", ROOM_HUMIDITY, low=0),
    T_room  = param(22.0, degC, "of the room", ROOM_TEMPERATURE),
    near    = param(2.5, K, "below its target at which gas is cold", f"{MR850}: low humidity from 34.5 °C on"),
    far     = param(7.5, K, "below its target at which gas is too cold", f"{MR850}: 29.5 °C"),
    t_near  = param(60.0, min_, "for which gas may be as cold as `near` before it is called", MR850),
    t_far   = param(10.0, min_, "for which it may be as cold as `far`", MR850),
):  # fmt: skip
    """Gas takes up water over a warm bath. Heater plate: what is lost to vapour and room, and more where warmth is missing."""
    wet = limited(water / wetting, 0.0, 1.0)
    dry = (1 - oxygen) * H_room
    above = maximum(dry, saturation * saturated(chamber))
    H_out = dry + wet * (above - dry)
    ends_at = T_room + (carried + (1 - carried) * heating) * (chamber - T_room)
    H = minimum(H_out, saturated(hose))  # the rest rains out
    vapour = flow * (H_out - dry)
    spent = LATENT * vapour + GAS_HEAT * flow * (chamber - T_room) + G * (chamber - T_room)
    power = heating * limited(spent + gain * (chamber_target - chamber), 0 * W, P_max)
    missing = chamber_target - hose
    allowed = t_far + (t_near - t_far) * limited((far - missing) / (far - near), 0.0, 1.0)
    need, heat = burden(H, hose, flow)
    return gives(
        d_chamber=(power - spent) / (plate + water * (4.18 * J / g / K)),
        d_water=water_supply * fill * (full - water) - vapour,
        d_hose=(ends_at - hose) / tau,
        d_cold=where(missing > near, 1 / allowed, -cold / (10 * s)),
        humidity=(H, humidity_unit, "of the gas that the patient gets"),
        temperature=(1 * hose, degC, "of the gas that the patient gets"),
        heater_power=(power, W, "of the plate"),
        water_given=(need, mg / min_, "that the airway adds to the gas"),
        heat_given=(heat, W, "that the airway adds to the gas"),
        low_temperature_alarm=alarm(cold > 1, "medium", "gas has been too cold for too long, and so too dry"),
        water_alarm=alarm(water < wetting, "medium", "the humidifier's chamber is dry", delay=60 * s),
    )


@signal(period=1 * s)
def no_humidifier(
    flow    = reads(L_min, "minute volume"),
    oxygen  = reads(one, "share of dry oxygen from the wall in the gas"),
    H_room  = param(9.7, humidity_unit, "water in the room's air", ROOM_HUMIDITY, low=0),
    T_room  = param(22.0, degC, "of the room", ROOM_TEMPERATURE),
):  # fmt: skip
    """Room air, and oxygen from the wall that is dry: the airway does the rest."""
    H = (1 - oxygen) * H_room
    water, heat = burden(H, T_room, flow)
    return gives(
        humidity=(H, humidity_unit, "of the gas that the patient gets"),
        temperature=(1 * T_room, degC, "of the gas that the patient gets"),
        water_given=(water, mg / min_, "that the airway adds to the gas"),
        heat_given=(heat, W, "that the airway adds to the gas"),
    )
