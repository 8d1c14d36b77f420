"""Running the same record again gives the same bits; anything else is noticed."""

import json
import shutil

import numpy as np
import pytest
import xarray

from proband.evidence.replay import replay
from proband.evidence.store import Store
from proband.trials import Refused, loads, run


@pytest.fixture
def folder(library, text, tmp_path):
    run(loads(text, "small.yaml"), library=library, sink=Store(tmp_path / "run", report=False))
    return tmp_path / "run"


def test_the_same_bits(folder, library):
    found = replay(folder, library)
    assert found.same and found.exact and found.compared > 600 and found.largest == 0
    assert "bit for bit" in found.sentence()


def test_other_lanes_and_threads_give_the_same_bits(folder, library):
    assert replay(folder, library, lanes=4, threads=1).same


def test_one_changed_bit_is_found(folder, library):
    with xarray.open_zarr(folder / "measures.zarr") as data:
        changed = data.load()
    changed["value"].values[0, 2, 0] = np.nextafter(changed["value"].values[0, 2, 0], np.inf)
    shutil.rmtree(folder / "measures.zarr")
    changed.drop_encoding().to_zarr(folder / "measures.zarr", zarr_format=3, consolidated=True)
    found = replay(folder, library)
    assert not found.same and "measures" in found.sentence()


def test_a_changed_event_is_found(folder, library):
    events = (folder / "events.csv").read_text()
    (folder / "events.csv").write_text(events.replace("41.14", "41.12"))
    assert not replay(folder, library).same


def test_on_another_machine_the_comparison_is_looser_and_says_so(folder, library):
    record = json.loads((folder / "record.json").read_text())
    record["engines"][0]["cpu"] = "another"
    (folder / "record.json").write_text(json.dumps(record))
    found = replay(folder, library)
    assert found.same and not found.exact and "cpu was another" in found.sentence()


def test_a_record_that_was_changed_is_refused(folder, library):
    record = json.loads((folder / "record.json").read_text())
    record["trial"]["seed"] = 7
    (folder / "record.json").write_text(json.dumps(record))
    with pytest.raises(Refused, match="changed"):
        replay(folder, library)


def test_a_record_of_the_first_format_is_judged_by_its_numbers(folder, library):
    def first_format(record):
        record["format"], record["trial_hash"] = 1, "of all the keys that a trial had then"

    _record_changed(first_format)(folder)
    assert replay(folder, library).same
    _record_changed(lambda record: record["trial"].update(values={"artery.C": "1.6 mL/mmHg"}))(folder)
    assert not replay(folder, library).same


def test_a_folder_without_a_record_is_refused(tmp_path, library):
    with pytest.raises(Refused, match=r"no record\.json"):
        replay(tmp_path, library)
    (tmp_path / "record.json").write_text("{}")
    with pytest.raises(Refused, match="damaged"):
        replay(tmp_path, library)


def _first_value_changed(folder):
    rows = (folder / "measures.csv").read_text().splitlines()
    rows[3] = rows[3].replace(",", ",1", 3).replace(",1", ",", 2)
    (folder / "measures.csv").write_text("\n".join(rows) + "\n")


def _record_changed(change):
    def done(folder):
        record = json.loads((folder / "record.json").read_text())
        change(record)
        (folder / "record.json").write_text(json.dumps(record))

    return done


TAMPERED = {
    "a number of the tidy view": (_first_value_changed, "measures.csv is not what measures.zarr holds, first in line 4"),
    "no tidy view": (lambda f: (f / "measures.csv").unlink(), "measures.csv is missing"),
    "no measures": (lambda f: shutil.rmtree(f / "measures.zarr"), "measures.zarr is missing"),
    "no traces": (lambda f: shutil.rmtree(f / "traces.zarr"), "traces.zarr is missing"),
    "measures that nothing reads": (lambda f: (f / "measures.zarr" / "zarr.json").write_text("{"), "measures.zarr cannot be read"),
    "no events": (lambda f: (f / "events.csv").unlink(), "events.csv is missing"),
    "a verdict": (_record_changed(lambda r: r["verdicts"][0].update(passed=not r["verdicts"][0]["passed"])), "verdicts are not those"),
    "a parameter": (
        _record_changed(lambda r: next(p for p in r["groups"][0]["parameters"] if p["name"] == "artery.C").update(value=9.0)),
        "the record has artery.C = 9.0, it ran with artery.C = 1.5"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_was_changed_is_said(folder, library, what):
    change, said = TAMPERED[what]
    change(folder)
    found = replay(folder, library)
    assert not found.same and said in found.sentence()


@pytest.mark.parametrize("key", ["status", "engines", "versions", "groups", "verdicts"])
def test_a_record_that_lacks_a_part_is_refused(folder, library, key):
    _record_changed(lambda record: record.pop(key))(folder)
    with pytest.raises(Refused, match="damaged"):
        replay(folder, library)
