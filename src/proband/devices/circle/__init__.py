"""A circle: the breathing system of anaesthesia, with fresh gas, an absorbent and a bag."""

from proband.devices.circle.assembly import circle

DEVICES = {"circle": circle}

__all__ = ["DEVICES", "circle"]
