"""Tissues: what they use, what they make, and what they store."""

from proband.organs.tissue.metabolism import (
    carbon_dioxide_production,
    lactate_clearance,
    lactate_production,
    respiration,
)
from proband.organs.tissue.store import carbon_dioxide_exchange, lactate_exchange, tissue_water
from proband.organs.tissue.vasodilation import brain_vasodilation, vasodilation

__all__ = [
    "brain_vasodilation",
    "carbon_dioxide_exchange",
    "carbon_dioxide_production",
    "lactate_clearance",
    "lactate_exchange",
    "lactate_production",
    "respiration",
    "tissue_water",
    "vasodilation",
]
