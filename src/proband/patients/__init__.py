"""Whole bodies: patients as data sheets.

>>> patients.load("hfref_severe")
"""

from proband.patients.blood import blood_volume, with_blood_volume
from proband.patients.circulation import circulation
from proband.patients.sheet import Sheet, load, names, sheet, size_of
from proband.patients.size import resized

__all__ = ["Sheet", "blood_volume", "circulation", "load", "names", "resized", "sheet", "size_of", "with_blood_volume"]
