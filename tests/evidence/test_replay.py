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


def test_a_folder_without_a_record_is_refused(tmp_path, library):
    with pytest.raises(Refused, match=r"no record\.json"):
        replay(tmp_path, library)
    (tmp_path / "record.json").write_text("{}")
    with pytest.raises(Refused, match="damaged"):
        replay(tmp_path, library)
