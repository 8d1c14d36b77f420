"""Lungs: airways, regions that open and close, chest wall, muscles and rhythm, and the blood that passes."""

from proband.organs.lungs.airway import airway_segment, bronchi, larynx, mouth, room
from proband.organs.lungs.alveoli import alveoli
from proband.organs.lungs.chemoreflex import chemoreflex
from proband.organs.lungs.chest_wall import abdomen, chest_wall, pleura
from proband.organs.lungs.muscles import respiratory_muscles
from proband.organs.lungs.perfusion import (
    capillaries,
    pulmonary_arteriole,
    pulmonary_shunt,
    pulmonary_tone,
    pulmonary_venule,
    shunting,
)
from proband.organs.lungs.recruitment import recruitment
from proband.organs.lungs.rhythm import respiratory_rhythm

__all__ = [
    "abdomen", "airway_segment", "alveoli", "bronchi", "capillaries", "chemoreflex", "chest_wall", "larynx", "mouth", "pleura",
    "pulmonary_arteriole", "pulmonary_shunt", "pulmonary_tone", "pulmonary_venule", "recruitment", "respiratory_muscles",
    "respiratory_rhythm", "room", "shunting",
]  # fmt: skip
