"""Quantities and their symbols. This room imports nothing of ours."""

from proband.units.quantity import NONE as NONE_DIMENSION
from proband.units.quantity import Quantity, Unit, UnitError
from proband.units.symbols import *
from proband.units.symbols import SYMBOLS, parse_quantity, parse_unit

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "NONE_DIMENSION",
    "SYMBOLS",
    "Quantity",
    "Unit",
    "UnitError",
    "parse_quantity",
    "parse_unit",
    *sorted(SYMBOLS.python_names),
]
