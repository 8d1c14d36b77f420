"""`proband show` of a scanner: every line of its sheet with its value."""

import pytest

pytest.importorskip("pypulseq")

from proband.cli.scanning import show


@pytest.mark.parametrize("name", ["scanner_3t", "scanner_5t"])
def test_every_row_of_a_sheet_has_its_value(name):
    shown = show(name)
    assert shown is not None
    values = {row["name"]: row["value"] for row in shown["rows"]}
    assert all(values.values()), [k for k, v in values.items() if not v]
    assert float(values["gradients.nerves.y.filters[0].time"]) == pytest.approx(0.277e-3)
    assert float(values["gradients.eddy[1].time"]) == pytest.approx(0.08)
