"""Rotor, drive, firmware and battery, put together under one name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proband.devices.lvad.battery import battery
from proband.devices.lvad.places import check_places
from proband.model import Assembly, Component, ModelError, Part, Site, did_you_mean
from proband.units import Quantity

TELLS = {
    "flow": ".rotor.flow",
    "head": ".rotor.head",
    "rotor_speed": ".rotor.rotor_speed",
    "torque": ".rotor.torque",
    "power": ".rotor.power",
    "hydraulic_power": ".rotor.hydraulic_power",
    "suction": ".rotor.suction",
    "thrombus": ".rotor.thrombus",
    "kink": ".rotor.kink",
    "clamp": ".rotor.clamp",
    "current": ".drive.current",
    "connected": ".drive.connected",
    "powered": ".drive.powered",
    "speed": ".firmware.set_speed",
    "low_speed_limit": ".firmware.low_speed_limit",
    "mode": ".firmware.mode",
    "haematocrit_set": ".firmware.haematocrit_set",
    "target_speed": ".firmware.target",
    "estimated_flow": ".firmware.displayed_flow",
    "instant_flow": ".firmware.instant_flow",
    "pulsatility_index": ".firmware.pulsatility_index",
    "displayed_power": ".firmware.mean_power",
    "battery": ".battery.share",
    "batteries_in": ".battery.plugged",
}


@dataclass(frozen=True)
class Make:
    """The parts of one make of pump."""

    name: str
    rotor: Component
    drive: Component
    firmware: Component

    def join(
        self,
        inlet: str | Site,
        outlet: str | Site,
        ventricle: str | Site | None,
        speed: Quantity,
        settings: dict[str, Any],
    ) -> Assembly:
        """The pump from `inlet` to `outlet`. The wall that may cover the inlet is that of `ventricle`, else of `inlet`.

        An inlet in a `left_ventricle` lies beside its `septum` and feels it come over; `bulge=None` puts it far from it.

        A setting is any row of a part by its name; where rotor and firmware share one, it is the rotor's (the console
        goes on believing its calibration) and `firmware_<row>` is the console's."""
        check_places(self.name, str(inlet), str(outlet))
        wall = str(ventricle if ventricle is not None else inlet)
        given: dict[str, dict[str, Any]] = {
            "rotor": {
                "current": ".drive.current",
                "powered": ".drive.powered",
                "transmural": f"{wall}.transmural",
                "volume": f"{wall}.volume",
                "rotor_speed": speed,
            },
            "drive": {"target": ".firmware.target", "rotor_speed": ".rotor.rotor_speed", "bus": ".battery.voltage"},
            "firmware": {
                "rotor_speed": ".rotor.rotor_speed",
                "current": ".drive.current",
                "power": ".rotor.power",
                "powered": ".drive.powered",
                "battery": ".battery.share",
                "inlet_pressure": f"{wall}.pressure",
                "set_speed": speed,
                **dict.fromkeys(("base_speed", "wanted_speed", "target", "last_speed", "last_set"), speed),
            },
            "battery": {"power": ".rotor.power"},
        }
        if wall == "left_ventricle":
            given["rotor"]["bulge"] = "septum.bulge"
        if "bulge" in settings and settings["bulge"] is None:
            given["rotor"].pop("bulge", None)
            settings = {name: setting for name, setting in settings.items() if name != "bulge"}
        kinds = {"rotor": self.rotor, "drive": self.drive, "firmware": self.firmware, "battery": battery}
        for name, setting in settings.items():
            part, row = self._owner(name, kinds)
            given[part][row] = setting
        parts: dict[str, Part] = {
            name: kind(inlet, outlet, **given[name]) if name == "rotor" else kind(**given[name])
            for name, kind in kinds.items()
        }
        return Assembly(parts=parts, tells=TELLS)

    def _owner(self, name: str, kinds: dict[str, Component]) -> tuple[str, str]:
        for part, kind in kinds.items():
            if name in kind.rows:
                return part, name
            if name.startswith(f"{part}_") and name.removeprefix(f"{part}_") in kind.rows:
                return part, name.removeprefix(f"{part}_")
        known = [row for kind in kinds.values() for row in kind.rows]
        raise ModelError(f"{self.name} has no setting {name!r}{did_you_mean(name, known)}.")
