"""What is said when a trial is done, on a console of any width."""

import io

import numpy as np
import pytest

from proband.cli.summaries import say_table, say_verdict


class Console:
    def __init__(self):
        self.text = io.StringIO()

    def print(self, words="", markup=True):
        print(words, file=self.text)


class Trial:
    measures = ["a.flow.mean", "a.b.max"]

    def __init__(self, patients=1, steps=9):
        self.plan = type(
            "Plan", (), {"patients": patients, "steps": [type("S", (), {"number": i + 1})() for i in range(steps)]}
        )()
        self.values = np.full((patients, steps, 2), 1234.5678)
        self.values[:, 3, 1], self.values[:, 4, 1] = 3.15e-223, np.nan

    def title(self, measure):
        return measure

    def unit(self, measure):
        return "1/min"


@pytest.mark.parametrize("width", [40, 60, 200])
def test_a_table_goes_on_below_where_it_is_too_wide_and_numbers_never_touch(width):
    console = Console()
    say_table(Trial(), console, width)
    lines = console.text.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    numbers = [word for line in lines if line.startswith("a.b.max") for word in line.split()[2:]]
    assert numbers == ["1235"] * 3 + ["0", "–"] + ["1235"] * 4
    assert "(/min)" in console.text.getvalue()


def test_of_a_cohort_the_median_is_shown_and_says_so():
    console = Console()
    say_table(Trial(patients=3), console, 200)
    assert "median of 3 patients" in console.text.getvalue()


def test_a_verdict_of_a_cohort_says_in_how_many_patients():
    console = Console()
    verdict = {"measure": "a.flow.mean", "step": "last", "at_least": "3 L/min", "at_most": None, "unit": "L/min",
               "worst": 2.5, "within": 80.0, "needed": 60.0, "passed": True}  # fmt: skip
    say_verdict(console, verdict, 5)
    assert "worst: 2.500 L/min, asked ≥ 3 L/min; in 4 of 5 patients, 60 % asked" in console.text.getvalue()
