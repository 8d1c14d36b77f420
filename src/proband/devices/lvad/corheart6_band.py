"""A band in which the Corheart 6 may lie. No engineering number of that pump is published but 34 mm and 90 g.

What is known (Yang 2025 Front Physiol, abstract): its pressure–flow curve is flatter than HeartMate 3's. So the band runs
from near HeartMate 3's gradient to near HVAD's, and every result with it is a result of the band, never of the pump."""

from __future__ import annotations

from typing import Any

from proband.devices.lvad.assembly import Make
from proband.devices.lvad.drive import drive
from proband.devices.lvad.firmware import firmware
from proband.devices.lvad.heartmate3 import heartmate3_rotor
from proband.devices.lvad.hvad import hvad_rotor
from proband.devices.lvad.rotor import rotor
from proband.devices.lvad.sheet import of_make
from proband.model import Assembly, ModelError, Site
from proband.units import Quantity, rpm

BAND = "assumed: between HeartMate 3 and HVAD at their speeds of full support; no curve of Corheart 6 is published"
PLACE = "assumed: no number of Corheart 6 is published"
N_FULL = {"heartmate3": 5400.0, "hvad": 2600.0, "corheart6_band": 3000.0}  # rpm; the last one assumed
EDGES = (0.1, 0.9)  # flatter than HeartMate 3 even at the low edge, steeper than HVAD even at the high one

# How a coefficient scales when the same curve is written for another speed of full support.
POWERS = {"a": 2, "R1": 1, "R2": 0, "Rrec": 0, "kinf": 1, "k_E": 1, "k_Q": 0, "k_d": 2, "k_v": 1, "k_clot": 1}  # fmt: skip
POWERS |= {"N_fit": -1, "L": 0, "L_per": 0, "R_per": 0, "R_stop": 0}
TORQUES = ("k_E", "k_Q", "k_d", "k_v", "k_clot")  # carry the same power at fewer turns


def _row(name: str, share: float) -> float:
    """A coefficient between the two makes, in its row's unit, at the band's own speed."""

    def of(component, make: str) -> float:
        row = component.rows[name]
        ratio = N_FULL[make] / N_FULL["corheart6_band"]
        return row.unit.of(row.value) * ratio ** (POWERS[name] + (name in TORQUES))

    return (1 - share) * of(heartmate3_rotor, "heartmate3") + share * of(hvad_rotor, "hvad")


def _band(position: float) -> dict[str, float]:
    share = EDGES[0] + (EDGES[1] - EDGES[0]) * position
    return {name: _row(name, share) for name in POWERS}


MIDDLE = _band(0.5)
TORQUE = {n: (MIDDLE[n], BAND) for n in ("k_E", "k_Q", "k_d", "k_v")} | {"J": (2.5e-6, PLACE), "k_t": (20.0, PLACE)}

corheart6_band_rotor = of_make(
    rotor, "corheart6_band_rotor", __name__,
    {n: (v, BAND) for n, v in MIDDLE.items()} | TORQUE
    | {"N_run": (2000.0, PLACE), "R_w": (1.1, PLACE), "P_0": (1.0, PLACE)},
)  # fmt: skip

corheart6_band_drive = of_make(
    drive, "corheart6_band_drive", __name__,
    {"K_p": (8.0e-4, PLACE), "K_i": (0.012, PLACE), "I_max": (2.5, PLACE), "k_t": TORQUE["k_t"], "R_w": (1.1, PLACE)},
)  # fmt: skip

corheart6_band_firmware = of_make(
    firmware, "corheart6_band_firmware", __name__,
    {
        "speed_top": (4500.0, PLACE), "pulse_every": (1e6, PLACE), "pulse_down": (0.0, PLACE), "time_down": (0.0, PLACE),
        "pulse_up": (0.0, PLACE), "time_up": (0.0, PLACE), "pulse_from": (4500.0, PLACE), "answers": (0.0, PLACE),
        **{n: (MIDDLE[n], BAND) for n in ("a", "R1", "R2", "Rrec", "kinf")},
        **TORQUE,
        "c_low": (3.0 / 3000, PLACE), "c_high": (5.5 / 3000, PLACE),
    },
    {"set_speed": (3000.0, 2000.0, 4500.0), "low_speed_limit": (2600.0, 2000.0, 4500.0), "mode": (0.0, 0.0, 2.0)},
)  # fmt: skip

MAKE = Make("corheart6_band", corheart6_band_rotor, corheart6_band_drive, corheart6_band_firmware)


def corheart6_band(
    inlet: str | Site,
    outlet: str | Site,
    *,
    position: float = 0.5,
    ventricle: str | Site | None = None,
    speed: Quantity = 3000 * rpm,
    **settings: Any,
) -> Assembly:
    """One edge of the band (`position` 0 steep, 1 flat) or a curve between. Run it at 0, 0.5 and 1, and report all three."""
    if not 0 <= position <= 1:
        raise ModelError(
            f"the band of corheart6_band runs from position 0 (steep) to 1 (flat), but {position:g} was given."
        )
    placed: dict[str, Any] = {}
    for name, value in _band(position).items():
        unit = corheart6_band_rotor.rows[name].unit
        placed[name] = Quantity(unit.si(value), unit.dimension, unit)
        if name in corheart6_band_firmware.rows:
            placed[f"firmware_{name}"] = placed[name]
    return MAKE.join(inlet, outlet, ventricle, speed, {**placed, **settings})
