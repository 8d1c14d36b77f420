"""HeartMate II: an axial pump on mechanical bearings."""

from __future__ import annotations

from typing import Any

from proband.devices.lvad.assembly import Make
from proband.devices.lvad.drive import drive
from proband.devices.lvad.firmware import firmware
from proband.devices.lvad.rotor import rotor
from proband.devices.lvad.sheet import BOES, of_make
from proband.model import Assembly, Site
from proband.units import Quantity, rpm

POWER = "assumed: with its neighbours it closes a balance of 6 W at 9100 rpm and 5 L/min (6.6 to 6.9 W on a mock loop, PMC3942351)"
NONE = "HeartMate II has no pulse of its own"

TORQUE = {
    "k_E": (3.89e-5, "assumed: blades give 57 % of their torque to the blood; the torque turns over at 12 L/min at 9100 rpm"),
    "k_Q": (0.01474, "assumed: the flattest of the pumps, whose torque turns over last"),
    "k_d": (2.29e-8, POWER),
    "k_v": (4.55e-5, POWER),
    "J": (9.16e-7, "Choi 1997 and Simaan 2009: 0.916e-6 kg m² of an axial pump of this kind"),
    "k_t": (7.5, "assumed: 11.8 V of back-EMF at 15000 rpm on a 14-V supply"),
}  # fmt: skip

CURVE = {
    "a": (9.5356e-7, BOES), "R1": (-3.2085e-4, BOES), "R2": (0.8643, BOES), "Rrec": (3.0701, BOES),
    "kinf": (3.5925e-4, BOES),
}  # fmt: skip

heartmate2_rotor = of_make(
    rotor, "heartmate2_rotor", __name__,
    {
        **CURVE, "L": (22.9733, BOES), "L_per": (20.3038, BOES), "R_per": (0.3833, BOES),
        "R_stop": (18.0, "assumed: 2.0 L/min back at 70 mmHg; 1 to 3 L/min is known of stopped pumps (memory)"),
        "N_run": (6000.0, "lowest speed of the make"),
        "N_fit": (10500.0, "assumed: the middle of the make's speeds, 6000 to 15000 rpm"),
        **TORQUE,
        "k_clot": (3.4e-4, "assumed: 3 W more at 9100 rpm for a rotor full of clot (above the alarm's 2 W)"),
        "R_w": (0.8, POWER), "P_0": (0.8, POWER),
    },
)  # fmt: skip

heartmate2_drive = of_make(
    drive, "heartmate2_drive", __name__,
    {
        "K_p": (8.0e-4, "assumed: a speed loop of 10 Hz"), "K_i": (0.012, "assumed: a speed loop of 10 Hz"),
        "I_max": (3.0, "assumed: four times the current of rest"), "k_t": TORQUE["k_t"], "R_w": (0.8, POWER),
    },
)  # fmt: skip

heartmate2_firmware = of_make(
    firmware, "heartmate2_firmware", __name__,
    {
        "speed_top": (15000.0, "HeartMate II instructions for use: 6000 to 15000 rpm (memory)"),
        "pulse_every": (1e6, NONE), "pulse_down": (0.0, NONE), "time_down": (0.0, NONE),
        "pulse_up": (0.0, NONE), "time_up": (0.0, NONE), "pulse_from": (15000.0, NONE),
        "answers": (1.0, "HeartMate instructions for use: the speed drops to the low-speed limit"),
        "tau_index": (250.0, "fitted: a cohort's console shows 4.8 at 9400 rpm; on a mock loop the flow's own index is 9.6 (Stanfield 2013)"),
        **CURVE,
        **TORQUE,
        "c_low": (3.0 / 9100, "assumed: calibrated at 3 L/min at 9100 rpm"),
        "c_high": (6.0 / 9100, "assumed: calibrated at 6 L/min at 9100 rpm"),
    },
    {"set_speed": (9100.0, 6000.0, 15000.0), "low_speed_limit": (8000.0, 6000.0, 15000.0), "mode": (0.0, 0.0, 2.0)},
)  # fmt: skip

MAKE = Make("heartmate2", heartmate2_rotor, heartmate2_drive, heartmate2_firmware)


def heartmate2(
    inlet: str | Site,
    outlet: str | Site,
    *,
    ventricle: str | Site | None = None,
    speed: Quantity = 9100 * rpm,
    **settings: Any,
) -> Assembly:
    """HeartMate II from `inlet` to `outlet`. Its dynamics are Boes'; the published Q(Δp) parabolas serve as a check alone."""
    return MAKE.join(inlet, outlet, ventricle, speed, settings)
