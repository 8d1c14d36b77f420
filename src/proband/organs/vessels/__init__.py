"""Vessels: arteries, arterioles, veins, and what gravity and the chest do to them."""

from proband.organs.vessels.arteriole import arteriole
from proband.organs.vessels.chest import chest
from proband.organs.vessels.clearance import clearance, injection
from proband.organs.vessels.filtration import capillary_filtration
from proband.organs.vessels.posture import posture
from proband.organs.vessels.return_flow import inlet, valved_vein, waterfall
from proband.organs.vessels.vein import collapsible_vein, distensible_vein, vein

__all__ = [
    "arteriole",
    "capillary_filtration",
    "chest",
    "clearance",
    "collapsible_vein",
    "distensible_vein",
    "injection",
    "inlet",
    "posture",
    "valved_vein",
    "vein",
    "waterfall",
]
