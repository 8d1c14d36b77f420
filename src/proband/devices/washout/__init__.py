"""Multiple-breath washout of an inert gas: how large the lungs are, and how evenly they are ventilated."""

from proband.devices.washout.meter import washout, washout_meter

DEVICES = {"washout_meter": washout_meter}

__all__ = ["DEVICES", "washout", "washout_meter"]
