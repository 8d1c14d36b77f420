"""How long does the aortic valve still open? Pump speed against strength of the heart, as one run of many lanes."""

import sys

import numpy as np

from proband import devices, patients
from proband.engine import Engine
from proband.units import *

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
SPEEDS = np.arange(4000, 6001, 400)
STRENGTHS = np.array([0.4, 0.7, 1.0, 1.4])  # E_max in mmHg/mL

body = patients.load("hfref_severe")
pump = devices.load("heartmate3")(body.left_ventricle, body.aorta, mode="constant")
engine = Engine(body.attach(lvad=pump), observe=["monitor.valve_open", "aortic_valve.flow", "lvad.flow"])

strength, speed = (grid.ravel() for grid in np.meshgrid(STRENGTHS, SPEEDS, indexing="ij"))
run = engine.start(patients=len(speed), values={"left_ventricle.E_max": strength})
run.command("lvad.speed", speed)
run.advance(seconds * s)
run.begin_window()
run.advance(10 * s)
opened = run.window().mean("monitor.valve_open").reshape(len(STRENGTHS), -1)

print("aortic valve open, % of the beat")
print("E_max \\ rpm " + "".join(f"{n:>7}" for n in SPEEDS))
for row, E_max in zip(opened, STRENGTHS):
    print(f"{E_max:<12}" + "".join(f"{share:>7.1f}" for share in row))
