"""The shipped pump keeps the contract of every device, in the circulation of a healthy woman and of a failing heart."""

from pathlib import Path

from proband.devices import lvad
from proband.devices.lvad import heartmate3
from proband.patients import load
from proband.testing import DeviceContract, OrganContract


class TestBloodPump(DeviceContract):
    components = tuple(
        {p.component.name: p.component for p in heartmate3("left_ventricle", "aorta").parts.values()}.values()
    )
    page = Path(lvad.__file__).parent / "page.md"

    def body(self):
        return load("hfref_severe").attach(lvad=heartmate3("left_ventricle", "aorta"))


class TestCirculation(OrganContract):
    components = tuple({p.component.name: p.component for p in load("healthy_woman").parts.values()}.values())

    def body(self):
        return load("healthy_woman")
