"""A pump of one's own from its data sheet: its chart on the mock loop, then a ramp in a patient."""

import sys

from proband.benches import pump_curve, side_by_side
from proband.devices.lvad.assembly import Make
from proband.devices.lvad.heartmate3 import heartmate3_drive, heartmate3_firmware, heartmate3_rotor
from proband.devices.lvad.sheet import of_make
from proband.engine import Engine
from proband.trials import Attach, Library, Range, Step, Trial
from proband.units import rpm

ASSUMED = "assumed: an example, no real pump"
# Every row of a HeartMate 3 stays as it is but these, which make the curve flatter. Units are those of the rows.
rotor = of_make(heartmate3_rotor, "my_rotor", __name__, {"a": (3.30e-6, ASSUMED), "R2": (1.60, ASSUMED)})
make = Make("my_pump", rotor, heartmate3_drive, heartmate3_firmware)


def my_pump(inlet, outlet, *, ventricle=None, speed=5400 * rpm, **settings):
    """My pump, from `inlet` to `outlet`."""
    return make.join(inlet, outlet, ventricle, speed, settings)


if __name__ == "__main__":
    hold = sys.argv[1] if len(sys.argv) > 1 else "60 s"
    for point in pump_curve(my_pump, [5400], [2, 4, 6, 8], run=side_by_side(Engine)):
        print(f"{point['speed_rpm']:.0f} rpm, {point['flow_L_min']:.0f} L/min: {point['head_mmHg']:.1f} mmHg")
    trial = Trial(
        patient="hfref_severe",
        attach={"lvad": Attach(device="my_pump", from_="left_ventricle", to="aorta")},
        settle=hold,
        protocol=[Step(ramp={"lvad.speed": Range(from_="4800 rpm", to="6000 rpm", by="600 rpm")}, hold=hold)],
        measures=["lvad.flow.mean", "monitor.wedge.mean"],
    )
    result = trial.run(library=Library(devices=lambda: ["my_pump"], device=lambda _: my_pump))
    print(
        "flow", result.of("lvad.flow.mean").round(2), "L/min; wedge", result.of("monitor.wedge.mean").round(1), "mmHg"
    )
