"""How well published studies foretell one another."""

from dataclasses import replace

import pytest

from proband.evidence.scoring.agreement import agreement, alike
from proband.evidence.scoring.published import MEASURED, published
from proband.model import ModelError

ROW = replace(published()[0], unit="ms", spread=None, role="validation", kind="clinical")


def rows(*values):
    return [replace(ROW, id=f"row-{v}", value=v, source=f"paper {v}") for v in values]


def test_each_study_is_judged_by_the_others_and_each_group_weighs_the_same():
    groups = {"close": rows(100.0, 104.0), "apart": rows(10.0, 12.0, 20.0)}
    found = agreement(groups, {"row-100.0": "green", "row-104.0": "red", "row-20.0": "yellow"})
    assert (found.groups, found.pairs) == (2, 4)
    # Apart: 10 and 12 are 20 and 17 % off each other, 20 is beyond 30 % of both.
    assert found.shares == {"green": 50.0, "yellow": pytest.approx(100 / 6, abs=0.1), "red": pytest.approx(100 / 3, abs=0.1)}  # fmt: skip
    assert found.simulated == {"green": 25.0, "yellow": 50.0, "red": 25.0}


def test_the_table_names_measured_rows_of_different_sources_in_one_unit():
    groups = alike()
    assert len(groups) >= 20
    for members in groups.values():
        assert all(row.kind in MEASURED and not row.is_direction for row in members)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("same,row-1.0", "at least two rows"),
        ("same,row-1.0\nsame,row-9.0", "'row-9.0', which no table has"),
        ("same,row-1.0\nsame,row-2.0", "each of its own source"),
    ],
)
def test_a_faulty_table_is_refused(tmp_path, lines, message):
    (tmp_path / "alike.csv").write_text(f"group,id\n{lines}\n", encoding="utf-8")
    known = [replace(row, source="one paper") for row in rows(1.0, 2.0)]
    with pytest.raises(ModelError, match=message):
        alike(known, tmp_path)
