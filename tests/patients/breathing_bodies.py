"""Patients who breathe, side by side in one engine: their bodies have the same parts, and differ in their rows alone."""

import functools

import numpy as np

from proband import patients
from proband.engine import Engine
from proband.patients.sheet import names
from proband.units import *

VENTILATED = ("anaesthetised", "apnoea", "ards_mild", "ards_moderate", "ards_severe")
FREE = tuple(n for n in names("lungs") if n not in VENTILATED)
REGIONS = range(1, 7)
PANEL = [
    "monitor.heart_rate", "monitor.mean_arterial", "monitor.central_venous", "monitor.pulmonary_mean", "monitor.wedge",
    "monitor.cardiac_output", "monitor.right_output", "monitor.pulse_pressure", "monitor.ejection_fraction",
]  # fmt: skip
LUNGS = ["chest_wall.lung_volume", "pleura.pressure", "respiratory_drive.breaths", "shunt.flow", "airway.pressure"]
LUNGS += [f"{x}_{i}.{y}" for i in REGIONS for x, y in (("recruitment", "aerated"), ("bronchi", "limited"))]
LUNGS += [f"pulmonary_venules_{i}.flow" for i in REGIONS]


@functools.cache
def body(name):
    """A patient's mechanics."""
    return patients.load(name, gases=False)


def differences(bodies):
    """The rows in which bodies of the same parts differ, as one array over them."""
    found = {}
    for row in bodies[0].names("param", "state", "command", "memory"):
        part, table = bodies[0].row(row)
        values = [table.unit.of(b.parts[part].value(table.name)) for b in bodies]
        if len(set(values)) > 1:
            found[row] = np.array(values)
    return found


def side_by_side(bodies, observe=(*PANEL, *LUNGS), **rows):
    """A run with one patient for each body."""
    engine = Engine(bodies[0], observe=list(observe))
    return engine.start(patients=len(bodies), values={**differences(bodies), **rows})
