"""Thirty patients from a table: one line each, one column for each row in which they differ, its unit in the head."""

import csv
import sys
from pathlib import Path

from proband.trials import Attach, Criterion, Step, Trial

path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("patients.csv")
hold = sys.argv[2] if len(sys.argv) > 2 else "40 s"
with open(path, encoding="utf-8-sig", newline="") as file:  # as spreadsheets write it
    table = list(csv.DictReader(file))

values = {}
for head in table[0]:
    row, _, unit = head.rstrip(")").partition(" (")
    if "." in row:  # part.row; the other columns say who it is
        values[row] = [f"{line[head]} {unit}" for line in table]

trial = Trial(
    patient=[line["sheet"] for line in table],
    values=values,
    attach={"lvad": Attach(device="heartmate3", from_="left_ventricle", to="aorta")},
    settle=hold,
    protocol=[Step(name=f"{n} rpm", set={"lvad.speed": f"{n} rpm"}, hold=hold) for n in (5000, 5400, 5800)],
    measures=["lvad.flow.mean", "monitor.wedge.mean", "lvad.suction.max"],
    criteria=[Criterion(measure="monitor.wedge.mean", step="last", at_most="18 mmHg", patients=80, why="dry lungs")],
)
result = trial.run()
print("patient  flow (L/min) and wedge pressure (mmHg) at " + ", ".join(step.name for step in result.plan.steps))
for line, flow, wedge in zip(table, result.of("lvad.flow.mean"), result.of("monitor.wedge.mean")):
    print(f"{line['patient']:<8}", *(f"{q:4.1f} {p:4.0f}  " for q, p in zip(flow, wedge)))
for verdict in result.verdicts():
    print(f"{verdict.measure}: {verdict.within:.0f} % of the patients within the bound, {verdict.needed:.0f} % asked")
