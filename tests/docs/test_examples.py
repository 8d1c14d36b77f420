"""Every example runs, small."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "examples"
SMALL = {
    "own_pump": ["10 s"],
    "own_firmware": ["12"],
    "cohort": ["16", "8 s"],
    "patients_from_table": [str(FOLDER / "patients.csv"), "8 s"],
    "dye_dilution": ["40"],
    "aortic_valve": ["15"],
    "ventilator_in_ards": ["12 s"],
    "ecmo_differential_hypoxaemia": ["60"],
    "mni152": [],
    "scan_a_head": ["12 mm", "128"],
}


def test_all_are_named():
    assert {f.stem for f in FOLDER.glob("*.py")} == set(SMALL)
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"{name}.py" in listed for name in SMALL)


@pytest.mark.parametrize("name", SMALL)
def test_is_short(name):
    assert len((FOLDER / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= 40


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow) if n == "scan_a_head" else n for n in SMALL])
def test_runs(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [name, *SMALL[name]])
    runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert said and "nan" not in said
    if name == "dye_dilution":
        words = said.splitlines()[-1].replace(";", "").split()
        found, true = (float(words[i - 1]) for i, w in enumerate(words) if w == "L/min")
        assert found == pytest.approx(true, rel=0.05)
    if name == "ventilator_in_ards":
        volumes = [float(line.split("mL")[0].split()[-1]) for line in said.splitlines()[1:]]
        assert volumes == sorted(volumes), "with more PEEP there is more gas at the end of expiration."
    if name == "ecmo_differential_hypoxaemia":
        rows = np.array([[float(word) for word in line.split()] for line in said.splitlines()[1:]])
        assert np.all(np.diff(rows[:, 2]) > 0)
        falls = np.diff(rows[:, 3])  # whole percents: two neighbours may show the same
        assert np.all(falls <= 0) and falls.sum() < -3, "a better heart, a bluer arm."
        assert np.all(rows[:, 3] <= rows[:, 4])
    if name == "patients_from_table":
        assert [line.split()[0] for line in said.splitlines()[1:-1]] == [f"P{i:02d}" for i in range(1, 31)]
    if name == "own_firmware":
        compiled, plain = said.splitlines()
        assert compiled == plain


def test_three_machines_share_one_patient():
    from proband.trials import load

    result = load(FOLDER / "three_machines.yaml").run()
    assert not result.failures and all(verdict.passed for verdict in result.verdicts())
    flow, wedge, volume = (
        result.of(m)[0] for m in ("pump.flow.mean", "monitor.wedge.mean", "left_ventricle.volume.max")
    )
    assert flow[1] > 2.5 and wedge[1] < wedge[0] - 3 and volume[1] < volume[0] - 5  # the pump vents the ventricle
    assert np.all(np.diff(result.of("ecmo.flow.mean")[0][1:]) < -0.3)


def test_three_rhythms_are_told_apart_by_how_even_they_are():
    from proband.trials import load

    result = load(FOLDER / "three_rhythms.yaml").run()
    sinus, fibrillating, paced = result.of("heart.heart_rate.std")[:, 0]
    assert fibrillating > 10 > sinus > paced
    assert result.of("monitor.cardiac_output.mean")[1, 0] < result.of("monitor.cardiac_output.mean")[0, 0]
