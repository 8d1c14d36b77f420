"""HeartMate 3: a magnetically levitated centrifugal pump with an artificial pulse."""

from __future__ import annotations

from typing import Any

from proband.devices.lvad.assembly import Make
from proband.devices.lvad.drive import drive
from proband.devices.lvad.firmware import firmware
from proband.devices.lvad.rotor import rotor
from proband.devices.lvad.sheet import BOES, of_make
from proband.model import Assembly, Site
from proband.units import Quantity, rpm

POWER = "assumed: with its neighbours it closes the balance of 4.3 W at 5400 rpm and 4.1 L/min (PMC10947813)"
PULSE = "HeartMate 3 artificial pulse, as in Bonnemain 2021 Front Cardiovasc Med 8:752088 (Mathcard.mo)"

TORQUE = {
    "k_E": (1.4515e-4, "assumed: blades give 58 % of their torque to the blood; the torque turns over at 6.5 L/min at 5400 rpm"),
    "k_Q": (0.0603, "assumed: the torque turns over at 6.5 L/min at 5400 rpm (Abart 2025: current falls in peak systole)"),
    "k_d": (6.86e-8, POWER),
    "k_v": (2.86e-5, POWER),
    "J": (2.0e-6, "assumed: a ring of about 20 g and 11 mm"),
    "k_t": (10.0, "assumed: 9.4 V of back-EMF at 9000 rpm on a 14-V supply"),
}  # fmt: skip

CURVE = {
    "a": (3.4578e-6, BOES), "R1": (-7.2946e-4, BOES), "R2": (2.2453, BOES), "Rrec": (3.358, BOES),
    "kinf": (2.5962e-4, BOES),
}  # fmt: skip

heartmate3_rotor = of_make(
    rotor, "heartmate3_rotor", __name__,
    {
        **CURVE, "L": (17.001, BOES), "L_per": (13.3873, BOES), "R_per": (0.1244, BOES),
        "R_stop": (12.0, "assumed: 2.4 L/min back at 70 mmHg; 1 to 3 L/min is known of stopped pumps (memory)"),
        "N_run": (3000.0, "lowest speed of the make"),
        "k_over": (1.0e-3, "fitted: where the maker's chart at 8000 rpm leaves the fit, 8 L/min"),
        "R_over": (4.8, "fitted: 43 mmHg at 8000 rpm and 10 L/min, the end of the maker's chart"),
        "N_fit": (6000.0, "assumed: the middle of the make's speeds, 3000 to 9000 rpm"),
        **TORQUE,
        "k_clot": (1.1e-3, "assumed: 3 W more at 5400 rpm for a rotor full of clot (above the alarm's 2 W)"),
        "R_w": (1.0, POWER), "P_0": (1.2, POWER),
    },
)  # fmt: skip

heartmate3_drive = of_make(
    drive, "heartmate3_drive", __name__,
    {
        "K_p": (1.3e-3, "assumed: a speed loop of 10 Hz"), "K_i": (0.02, "assumed: a speed loop of 10 Hz"),
        "I_max": (2.5, "assumed: five times the current of rest"), "k_t": TORQUE["k_t"], "R_w": (1.0, POWER),
    },
)  # fmt: skip

heartmate3_firmware = of_make(
    firmware, "heartmate3_firmware", __name__,
    {
        "speed_top": (9000.0, "clinical text on HeartMate 3: 3000 to 9000 rpm"),
        "pulse_every": (2.0, PULSE), "pulse_down": (2000.0, PULSE), "time_down": (0.15, PULSE),
        "pulse_up": (2000.0, PULSE), "time_up": (0.20, PULSE),
        "pulse_from": (4000.0, "assumed: a pulse below would stop the pump"),
        "answers": (1.0, "HeartMate instructions for use: the speed drops to the low-speed limit"),
        **CURVE,
        **TORQUE,
        "c_low": (3.0 / 5400, "assumed: calibrated at 3 L/min at 5400 rpm"),
        "c_high": (5.5 / 5400, "assumed: calibrated at 5.5 L/min at 5400 rpm"),
    },
    {"set_speed": (5400.0, 3000.0, 9000.0), "low_speed_limit": (4800.0, 3000.0, 9000.0), "mode": (1.0, 0.0, 2.0)},
)  # fmt: skip

MAKE = Make("heartmate3", heartmate3_rotor, heartmate3_drive, heartmate3_firmware)


def heartmate3(
    inlet: str | Site,
    outlet: str | Site,
    *,
    ventricle: str | Site | None = None,
    speed: Quantity = 5400 * rpm,
    **settings: Any,
) -> Assembly:
    """HeartMate 3 from `inlet` to `outlet`, with its artificial pulse on (`mode="constant"` for constant speed)."""
    return MAKE.join(inlet, outlet, ventricle, speed, settings)
