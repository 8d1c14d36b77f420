"""The report holds every section, needs nothing from elsewhere, and says the numbers that came out."""

import re
from html.parser import HTMLParser

import pytest

from proband.evidence import figures
from proband.evidence.pages import number
from proband.evidence.pump_charts import static_heads
from proband.evidence.report import headline, render, told_apart
from proband.evidence.report_tables import asleep, direction
from proband.trials import loads, run


@pytest.fixture(scope="module")
def result(library):
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("small_text", Path(__file__).parents[1] / "trials" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    extra = (
        "         directions: [{measure: lvad.flow.mean, direction: up, over: ramp, source: Somebody 2001},"
        " {measure: vein.volume.last, direction: up, over: ramp, source: Somebody 2001}],\n"
        "         compare: [{measure: lvad.flow.mean, value: 4 L/min, spread: 0.5 L/min, source: Somebody 2002, role: compare}], compare_step: baseline,\n"
    )
    return run(
        loads(module.TRIAL.replace("report: {", "report: {title: A small trial,\n" + extra), "small.yaml"),
        library=library,
    )


@pytest.fixture(scope="module")
def html(result):
    return render(result)


class Reader(HTMLParser):
    VOID = {"meta", "br", "link", "img", "use", "path", "rect", "input"}

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.foreign = [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        for key in ("src", "href", "xlink:href"):
            if values.get(key, "#")[0] != "#":
                self.foreign.append(values[key])

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def english(html):
    """The page as someone who reads English sees it."""
    return re.sub(
        r'<(?:span|tspan) class="en">(.*?)</(?:span|tspan)>',
        r"\1",
        re.sub(r'<(span|tspan) class="zh".*?</\1>', "", html),
    )


def test_it_is_whole_and_needs_nothing_from_elsewhere(html):
    reader = Reader()
    reader.feed(html)
    assert not reader.open
    assert not reader.foreign
    assert len(reader.ids) == len(set(reader.ids))
    assert "@import" not in html and "<script" not in html and "url(http" not in html


@pytest.mark.parametrize(
    "section", ["criteria", "published", "curves", "loops", "traces", "alarms", "numbers", "sources", "again"]
)
def test_every_section_is_there(html, section):
    assert f'id="{section}"' in html


def test_it_says_the_numbers_beside_the_bounds(html, result):
    verdict = result.verdicts()[0]
    assert number(verdict.worst) in html and "≥ 5 mmHg" in html and "✓ passed" in english(html)
    for value in result.of("lvad.flow.mean")[0]:
        assert f">{number(value)}<" in html


def test_it_compares_with_what_was_published(html):
    assert "Somebody 2001" in html and "Somebody 2002" in html
    assert "✓ agrees" in english(html) and "✗ differs" in english(html)


def test_it_cites_every_parameter_that_ran(html):
    for name in ("artery.C", "vein.V_0", "arteriole.R", "lvad.rotor.a"):
        assert name in html
    assert "assumed: a test" in html


def test_it_carries_the_notice_and_what_is_needed_to_run_it_again(html, result):
    assert "research use only, not a medical device" in html.lower()
    assert result.plan.trial.hash() in html and result.engines[0]["program_hash"] in html


def test_a_person_with_another_colour_scheme_sees_every_line(html):
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(drawings) > 8
    for drawing in drawings:
        assert not re.findall(r"(?:fill|stroke): #[0-9a-f]{6}", drawing), "a colour that the page does not decide"


def test_the_pumps_curve_is_asked_of_its_own_equations(result):
    chart = result.plan.trial.report.charts[0]
    import numpy as np

    from proband.units import L_min, mmHg, rpm

    heads = static_heads(result, chart, result.plan.steps[0], np.array([0.0, 3.0]) * L_min.factor, rpm.si(3000.0))
    assert mmHg.of(heads) == pytest.approx([90.0, 90.0 - 0.5 * 50])


def test_what_a_trial_is_called_cannot_break_the_page(library, result):
    text = "patient: plain\nprotocol: [{name: '<script>alert(1)</script>', hold: 1 s}]\nsettle: 1 s\nmeasures: [artery.pressure.mean]\nreport: {title: '<b>&'}\n"
    html = render(run(loads(text, "x.yaml"), library=library))
    assert "<script>" not in html and "&lt;b&gt;&amp;" in html


def test_a_cohorts_report_shows_the_middle_and_the_range(library):
    text = "patient: {of: plain, n: 9, spread: {artery.C: {sd: 20 %}}}\nprotocol: [{hold: 1 s}, {hold: 1 s}]\nsettle: 1 s\nmeasures: [artery.pressure.mean]\n"
    html = render(run(loads(text, "x.yaml"), library=library))
    assert "9 made from plain" in html and "Median" in html


def test_one_glance_tells_what_happened(result):
    said = dict(map(reversed, headline(result, [direction(result, d) for d in result.plan.trial.report.directions])))
    assert said["✓ 1 of 1 criteria passed"] == "good" and said["✗ 1 of 2 published directions agree"] == "bad"
    assert any(s.startswith("! high-priority alarms: low flow") for s in said)


def test_a_few_patients_have_a_line_each_and_are_told_apart(library):
    text = "patient: [plain, stiff]\nvalues: {vein.C: [40 mL/mmHg, 60 mL/mmHg]}\nprotocol: [{hold: 1 s}]\nsettle: 1 s\nmeasures: [artery.pressure.mean]\n"
    found = run(loads(text, "x.yaml"), library=library)
    assert told_apart(found) == ["plain, vein.C 40.0 mL/mmHg", "stiff, vein.C 60.0 mL/mmHg"]
    html = render(found)
    assert "stiff, vein.C 60.0 mL/mmHg" in html and "the lowest to the highest" in html


def test_rows_of_traces_and_loops_of_any_two_signals(library):
    text = (
        "patient: plain\nprotocol: [{hold: 2 s}]\nsettle: 1 s\nmeasures: [artery.pressure.mean]\n"
        "report: {pressures: [artery.pressure], traces: [[vein.volume, artery.volume], [arteriole.flow]],\n"
        "         loops: [{x: vein.volume, y: arteriole.flow, title: Runoff}]}\n"
    )
    html = render(run(loads(text, "x.yaml"), library=library))
    assert "Runoff" in html and "arteriole flow (" in html and "vein volume (mL)" in html
    assert html.count(">vein.volume</li>") == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "5.00"),
        (5432.1, "5432"),
        (0.0, "0"),
        (-1.172, "−1.17"),
        (None, "–"),
        (float("nan"), "–"),
        (1.2e-7, "1.20e-07"),
    ],
)
def test_numbers_are_written_for_people(value, text):
    assert number(value) == text


def test_steps_after_the_end_of_a_ramp_are_not_drawn_as_the_patients_own(library):
    text = (
        "patient: plain\nattach: {lvad: {device: small_pump, from: vein, to: artery}}\nsettle: 1 s\nprotocol:\n"
        "  - {name: up, ramp: {lvad.speed: {from: 3000 rpm, to: 4000 rpm, by: 500 rpm}}, hold: 4 s, until: {when: lvad.flow.mean > 5 L/min, every: 1 s}}\n"
        "measures: [lvad.flow.mean]\nreport: {pressures: [artery.pressure]}\n"
    )
    html = render(run(loads(text, "x.yaml"), library=library))
    assert "In step 2 (up 3500 rpm) the ramp ended: lvad.flow.mean &gt; 5 L/min." in html
    drawn = html[html.index('id="traces"') : html.index('id="alarms"')]
    assert "up 3500 rpm" in drawn and "up 4000 rpm" not in drawn


def test_signals_that_share_a_colour_have_other_dashes(library):
    names = [f"{part}.{what}" for part in ("artery", "vein") for what in ("pressure", "volume")]
    names += ["arteriole.flow", "valve.flow", "lvad.flow", "lvad.head", "lvad.speed"]
    text = (
        "patient: plain\nattach: {lvad: {device: small_pump, from: vein, to: artery}}\nsettle: 1 s\nprotocol: [{hold: 4 s}]\n"
        f"measures: [lvad.flow.mean]\nreport: {{traces: [{', '.join(f'[{n}]' for n in names)}]}}\n"
    )
    html = render(run(loads(text, "x.yaml"), library=library))
    keys = re.findall(r'<i class="(\w+)" style="--own: var\((--c\d)\)">', html)
    assert len(keys) == 9 == len(set(keys))
    assert keys[0] == ("solid", "--c0") and keys[8] == ("dashed", "--c0")
    drawn = re.findall(
        r'style="fill: none;([^"]*) stroke: var\(--c0\)', html[html.index('id="traces"') : html.index('id="alarms"')]
    )
    assert ["dasharray" in style for style in drawn] == [False, True]


def test_a_line_joins_the_steps_of_one_ramp_alone(library):
    text = (
        "patient: plain\nattach: {lvad: {device: small_pump, from: vein, to: artery}}\nsettle: 1 s\nprotocol:\n"
        "  - {name: up, ramp: {lvad.speed: {from: 3000 rpm, to: 4000 rpm, by: 500 rpm}}, hold: 2 s}\n"
        "  - {name: down, ramp: {lvad.speed: {from: 3500 rpm, to: 3000 rpm, by: -500 rpm}}, hold: 2 s}\n"
        "measures: [lvad.flow.mean, lvad.speed.last]\nreport: {against: lvad.speed.last}\n"
    )
    result = run(loads(text, "x.yaml"), library=library)
    lines = [
        figures.curve(result, "lvad.flow.mean", result.plan.steps, x).count("stroke-width: 1.1")
        for x in ("lvad.speed.last", "")
    ]
    assert lines == [2, 1]


def test_of_several_sources_the_weakest_decides():
    from proband.evidence.report_sources import kind_of

    assert kind_of("Heldt 2004") == "published" and kind_of("assumed; Heldt has 3") == "assumed"
    assert kind_of("fitted: flows at rest (ICRP 2002)") == "fitted"
    assert kind_of("healthy_man: Heldt 2004; hfpef: fitted: filling pressure") == "fitted"
    assert kind_of("healthy_man: fitted: flow; hfpef: assumed: stiff") == "assumed"


SUPPORTED = """
patient: [ards_mild, ards_mild]
attach: {ventilator: {device: ventilator, from: trachea, to: room, settings: {mode: PSV, support: 10 cmH2O, peep: 8 cmH2O}}}
values: {respiratory_drive.depression: [0, 1]}
settle: 10 s
protocol: [{hold: 20 s}]
measures: [ventilator.VT_out.mean]
"""


def test_who_is_supported_but_sedated_is_told_why_apnoea_was_called():
    result = run(loads(SUPPORTED, "supported.yaml"))
    (said,) = asleep(result)
    assert "no effort (1 of 2;" in said and "{respiratory_drive.depression: 0}" in said
    assert said in render(result)
