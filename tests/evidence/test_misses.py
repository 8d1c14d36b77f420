"""Why rows are red."""

from dataclasses import replace
from html import unescape

import pytest

from proband.evidence.scoring.board import Board, Scored
from proband.evidence.scoring.misses import REASONS, misses, read
from proband.evidence.scoring.page import page
from proband.evidence.scoring.published import published
from proband.model import ModelError

ROWS = {row.id: row for row in published()}


def test_every_reason_tells_of_a_row_that_counts():
    assert len(misses()) >= 30
    assert {miss.reason for miss in misses().values()} <= set(REASONS)


def test_only_red_rows_are_told_why():
    row = ROWS["devaquet-pause"]
    red, green = Scored(row, 30.0), Scored(row, row.value)
    assert red.miss == misses()[row.id] and green.miss is None
    assert red.data()["why"].endswith(".") and "why" not in green.data()
    aside = Scored(replace(row, role="calibration"), 30.0)
    assert aside.miss is None
    board = Board((red, green, Scored(replace(row, id="of-no-table"), 30.0)), {row.study: "someone."})
    assert board.reasons == {"missing": 1, "unexplained": 1}
    assert board.data()["reasons"] == board.reasons
    assert misses()[row.id].why in unescape(page(board))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nobody,missing,Why.", "'nobody', which is no validation row"),
        ("devaquet-pause,weather,Why.", "must be one of contradicted, untold, missing, unexplained"),
        ("devaquet-pause,missing,", "why is to be a sentence"),
    ],
)
def test_a_faulty_table_is_refused(tmp_path, line, message):
    (tmp_path / "misses.csv").write_text(f"id,reason,why\n{line}\n", encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        read(ROWS.values(), tmp_path)
