"""The tables, the studies and the board."""

import csv
import json
import math
from collections import Counter
from pathlib import Path

import pytest

from proband.evidence import scoreboard
from proband.evidence.scoring import Board, Lab, Scored, choose, faults, judge, published, studies
from proband.evidence.scoring.board import show, summary
from proband.evidence.scoring.page import page
from proband.evidence.scoring.places import folder
from proband.evidence.scoring.published import COLUMNS, NO_ROWS, WINGS
from proband.model import ModelError
from proband.units import s

ROWS = published()
BY_STUDY = Counter(r.study for r in ROWS)


def test_the_tables_are_well_formed():
    assert faults(ROWS) == []


def test_there_are_enough_rows_that_count():
    assert sum(r.counts for r in ROWS) >= 120


def test_every_row_has_its_study_and_every_study_rows():
    assert {s.name for s in studies()} == set(BY_STUDY)
    for study in studies():
        assert study.about and study.cohort.endswith(".")


def test_what_is_left_out_says_why():
    with (folder("validation") / "left_out.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) > 200
    assert all(line["quantity"] and line["why"] for line in lines)
    paper = lambda source: source.split(",")[0].split(" (")[0]  # noqa: E731
    on_board = {(paper(r.source), r.value, r.unit) for r in ROWS}
    twice = [line["quantity"] for line in lines if line["table"] == "read in papers" and line["value"] and (paper(line["source"]), float(line["value"]), line["unit"]) in on_board]  # fmt: skip
    assert twice == []


def test_what_calibrated_a_body_does_not_count():
    roles = {r.id: r.role for r in ROWS}
    assert all(roles[f"smith-30-{q}"] == "calibration" for q in ("map", "sv", "hr"))
    assert all(r.role == "calibration" for r in ROWS if r.study in ("heldt_2004_rest", "johnson_2015", "pmc10947813"))
    fitted = "godfrey-sv guyton-bleed-35 guyton-bleed-40 ahn-40-map valsalva-2 catheter-wedge catheter-dbp hm2-rest-wedge hm2-rest-map"
    fitted += " critcare-cvp pelosi-oxygen stock-rate apnoea-children-first apnoea-children-next"
    assert all(roles[row] == "calibration" for row in fitted.split())
    assert roles["leonetti-sv"] == roles["ahn-20-sv"] == roles["ahn-40-hr"] == "calibration"
    assert all(r.role == "verification" for r in ROWS if r.study == "boes_2019")


@pytest.mark.study
@pytest.mark.parametrize("name", ["leonetti_2004", "wright_2023", "ross_1965", "shehab_2019", "boes_2019"])
def test_a_study_tells_all_its_rows(name):
    (study,) = (s for s in studies() if s.name == name)
    values = study.simulate()
    assert set(values) == {r.id for r in ROWS if r.study == name}
    assert all(math.isfinite(v) for v in values.values())


@pytest.mark.study
def test_the_whole_board():
    """One test, since the board is simulated once for all of it."""
    whole = judge()
    assert len(whole.scored) == len(ROWS)
    document = whole.data()
    json.dumps(document, allow_nan=False)
    assert document["green"] + document["yellow"] + document["red"] == pytest.approx(100, abs=0.05)
    assert document["validation_rows"] == sum(r.counts for r in ROWS)
    first = document["rows"][0]
    assert {"id", "quantity", "published", "unit", "spread", "simulated", "verdict", "role", "source"} <= set(first)
    simulated = [r for r in document["rows"] if r["role"] == "validation" and r["simulated"] is not None]
    assert len(simulated) >= 0.97 * document["validation_rows"]

    # A study gives the same numbers alone as beside the others.
    (study,) = (s for s in studies() if s.name == "leonetti_2004")
    together = {s.row.id: s.simulated for s in whole.scored if s.row.study == study.name}
    assert study.simulate() == together

    # The page stands alone and shows every row.
    text = page(whole)
    assert "http" not in text and "<script" not in text
    assert text.count("<tr class=") == len(ROWS)


def test_percentages_count_validation_rows_alone():
    rows = [r for r in ROWS if r.study in ("smith_1987", "leonetti_2004")]
    scored = Board(tuple(Scored(r, r.value if r.counts else 1e9) for r in rows), {})
    assert scored.data()["green"] == 100
    assert scored.data()["counts"]["calibration"]["red"] > 0


def test_every_table_stands_in_one_wing_and_the_wings_make_up_the_board():
    tables = {path.stem for path in folder("validation").glob("*.csv")} - {Path(name).stem for name in NO_ROWS}
    assert sorted(table for of in WINGS.values() for table in of) == sorted(tables)
    board = Board(tuple(Scored(r, r.value if r.counts else 1e9) for r in ROWS if r.table != "swine"), {})
    wings = board.data()["wings"]
    assert list(wings) == list(WINGS)
    assert sum(wing["validation_rows"] for wing in wings.values()) == board.data()["validation_rows"]
    assert all(wing["green"] == 100 and wing["counts"]["green"] == wing["validation_rows"] for wing in wings.values())


def test_wings_are_shown_apart_where_there_is_more_than_one(capsys):
    rows = [r for r in ROWS if r.study in ("leonetti_2004", "chow_2012", "kobayashi_1994")]
    board = Board(tuple(Scored(r, r.value if r.table == "mr" else 1e9) for r in rows), {r.study: "" for r in rows})
    show(board)
    text = capsys.readouterr().out
    lines = {wing: next(line for line in text.splitlines() if line.startswith(wing)) for wing in WINGS}
    assert "(100.0 %)" in lines["magnetic resonance"].split("0 (0.0 %)")[0]
    assert lines["breathing and ECMO"].rstrip().endswith("(100.0 %)")
    assert all(wing in page(board) for wing in WINGS)
    alone = Board(tuple(s for s in board.scored if s.row.table == "mr"), board.cohorts)
    show(alone)
    assert "by wing" not in (capsys.readouterr().out + page(alone)).lower()


def test_json_is_one_document_alone(monkeypatch, capsys):
    small = Board(tuple(Scored(r, r.value) for r in ROWS[:5]), {})
    monkeypatch.setattr("proband.evidence.scoring.board.judge", lambda tell: small)
    assert scoreboard.main(json=True) == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["rows"] and not out.err


@pytest.mark.study
def test_a_part_of_the_board_by_name():
    """A study and a single row of another: the numbers of the whole board, percentages over what ran."""
    choice = choose(["guyton_bleed", "smith-45-hr"])
    assert [s.name for s in choice.studies] == ["guyton_bleed", "smith_1987"]
    part = choice.judge()
    rows = [s.row for s in part.scored]
    assert [r.id for r in rows if r.study != "guyton_bleed"] == ["smith-45-hr"]
    assert {r.id for r in rows} - {"smith-45-hr"} == {r.id for r in ROWS if r.study == "guyton_bleed"}
    document = part.data()
    assert document["validation_rows"] == sum(r.counts for r in rows)
    assert document["of_validation_rows"] == sum(r.counts for r in ROWS)
    assert f"that ran (the whole board has {document['of_validation_rows']})" in summary(part)


def test_who_else_is_in_the_laboratory_changes_nothing():
    """Neither their random numbers nor the time they need to come to rest."""

    watch = ("gas_aorta.PO2", "oximeter.SpO2", "capnograph.end_tidal")

    def told(*others):
        lab = Lab()
        for sheet, seconds in others:
            lab.person(sheet, watch=watch, settle=seconds * s)
        lab.begin()
        window = lab.person("breathing_man", watch=watch, settle=6 * s).measure(8 * s)
        lab.run()
        return {name: window(name) for name in watch}

    assert told() == told(("breathing_man", 2), ("breathing_man", 9), ("copd", 5))


def test_a_name_that_the_board_does_not_have_is_refused():
    with pytest.raises(
        ModelError, match=r"'smith_1978' is no study and no row of the board \(did you mean smith_1987\?\)"
    ):
        choose(["smith-45-hr", "smith_1978"])


def test_a_table_with_other_columns_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text(",".join(COLUMNS[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(Exception, match="columns"):
        published(tmp_path)
