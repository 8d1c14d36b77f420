"""The type test of image quality in the MR scanner."""

import pytest

pytest.importorskip("pypulseq")

from proband.evidence.image_quality import lines, type_test


def row(value, low, high, passed):
    return {"measure": "x", "field_T": 3.0, "value": value, "unit": "%", "at_least": low, "at_most": high, "passed": passed, "source": "s"}  # fmt: skip


def test_bounds_of_one_side_of_both_and_none_are_said():
    said = lines({"rows": [row(90, 82, None, True), row(3, None, 2.5, False), row(5, 4.3, 5.7, True), row(1, None, None, None)]})  # fmt: skip
    assert "≥ 82" in said[0] and "≤" not in said[0] and said[0].startswith("✓")
    assert "≤ 2.5" in said[1] and "≥" not in said[1] and said[1].startswith("✗")
    assert "≥ 4.3 and ≤ 5.7" in said[2]
    assert "≥" not in said[3] and said[3].startswith("○")


@pytest.mark.slow
def test_the_scanner_of_3_t_passes_and_5_t_is_less_even():
    found = type_test()
    assert found["passed"], "\n".join(lines(found))
    assert {r["field_T"] for r in found["rows"]} == {3.0, 5.0}
