"""Blue head, red legs: the better the heart behind bad lungs, the further down the aorta its blood meets that of femoral VA-ECMO."""

import sys

import numpy as np

from proband import devices, patients
from proband.engine import Engine
from proband.units import *

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 180
STRENGTHS = np.array([0.12, 0.5, 1.0, 2.0])  # E_max of the left ventricle in mmHg/mL: from arrest to health

body = patients.load("ards_severe")
ventilator = devices.load("ventilator")(
    body.trachea, body.room, mode="PC-CMV", inspiratory_pressure=16 * cmH2O, oxygen=0.3 * one
)
body = body.attach(ventilator=ventilator)
ecmo = devices.load("ecmo")(
    "right_atrium", "leg_arteries", drainage="hls 25", returning="hls 19", speed=3600 * rpm, FdO2=1 * one
)
watch = ["ecmo.flow", "monitor.native_flow", "gas_upper_arteries.SO2", "gas_leg_arteries.SO2"]
run = Engine(body.attach(ecmo=ecmo), observe=watch).start(
    patients=len(STRENGTHS), values={"left_ventricle.E_max": STRENGTHS}
)
run.advance(seconds * s)
run.begin_window()
run.advance(6 * s)
flow, native, arm, leg = (run.window().mean(name) for name in watch)
print("E_max   ECMO   heart (L/min)   right arm   leg (% saturation)")
for i, E_max in enumerate(STRENGTHS):
    print(f"{E_max:<6} {flow[i]:>5.1f} {native[i]:>6.1f} {arm[i]:>21.0f} {leg[i]:>7.0f}")
