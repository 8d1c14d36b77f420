"""Whole bodies: patients as data sheets.

    from proband import patients
    body = patients.load("hfref_severe")
"""

from proband.patients.blood import blood_volume, with_blood_volume
from proband.patients.circulation import circulation
from proband.patients.sheet import Sheet, exchanged, load, names, sheet
from proband.patients.size import resized

__all__ = ["Sheet", "blood_volume", "circulation", "exchanged", "load", "names", "resized", "sheet", "with_blood_volume"]
