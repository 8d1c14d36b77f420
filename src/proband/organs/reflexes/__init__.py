"""The nerves that keep the pressure, and the beds that keep their flow. Sampled each 20 ms, chemistry each 100 ms."""

from proband.organs.reflexes.autoregulation import autoregulation
from proband.organs.reflexes.baroreflex import baroreflex
from proband.organs.reflexes.cardiopulmonary import cardiopulmonary_reflex
from proband.organs.reflexes.chemical import autonomic_nerves, chemical_drives
from proband.organs.reflexes.effectors import inotropy, sinus_nerves, vasomotor, venomotor
from proband.organs.reflexes.ischaemia import brain_ischaemia
from proband.organs.reflexes.muscle import muscle_receptors

__all__ = [
    "autonomic_nerves", "autoregulation", "baroreflex", "brain_ischaemia", "cardiopulmonary_reflex", "chemical_drives", "inotropy",
    "muscle_receptors", "sinus_nerves", "vasomotor", "venomotor",
]  # fmt: skip
