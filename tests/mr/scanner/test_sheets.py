"""Data sheets are read strictly."""

from importlib import resources

import pytest

from proband.model import ModelError
from proband.mr.scanner.scanner import LowPass
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
        ("kind: loops", "kind: loop", "birdcage, tem, loops"),
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
    with pytest.raises(ModelError, match=r"unknown row gradients\.nerves\.x\.filters\[0\]\.tim"):
        read("mine", text().replace("- time:", "- tim:", 1))


def test_a_model_of_the_nerves_has_as_many_filters_as_its_maker_gave_it():
    assert [len(n.filters) for n in read("mine", text()).gradients.nerves] == [1, 1, 1]
    more = (
        '          share: [60, "%", mine]\n        - {time: [2, ms, mine], share: [40, "%", mine], rectified: true}\n'
    )
    lines = text().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith("          share:"))
    three = read("mine", "".join([*lines[:at], more, *lines[at + 1 :]])).gradients.nerves[0].filters
    assert three[1] == LowPass(2e-3, 0.4, True) and three[0].share == 0.6
    for wrong, said in (("rectified: true", "rectified: maybe"), ("[2, ms, mine]", "[0, ms, mine]")):
        with pytest.raises(ModelError, match="a time above zero and true or false"):
            read("mine", "".join([*lines[:at], more.replace(wrong, said), *lines[at + 1 :]]))
    with pytest.raises(ModelError, match=r"nerves\.x\.filters as \[\]; write a list of filters"):
        read("mine", "".join([*lines[: at - 2], "      filters: []\n", *lines[at + 1 :]]))


def test_an_unknown_scanner():
    with pytest.raises(ModelError, match="did you mean scanner_5t"):
        scanner("scaner_5t")
