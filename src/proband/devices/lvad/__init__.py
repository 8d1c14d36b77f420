"""Left (and right) ventricular assist devices: rotary pumps from a chamber of the heart to an artery."""

from proband.devices.lvad.corheart6_band import corheart6_band
from proband.devices.lvad.heartmate2 import heartmate2
from proband.devices.lvad.heartmate3 import heartmate3
from proband.devices.lvad.hvad import hvad

DEVICES = {
    "heartmate3": heartmate3,
    "hvad": hvad,
    "heartmate2": heartmate2,
    "corheart6_band": corheart6_band,
}

__all__ = ["DEVICES", "corheart6_band", "heartmate2", "heartmate3", "hvad"]
