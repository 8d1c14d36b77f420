"""HVAD: a centrifugal pump with a hydrodynamic bearing and the Lavare cycle."""

from __future__ import annotations

from typing import Any

from proband.devices.lvad.assembly import Make
from proband.devices.lvad.drive import drive
from proband.devices.lvad.firmware import firmware
from proband.devices.lvad.rotor import rotor
from proband.devices.lvad.sheet import BOES, of_make
from proband.model import Assembly, Site
from proband.units import Quantity, rpm

POWER = (
    "assumed: with its neighbours it closes the balance of 4.5 W at 2600 rpm and 5 L/min (clinical practice, unsure)"
)
LAVARE = "HVAD Lavare cycle (memory)"

TORQUE = {
    "k_E": (4.75e-4, "assumed: blades give 58 % of their torque to the blood; the torque turns over at 10 L/min at 2600 rpm"),
    "k_Q": (0.0617, "assumed: a flatter pump than HeartMate 3, whose torque turns over later"),
    "k_d": (7.69e-7, POWER),
    "k_v": (2.60e-4, POWER),
    "J": (4.5e-6, "assumed: a wide-bladed impeller of about 40 g and 15 mm"),
    "k_t": (25.0, "assumed: 10.5 V of back-EMF at 4000 rpm on a 14-V supply"),
}  # fmt: skip

CURVE = {
    "a": (1.3307e-5, BOES), "R1": (3.8732e-4, BOES), "R2": (0.7667, BOES), "Rrec": (4.7622, BOES),
    "kinf": (1.4703e-4, BOES),
}  # fmt: skip

hvad_rotor = of_make(
    rotor, "hvad_rotor", __name__,
    {
        **CURVE, "L": (18.7352, BOES), "L_per": (14.1544, BOES), "R_per": (0.1093, BOES),
        "R_stop": (14.0, "assumed: 2.2 L/min back at 70 mmHg; 1 to 3 L/min is known of stopped pumps (memory)"),
        "N_run": (1800.0, "lowest speed of the make"),
        "N_fit": (2900.0, "assumed: the middle of the make's speeds, 1800 to 4000 rpm"),
        **TORQUE,
        "k_clot": (4.6e-3, "assumed: 3 W more at 2600 rpm for a rotor full of clot (above the alarm's 2 W)"),
        "R_w": (1.2, POWER), "P_0": (0.8, POWER),
    },
)  # fmt: skip

hvad_drive = of_make(
    drive, "hvad_drive", __name__,
    {
        "K_p": (1.2e-3, "assumed: a speed loop of 10 Hz"), "K_i": (0.018, "assumed: a speed loop of 10 Hz"),
        "I_max": (2.5, "assumed: five times the current of rest"), "k_t": TORQUE["k_t"], "R_w": (1.2, POWER),
    },
)  # fmt: skip

hvad_firmware = of_make(
    firmware, "hvad_firmware", __name__,
    {
        "speed_top": (4000.0, "HVAD instructions for use: 1800 to 4000 rpm (memory)"),
        "pulse_every": (60.0, LAVARE), "pulse_down": (200.0, LAVARE), "time_down": (2.0, LAVARE),
        "pulse_up": (200.0, LAVARE), "time_up": (1.0, LAVARE),
        "pulse_from": (2000.0, "assumed: not below 1800 rpm"),
        "answers": (0.0, "HVAD instructions for use: suction is told, the speed stays (memory)"),
        **CURVE,
        **TORQUE,
        "c_low": (3.0 / 2600, "assumed: calibrated at 3 L/min at 2600 rpm"),
        "c_high": (6.0 / 2600, "assumed: calibrated at 6 L/min at 2600 rpm"),
    },
    {"set_speed": (2600.0, 1800.0, 4000.0), "low_speed_limit": (2200.0, 1800.0, 4000.0), "mode": (1.0, 0.0, 2.0)},
)  # fmt: skip

MAKE = Make("hvad", hvad_rotor, hvad_drive, hvad_firmware)


def hvad(
    inlet: str | Site,
    outlet: str | Site,
    *,
    ventricle: str | Site | None = None,
    speed: Quantity = 2600 * rpm,
    **settings: Any,
) -> Assembly:
    """HVAD from `inlet` to `outlet`, with its Lavare cycle on (`mode="constant"` for constant speed)."""
    return MAKE.join(inlet, outlet, ventricle, speed, settings)
