"""The heart: its clock, its chambers, its valves and what surrounds them."""

from proband.organs.heart.atrial_pacing import atrially_paced
from proband.organs.heart.chamber import atrium, ventricle
from proband.organs.heart.contraction import contraction
from proband.organs.heart.fibrillation import atrial_fibrillation
from proband.organs.heart.muscle import muscle_pressure
from proband.organs.heart.need import muscle_need
from proband.organs.heart.pacing import paced
from proband.organs.heart.pericardium import pericardium
from proband.organs.heart.premature import premature_beats
from proband.organs.heart.septum import septum
from proband.organs.heart.sinus import sinus
from proband.organs.heart.supply import coronary_supply
from proband.organs.heart.valve import regurgitant_valve, stenotic_valve, valve

__all__ = [
    "atrial_fibrillation", "atrially_paced", "atrium", "contraction", "coronary_supply", "muscle_need", "muscle_pressure", "paced", "pericardium", "premature_beats",
    "regurgitant_valve", "septum", "sinus", "stenotic_valve", "valve", "ventricle",
]  # fmt: skip
