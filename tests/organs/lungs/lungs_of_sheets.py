"""The lungs of a patient's sheet on a bench, without his circulation."""

from proband import patients
from proband.patients.breathing import isolated_lungs
from proband.patients.sheet import _each

STEMS = {"alveoli", "recruitment", "bronchi", "chest_wall", "respiratory_drive", "respiratory_muscles", "larynx"}


def isolated(name):
    """Airways, regions, wall, rhythm and muscles with the sheet's own rows."""
    sheet, body = patients.sheet(name), isolated_lungs()
    rows = {r: q for r, q in sheet.rows.items() if r.split(".")[0].rstrip("_?[]0123456789") in STEMS}
    return body.with_values(*_each(body, rows, sheet.why))
