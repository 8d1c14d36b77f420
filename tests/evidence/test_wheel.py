"""A wheel is whole: it carries the data sheets, the shipped trials, the published numbers and the studies."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_scoreboard_is_found_in_an_installed_wheel(tmp_path):
    make = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(make, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        wheel.extractall(tmp_path / "installed")
    for folder in ("validation", "studies"):
        assert {f"proband/{folder}/{p.name}" for p in (ROOT / folder).glob("*.[cp]*")} <= names
    look = (
        "from proband.evidence.scoring.places import folder\nfrom proband.evidence.scoring.study import studies\n"
        "from proband import patients, trials\n"
        "print(folder('validation'), folder('studies'), len(studies()), len(patients.names()), len(trials.shipped()))"
    )
    told = subprocess.run(
        [sys.executable, "-c", look],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert [Path(p) for p in told[:2]] == [tmp_path / "installed" / "proband" / n for n in ("validation", "studies")]
    assert [int(n) for n in told[2:]] == [len(list((ROOT / "studies").glob("[a-z]*.py"))), *map(int, told[3:])]
    assert int(told[3]) >= 10 and int(told[4]) >= 7
