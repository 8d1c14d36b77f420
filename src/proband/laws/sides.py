"""On which side of the heart a place of the body lies: what a device must know before it takes blood there or gives it."""

from __future__ import annotations

CHAMBERS = ("left_atrium", "left_ventricle", "right_atrium", "right_ventricle")
SIDES = {
    "venous": ("vena_cava_inferior", "hepatic_cava", "vena_cava_superior", "right_atrium", "right_ventricle"),
    "pulmonary": ("pulmonary_artery",),
    "left heart": ("pulmonary_veins", "left_atrium", "left_ventricle"),
    "arterial": ("aorta", "upper_arteries", "thoracic", "descending_aorta", "leg_arteries"),
}


def side(place: str) -> str | None:
    """venous, pulmonary, left heart or arterial, as blood passes them; None for a place of a bench."""
    return next((name for name, places in SIDES.items() if place in places), None)
