"""Firmware of one's own, twice: as a controller that is compiled with the body, and as any Python object with `step`."""

import sys

from proband import devices, patients
from proband.engine import Engine
from proband.model import *
from proband.units import *


@controller(period=100 * ms)
def follow_filling(
    filling = reads(mmHg, "pulmonary venous pressure"),
    target  = command(12.0, mmHg, "filling pressure to hold", low=5, high=20),
    speed   = memory(5000.0, rpm, "asked of the pump"),
    gain    = param(20.0, rpm / (mmHg * s), "speed added per excess and second", "assumed: settles within a minute"),
):  # fmt: skip
    """More speed while the lungs are wet, less while they are dry."""
    return gives(next_speed=limited(speed + gain * (filling - target) * (100 * ms), 4000 * rpm, 7000 * rpm))


class FollowFilling:
    """The same as any Python object: it could as well talk to a real controller board."""

    speed = 5000.0

    def step(self, time_s, told):
        self.speed = min(max(self.speed + 20.0 * (told["filling"] - 12.0) * 0.1, 4000.0), 7000.0)
        return {"speed": self.speed}


answers, told = {"speed": (5000.0, rpm, "asked of the pump")}, {"filling": ("pulmonary_veins.pressure", mmHg)}
body = patients.load("hfref_severe")
body = body.attach(lvad=devices.load("heartmate3")(body.left_ventricle, body.aorta))
plain = foreign(FollowFilling(), 100 * ms, answers, **told)
for console in (follow_filling(filling="pulmonary_veins.pressure"), plain):
    helped = body.attach(console=console).with_wires({"lvad.drive.target": "console.speed"})
    run = Engine(helped, observe=["console.speed", "lvad.flow"]).start()
    run.advance(float(sys.argv[1] if len(sys.argv) > 1 else 120) * s)
    print(f"{run.now('console.speed')[0]:.1f} rpm, {run.now('lvad.flow')[0]:.2f} L/min")
