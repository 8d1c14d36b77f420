"""Extracorporeal membrane oxygenation: cannulae, tubing, centrifugal pump, oxygenator, heat exchanger and console."""

from proband.devices.ecmo.assembly import ecmo
from proband.devices.ecmo.presets import ecmo_vented, ecmo_with_gases
from proband.devices.ecmo.sites import configuration

DEVICES = {"ecmo": ecmo, "ecmo_vented": ecmo_vented, "ecmo_with_gases": ecmo_with_gases}

__all__ = ["DEVICES", "configuration", "ecmo", "ecmo_vented", "ecmo_with_gases"]
