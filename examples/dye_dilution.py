"""Cardiac output from an indicator: a bolus on the venous side, its curve in the aorta, and Stewart and Hamilton.

The tissues clear the dye, so that it comes by once. With `retained` they do not: then blood that comes round again has to
be cut off by hand, as it was done in the clinic.
"""

import sys

from proband import patients
from proband.engine import Engine
from proband.model import Substance
from proband.organs.vessels import clearance, injection
from proband.units import *

BEDS = ("brain", "heart_muscle", "upper_body", "kidneys", "splanchnic", "liver", "lower_body")
seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
cleared = "retained" not in sys.argv

body = patients.load("healthy_man").carrying(Substance("dye", mmol, "indicator"))
body = body.attach(needle=injection("pulmonary_artery", substance="dye"))
if cleared:
    body = body.attach(**{f"clear_{bed}": clearance(bed, substance="dye", K=5000 * mL / s) for bed in BEDS})

run = Engine(body, observe=["aorta.dye_concentration", "aortic_valve.flow"]).start()
run.advance(60 * s)  # to rest
run.begin_window()
run.record(every=10 * ms)
run.command("needle.dose", 1 * mmol / s)
run.advance(1 * s)
run.command("needle.dose", 0 * mmol / s)
run.advance((seconds - 1) * s)

concentration = run.traces()["aorta.dye_concentration"][0]  # in mmol/mL
area = concentration.sum() * 0.010  # in mmol s/mL
print(f"peak {1e3 * concentration.max():.2f} mmol/L after {0.010 * concentration.argmax():.1f} s")
print(
    f"Stewart and Hamilton: {1.0 / area * 60 / 1000:.2f} L/min; true: {run.window().mean('aortic_valve.flow')[0]:.2f} L/min"
)
