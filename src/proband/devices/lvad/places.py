"""Where a pump may stand: it takes blood from a chamber of the heart or a vein, and gives it to an artery."""

from __future__ import annotations

from proband.laws.sides import CHAMBERS, side
from proband.model import ModelError

ARTERIES = ("arterial", "pulmonary")  # sides


def check_places(make: str, inlet: str, outlet: str) -> None:
    """Refuse a pump that would take from an artery or give to a chamber or a vein. Places of a bench are free."""
    if side(inlet) in ARTERIES:
        raise ModelError(f"{make} takes blood from {inlet!r}, which is an artery; it must take it from a chamber.")
    if side(outlet) not in (None, *ARTERIES):
        what = "a chamber of the heart" if outlet in CHAMBERS else "a vein"
        raise ModelError(f"{make} gives blood to {outlet!r}, which is {what}; it must give it to an artery.")
