"""A thousand patients who differ: at what speed is the inlet covered, and how many are served well?"""

import sys

import numpy as np

from proband.trials import Attach, Cohort, Criterion, Range, Spread, Step, Trial

n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
hold = sys.argv[2] if len(sys.argv) > 2 else "40 s"
why = "assumed: hearts, lungs and vessels differ by as much as groups in the literature do"
trial = Trial(
    patient=Cohort(
        of="hfref_severe",
        n=n,
        spread={
            "left_ventricle.E_max": Spread(distribution="lognormal", sd="30 %", source=why),
            "right_ventricle.E_max": Spread(distribution="lognormal", sd="30 %", source=why),
            "pulmonary_arterioles.R": Spread(distribution="lognormal", sd="40 %", source=why),
            "splanchnic.volume": Spread(sd="150 mL", low="600 mL", high="1900 mL", source=why),
        },
    ),
    attach={"lvad": Attach(device="heartmate3", from_="left_ventricle", to="aorta")},
    settle=hold,
    protocol=[Step(ramp={"lvad.speed": Range(from_="4800 rpm", to="6400 rpm", by="400 rpm")}, hold=hold)],
    measures=["lvad.flow.mean", "monitor.wedge.mean", "monitor.cardiac_output.mean", "lvad.suction.max"],
    criteria=[Criterion(measure="monitor.wedge.mean", step=3, at_most="18 mmHg", patients=80, why="ramp-test review")],
    seed=1,
)
result = trial.run()
print("step            flow, 5 / 50 / 95 % (L/min)   inlet covered (% of patients)")
for i, step in enumerate(result.plan.steps):
    low, middle, high = np.nanpercentile(result.of("lvad.flow.mean")[:, i], (5, 50, 95))
    covered = 100 * np.mean(result.of("lvad.suction.max")[:, i] > 0.05)
    print(f"{step.name:<15} {low:.2f} / {middle:.2f} / {high:.2f} {covered:>24.1f}")
for verdict in result.verdicts():
    print(f"{verdict.measure}: {verdict.within:.0f} % of the patients within the bound, {verdict.needed:.0f} % asked")
