"""Lungs keep the contract of every organ."""

from pathlib import Path

from proband.organs import lungs
from proband.patients.breathing import isolated_lungs
from proband.testing import OrganContract


class TestLungs(OrganContract):
    components = tuple({p.component.name: p.component for p in isolated_lungs().parts.values()}.values())
    page = Path(lungs.__file__).parent / "page.md"

    def body(self):
        return isolated_lungs()
