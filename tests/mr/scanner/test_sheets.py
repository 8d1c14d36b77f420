"""Data sheets are read strictly."""

from importlib import resources

import pytest

from proband.model import ModelError
from proband.mr.scanner.sheet import read, scanner, scanners


def text():
    return (resources.files("proband.mr.scanner") / "sheets" / "scanner_5t.yaml").read_text(encoding="utf-8")


def test_both_scanners_are_as_their_makers_say():
    assert scanners() == ["scanner_3t", "scanner_5t"]
    three, five = (scanner(n) for n in scanners())
    assert three.larmor == pytest.approx(127.73e6, rel=1e-4)
    assert five.larmor == pytest.approx(212.89e6, rel=1e-4)
    assert (three.transmitter.channels, five.transmitter.channels, five.magnet.bore) == (2, 8, 0.6)
    assert all(s.arrays[a].channels >= 16 for s in (three, five) for a in ("head", "body", "knee"))
    assert "uMR Jupiter" in five.sources["transmitter.power"]
    assert "assumed" in five.sources["gradients.slew"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("  slew:", "  slow:", r"unknown row gradients\.slow \(did you mean slew"),
        ("bore: [60, cm,", "bore: [60, T,", r"magnet\.bore in 'T'; it is told in m or cm or mm"),
        ("bore: [60, cm,", "bore: [wide, cm,", "a number was expected"),
        ("bore: [60, cm,", "bore: [.nan, cm,", "a number was expected"),
        ('rungs: [8, 1, "', 'rungs: [8.5, 1, "', "a whole number"),
        ("kind: loops", "kind: loop", "birdcage, loops"),
        ("field: [5.0, T,", "field: [5.0,", r"write \[value, unit, source\]"),
        ("converter:", "converter: [", "not YAML"),
        ("  rms_window:", "  # rms_window:", r"lacks the row gradients\.rms_window"),
    ],
)
def test_a_wrong_line_is_named(old, new, sentence):
    assert old in text()
    with pytest.raises(ModelError, match=sentence):
        read("mine", text().replace(old, new, 1))


def test_a_sheet_may_lack_a_model_of_the_nerves():
    start = text().index("  nerves:")
    bare = text()[:start] + text()[text().index("transmitter:") :]
    assert read("mine", bare).gradients.nerves == ()
    assert [n.limit for n in read("mine", text()).gradients.nerves] == [126, 71, 124]
    with pytest.raises(ModelError, match=r"unknown row gradients\.nerves\.x\.time_4"):
        read("mine", text().replace("time_3:", "time_4:", 1))


def test_an_unknown_scanner():
    with pytest.raises(ModelError, match="did you mean scanner_5t"):
        scanner("scaner_5t")
