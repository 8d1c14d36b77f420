"""Where blood is counted: the heart's halves, and the vessels of the lungs."""

from proband.evidence.scoring.lab import Window

RIGHT = ("right_atrium.volume", "right_ventricle.volume")
LEFT = ("left_atrium.volume", "left_ventricle.volume")
LUNGS = ("pulmonary_artery.volume", "pulmonary_capillaries.volume", "pulmonary_veins.volume")


def held(window: Window, places: tuple[str, ...]) -> float:
    """Blood in these places together, in mL."""
    return sum(window(place) for place in places)
