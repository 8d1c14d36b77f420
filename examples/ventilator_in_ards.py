"""A lung with ARDS on a ventilator: what PEEP opens, what it stretches, and what it costs the circulation."""

import sys

from proband.trials import Attach, Range, Step, Trial

hold = sys.argv[1] if len(sys.argv) > 1 else "120 s"
settings = {
    "mode": "VC-CMV",
    "tidal_volume": "420 mL",
    "set_rate": "20 /min",
    "oxygen": "60 %",
    "pleura": "pleura.pressure",
}
trial = Trial(
    patient="ards_moderate",
    attach={"ventilator": Attach(device="ventilator", from_="trachea", to="room", settings=settings)},
    settle=hold,
    protocol=[
        Step(ramp={"ventilator.peep": Range(from_="5 cmH2O", to="20 cmH2O", by="5 cmH2O")}, hold=hold, window="9 s")
    ],
    measures=[
        "chest_wall.lung_volume.min",
        "ventilator.driving_pressure.mean",
        "gas_aorta.PO2.mean",
        "monitor.cardiac_output.mean",
    ],
)
result = trial.run()
print("                 least volume  driving pressure  arterial PO2  cardiac output")
for i, step in enumerate(result.plan.steps):
    volume, driving, oxygen, output = (result.of(m.measure)[0, i] for m in trial.measures)
    print(f"{step.name:<16} {volume:>9.0f} mL {driving:>11.1f} cmH2O {oxygen:>8.0f} mmHg {output:>9.1f} L/min")
