"""Where a pump may stand: it takes blood from a chamber of the heart or a vein, and gives it to an artery."""

from __future__ import annotations

from proband.model import ModelError

ARTERIES = ("aorta", "upper_arteries", "thoracic", "descending_aorta", "leg_arteries", "pulmonary_artery")
CHAMBERS = ("left_atrium", "left_ventricle", "right_atrium", "right_ventricle")
VEINS = ("vena_cava_superior", "vena_cava_inferior", "hepatic_cava", "pulmonary_veins")


def check_places(make: str, inlet: str, outlet: str) -> None:
    """Refuse a pump that would take from an artery or give to a chamber or a vein. Places of a bench are free."""
    if inlet in ARTERIES:
        raise ModelError(f"{make} takes blood from {inlet!r}, which is an artery; it must take it from a chamber.")
    if outlet in CHAMBERS + VEINS:
        what = "a chamber of the heart" if outlet in CHAMBERS else "a vein"
        raise ModelError(f"{make} gives blood to {outlet!r}, which is {what}; it must give it to an artery.")
