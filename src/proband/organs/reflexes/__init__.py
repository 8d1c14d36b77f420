"""The nerves that keep the pressure, and the beds that keep their flow. All sampled each 20 ms."""

from proband.organs.reflexes.autoregulation import autoregulation
from proband.organs.reflexes.baroreflex import baroreflex
from proband.organs.reflexes.cardiopulmonary import cardiopulmonary_reflex
from proband.organs.reflexes.effectors import inotropy, sinus_nerves, vasomotor, venomotor
from proband.organs.reflexes.ischaemia import brain_ischaemia

__all__ = [
    "autoregulation", "baroreflex", "brain_ischaemia", "cardiopulmonary_reflex", "inotropy", "sinus_nerves", "vasomotor", "venomotor",
]  # fmt: skip
