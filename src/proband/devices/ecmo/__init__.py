"""Extracorporeal membrane oxygenation: cannulae, tubing, centrifugal pump, oxygenator, heat exchanger and console."""

from proband.devices.ecmo.assembly import ecmo
from proband.devices.ecmo.sites import configuration

DEVICES = {"ecmo": ecmo}

__all__ = ["DEVICES", "configuration", "ecmo"]
