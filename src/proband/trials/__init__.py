"""Trials: who takes part, what is attached, what is done, what is measured, and what would count as a pass.

>>> trial = load("lvad_ramp")
>>> result = trial.run()
>>> result.of("lvad.flow.mean")  # (patient, step)
"""

from proband.trials.files import load, loads, shipped
from proband.trials.grammar import Trial
from proband.trials.hearts import Heart
from proband.trials.judging import Criterion, MeasureOf, Record
from proband.trials.kinds import AnyTrial, prepare, run, schema
from proband.trials.library import Library
from proband.trials.participants import Attach, Cohort, Substance
from proband.trials.protocol import Bleed, Infuse, Range, Step, Tilt, Until
from proband.trials.published import Match
from proband.trials.refusal import Refused
from proband.trials.reporting import Loop, Report
from proband.trials.result import Result
from proband.trials.runner import Progress
from proband.trials.scanning import ScanTrial
from proband.trials.sink import Nowhere, Sink
from proband.trials.values import Spread

__all__ = [
    "AnyTrial", "Attach", "Bleed", "Cohort", "Criterion", "Heart", "Infuse", "Library", "Loop", "Match", "MeasureOf", "Nowhere", "Progress", "Range",
    "Record", "Refused", "Report", "Result", "ScanTrial", "Sink", "Spread", "Step", "Substance", "Tilt", "Trial", "Until", "load", "loads",
    "prepare", "run", "schema", "shipped",
]  # fmt: skip
