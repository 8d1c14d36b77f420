"""A trial as data: from YAML and from Python the same, printed and hashed, and one sentence for each mistake."""

import json

import pytest

from proband.trials import Attach, Bleed, Criterion, Refused, Step, Trial, loads, prepare, schema, shipped
from proband.trials.files import load
from proband.units import *

SHORT = """
patient: plain
attach:
  lvad: {device: small_pump, from: vein, to: artery}
protocol:
  - {name: fast, set: {lvad.speed: 3200 rpm}, hold: 12 s}
  - {bleed: {from: vein, percent: 20, over: 10 s}, until: artery.pressure.mean < 60 mmHg}
measures: [lvad.flow.mean]
"""


def test_yaml_and_python_give_the_same_trial():
    python = Trial(
        name="short",
        patient="plain",
        attach={"lvad": Attach(device="small_pump", from_="vein", to="artery")},
        protocol=[
            Step(name="fast", set={"lvad.speed": 3200 * rpm}, hold=12 * s),
            Step(bleed=Bleed(from_="vein", percent=20.0, over=10 * s), until="artery.pressure.mean < 60 mmHg"),
        ],
        measures=["lvad.flow.mean"],
    )
    yaml = loads(SHORT, "short.yaml")
    assert python == yaml
    assert python.hash() == yaml.hash()


def test_a_trial_survives_being_written_down():
    trial = loads(SHORT, "short.yaml")
    assert Trial.from_data(json.loads(json.dumps(trial.as_data()))).hash() == trial.hash()


def test_the_hash_notices_every_change():
    assert loads(SHORT, "a.yaml").hash() != loads(SHORT.replace("3200", "3201"), "a.yaml").hash()


def test_a_key_that_a_later_version_adds_changes_no_hash():
    class Later(Trial):
        mood: str = "calm"

    said = loads(SHORT, "short.yaml").as_data()
    assert (
        Later.from_data(said).hash() == Trial.from_data({**said, "settle": "60 s"}).hash()
    )  # 60 s is what is left out
    assert Later.from_data({**said, "mood": "excited"}).hash() != Later.from_data(said).hash()


def test_a_trial_does_not_change():
    trial = loads(SHORT, "short.yaml")
    with pytest.raises(Exception, match="frozen"):
        trial.seed = 3  # pyright: ignore


REFUSED = {
    "alias": ("patient: &p plain\nprotocol: *p", ":1:", "anchor &p"),
    "duplicate key": (SHORT + "patient: stiff\n", ":9:", "'patient' stands twice"),
    "nested duplicate key": (SHORT.replace("hold: 12 s", "hold: 12 s, hold: 13 s"), ":6:", "'hold' stands twice"),
    "tag": (SHORT.replace("patient: plain", "patient: !!python/name:os.system plain"), ":2:", "tag"),
    "second document": (SHORT + "---\npatient: plain\n", ":", "second document"),
    "broken yaml": ("patient: [plain", ":1:", "no YAML"),
    "empty": ("", "short.yaml", "is empty"),
    "not a mapping": ("- patient", ":1:", "mapping"),
    "missing key": (SHORT.replace("patient: plain", ""), ":", "'patient' is missing"),
    "unknown key": (SHORT.replace("hold: 12 s", "hodl: 12 s"), ":6,", "did you mean hold?"),
    "unknown key at the top": (SHORT + "mesures: []\n", ":9,", "did you mean measures?"),
    "unknown unit": (SHORT.replace("3200 rpm", "3200 rpn"), ":6,", "did you mean rpm?"),
    "no duration": (SHORT.replace("12 s", "12 mmHg"), ":6,", "is no duration"),
    "negative duration": (SHORT.replace("12 s", "-12 s"), ":6,", "above zero"),
    "number out of its range": (SHORT.replace("percent: 20", "percent: 200"), ":7,", "less than 100"),
    "bleed longer than its step": (SHORT.replace("over: 10 s", "over: 40 s"), ":7,", "lengthen hold"),
    "bleed of nothing": (SHORT.replace("percent: 20, ", ""), ":7,", "either volume"),
    "no statistic": (SHORT.replace("lvad.flow.mean]", "lvad.flow]"), ":8,", "does not end in a statistic"),
    "looked at more often than the solver steps": (
        SHORT.replace(
            "until: artery.pressure.mean < 60 mmHg", "until: {when: artery.pressure.mean < 60 mmHg, every: 0.1 ms}"
        ),
        ":7,",
        "time between two looks is shorter than the 1 ms",
    ),
    "recorded more often than the solver steps": (
        SHORT + "record: {signals: [artery.pressure], every: 0.3 ms}\n",
        ":9,",
        "time between two records is shorter than the 1 ms",
    ),
    "an empty key": (SHORT.replace("patient: plain", "patient:"), ":2, patient", "nothing stands here"),
    "a word for a mapping": (
        SHORT.replace("{lvad: {device: small_pump, from: vein, to: artery}}", "x").replace(
            "  lvad: {device: small_pump, from: vein, to: artery}", "  lvad"
        ),
        ":",
        "names and what belongs to them",
    ),
    "a hold below a step of the solver": (SHORT.replace("12 s", "0.1 ms"), ":6,", "shorter than the 1 ms"),
    "nothing measured": (SHORT.replace("[lvad.flow.mean]", "[]"), ":8, measures:", "give at least one"),
    "nobody": (SHORT.replace("patient: plain", "patient: []"), ":2,", "nothing stands here"),
    "a cohort of nobody": (SHORT.replace("patient: plain", "patient: {of: [], n: 3}"), ":2,", "nothing stands here"),
    "a trial of nothing": ("null", ":1:", "not nothing"),
    "a number beyond all numbers": (SHORT.replace("3200 rpm", "1e400 rpm"), ":6,", "beyond what a number can hold"),
    "an age": (SHORT.replace("12 s", "1e12 s"), ":6,", "longer than the ten years"),
    "a step called as steps are": (SHORT.replace("name: fast", "name: last"), ":6", "cannot be called 'last'"),
    "a name of two lines": (SHORT.replace("name: fast", 'name: "fast\\n"'), ":6", "more than one line"),
    "a substance carried more often than the solver steps": (
        SHORT + "carry: [{name: dye, unit: mg, period: 0.3 ms}]\n",
        ":9",
        "shorter than the 1 ms",
    ),
    "a substance carried between two steps": (
        SHORT + "carry: [{name: dye, unit: mg, period: 2.5 ms}]\n",
        ":9",
        "no multiple of the 1 ms",
    ),
    "bounds that cross": (
        SHORT + "criteria: [{measure: lvad.flow.mean, at_least: 5 L/min, at_most: 3 L/min, why: x}]\n",
        ":9",
        "nothing is at least 5 L/min",
    ),
    "no reason": (
        SHORT + 'criteria: [{measure: lvad.flow.mean, at_least: 5 L/min, why: " "}]\n',
        ":9",
        "nothing is said",
    ),
    "wrong type": (SHORT.replace("patient: plain", "patient: 3"), ":2,", "string"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_one_sentence_with_place_for_what_is_written_wrong(what):
    text, place, said = REFUSED[what]
    with pytest.raises(Refused) as problem:
        loads(text, "short.yaml")
    sentence = str(problem.value)
    assert place in sentence and said in sentence, sentence
    assert "\n" not in sentence and sentence.endswith("."), sentence


UNFIT = {
    "patient": (("patient: plain", "patient: plane"), ":2, patient", "did you mean plain?"),
    "device": (("small_pump", "small_pimp"), ":4, attach.lvad.device", "did you mean small_pump?"),
    "place": (("from: vein, to", "from: vain, to"), ":4, attach.lvad.from", "did you mean vein?"),
    "a place that holds nothing": (("from: vein, to", "from: arteriole, to"), ":4,", "a path, which holds nothing"),
    "setting": (("to: artery}", "to: artery, settings: {sped: 3 rpm}}"), ":4,", "did you mean speed?"),
    "signal": (("[lvad.flow.mean]", "[lvad.flaw.mean]"), ":8,", "did you mean lvad.flow?"),
    "not a command": (("set: {lvad.speed: 3200 rpm}", "set: {lvad.flow: 3 L/min}"), ":6,", "lvad.flow is a signal, which is measured; only its value at the start"),
    "no such command": (("lvad.speed: 3200", "lvad.spead: 3200"), ":6,", "did you mean lvad.speed?"),
    "value of another unit": (("3200 rpm", "32 mmHg"), ":6,", "its unit is rpm"),
    "value without a unit": (("3200 rpm", "3200"), ":6,", "without a unit"),
    "value out of range": (("3200 rpm", "32000 rpm"), ":6,", "outside its range 0 to 9000 rpm"),
    "too fast a bleed": (("over: 10 s}", "over: 1 s}"), ":7,", "outside its range"),
    "bleed from nowhere": (("bleed: {from: vein", "bleed: {from: vine"), ":7,", "did you mean vein?"),
    "condition of another unit": (("mean < 60 mmHg", "mean < 60 L/min"), ":7,", "compares"),
    "condition on nothing": (("artery.pressure.mean <", "artery.presure.mean <"), ":7,", "did you mean pressure?"),
    "a value of a list that is none": (("3200 rpm", "[3200 rpm, rpm]"), ":6,", "value 2 of the list: 'rpm' is no quantity"),
    "too few values": (("3200 rpm", "[3200 rpm, 3300 rpm]"), ":6,", "2 values are given for 1 patient"),
    "tilt": (("hold: 12 s", "hold: 12 s, tilt: {angle: 60 deg}"), ":6,", "cannot be tilted"),
    "unknown value": (("measures:", "values: {vein.K: 3 mL/mmHg}\nmeasures:"), ":8,", "vein has no row 'K'"),
    "value of a path's end": (("measures:", "values: {valve.p_in: 3 mmHg}\nmeasures:"), ":8,", "end row"),
    "criterion on what is not measured": (
        ("measures:", "criteria: [{measure: artery.pressure.mean, at_least: 3 mmHg, why: x}]\nmeasures:"), ":8,", "not among the measures"),
    "criterion in an unknown step": (
        ("measures:", "criteria: [{measure: lvad.flow.mean, step: fest, at_least: 3 L/min, why: x}]\nmeasures:"), ":8,", "did you mean fast?"),
    "criterion in another unit": (
        ("measures:", "criteria: [{measure: lvad.flow.mean, at_least: 3 mmHg, why: x}]\nmeasures:"), ":8,", "is in L/min"),
    "ramp that does not meet its end": (
        ("set: {lvad.speed: 3200 rpm}", "ramp: {lvad.speed: {from: 3200 rpm, to: 3500 rpm, by: 200 rpm}}"), ":6,", "cannot go from"),
    "detach of nothing": (("hold: 12 s", "hold: 12 s, detach: lvod"), ":6,", "there is no 'lvod'"),
    "attach under a taken name": (("hold: 12 s", "hold: 12 s, attach: {lvad: {device: small_pump, from: vein, to: artery}}"), ":6,", "attached already"),
    "clamp of what has none": (("hold: 12 s", "hold: 12 s, clamp: valve"), ":6,", "valve cannot be clamped; what can be clamped is lvad."),
    "clamp of what is not there": (("hold: 12 s", "hold: 12 s, clamp: lvod"), ":6,", "'lvod' is no part of this body (did you mean lvad?)"),
    "a signal that is set": (
        ("set: {lvad.speed: 3200 rpm}", "set: {lvad.head: 3 mmHg}"), ":6,",
        "lvad.head is a signal, which is measured and not set; commands of lvad are lvad.speed, lvad.clamp, lvad.box.limit."),
    "signals that cannot share an axis": (
        ("measures:", "report: {traces: [[lvad.flow, artery.pressure]]}\nmeasures:"), ":8,", "cannot share an axis"),
    "direction over no step": (
        ("measures:", "report: {directions: [{measure: lvad.flow.mean, direction: up, over: fest, source: x}]}\nmeasures:"),
        ":8,", "did you mean fast?"),
    "back where it came from": (("to: artery", "to: vein"), ":4, attach.lvad.to", "give back where it takes"),
    "a name with a dot": (("  lvad: {device", "  two.three: {device: small_pump, from: vein, to: artery}\n  lvad: {device"), ":4, attach.two.three", "cannot be the name of a part"),
    "a substance's name": (("measures:", "carry: [{name: my dye, unit: mg}]\nmeasures:"), ":8, carry", "cannot be the name of a substance"),
    "a substance called as what is there": (("measures:", "carry: [{name: volume, unit: mg}]\nmeasures:"), ":8, carry", "that name is taken"),
    "measured twice": (("[lvad.flow.mean]", "[lvad.flow.mean, lvad.flow.mean]"), ":8, measures[2]", "measured twice"),
    "criterion of no step": (
        ("measures:", 'criteria: [{measure: lvad.flow.mean, step: "", at_least: 3 L/min, why: x}]\nmeasures:'), ":8,", "step is empty"),
    "published in another unit": (
        ("measures:", "report: {compare: [{measure: lvad.flow.mean, value: 5 m, spread: 1 L/min, source: x}]}\nmeasures:"), ":8,", "value is 5 m, but"),
    "published without a spread": (
        ("measures:", "report: {compare: [{measure: lvad.flow.mean, value: 5 L/min, spread: 0 L/min, source: x}]}\nmeasures:"), ":8,", "above zero"),
    "flat in another unit": (
        ("measures:", "report: {directions: [{measure: lvad.flow.mean, direction: flat, flat_within: 3 mmHg, source: x}]}\nmeasures:"),
        ":8,", "flat_within is 3 mmHg"),
    "compared with every step": (("measures:", "report: {compare_step: every}\nmeasures:"), ":8,", "one step is compared"),
    "a chart of no device": (
        ("measures:", "report: {charts: [{device: lvod, flow: lvad.flow, head: lvad.head, speed: lvad.speed}]}\nmeasures:"), ":8,", "did you mean lvad?"),
    "a chart of other signals": (
        ("measures:", "report: {charts: [{device: lvad, flow: lvad.head, head: lvad.head, speed: lvad.speed}]}\nmeasures:"), ":8,", "the flow of a chart is lvad.head"),
    "recorded signal": (("measures:", "record: {signals: [lvad.flow, artery.pressur]}\nmeasures:"), ":8,", "did you mean pressure?"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNFIT)
def test_one_sentence_with_place_for_what_does_not_fit(what, library):
    (old, new), place, said = UNFIT[what]
    assert old in SHORT
    with pytest.raises(Refused) as problem:
        prepare(loads(SHORT.replace(old, new), "short.yaml"), library)
    sentence = str(problem.value)
    assert place in sentence and said in sentence, sentence
    assert "\n" not in sentence and sentence.endswith("."), sentence


def test_python_trials_are_refused_by_key_path(library):
    trial = Trial(patient="plain", protocol=[Step(set={"vein.C": 3 * mL / mmHg})], measures=["vein.pressure.mean"])
    with pytest.raises(Refused, match=r"^protocol\[1\]\.set\.vein\.C: vein\.C is a param row"):
        prepare(trial, library)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Step(hold="1 mn"), r"^Step, hold: the unit 'mn' has an unknown symbol 'mn' \(did you mean min\?\)\.$"),
        (lambda: Trial(patient="plain", protokol=[], measures=["a.b.mean"]), r"^Trial, protokol: .* \(did you mean protocol\?\)\.$"),
        (
            lambda: Trial(patient="plain", protocol=[{"hold": "1 mn"}], measures=["a.b.mean"]),
            r"^Trial, protocol\[1\]\.hold: the unit 'mn'",
        ),
    ],
)  # fmt: skip
def test_words_that_python_writes_are_refused_in_one_sentence(make, said):
    with pytest.raises(Refused, match=said):
        make()


def test_a_criterion_needs_a_bound():
    with pytest.raises(ValueError, match="at_least or at_most"):
        Criterion(measure="a.b.mean", why="x")


def test_a_ramp_becomes_numbered_steps(library, text):
    plan = prepare(loads(text, "small.yaml"), library)
    assert [s.name for s in plan.steps] == [
        "baseline",
        "ramp 3200 rpm",
        "ramp 3400 rpm",
        "ramp 3600 rpm",
        "bleed",
        "shut",
    ]
    assert [s.number for s in plan.steps] == [1, 2, 3, 4, 5, 6]


def test_the_schema_describes_every_key_and_accepts_what_the_grammar_knows():
    found = schema()
    assert found["if"]["required"] == ["scans"] and found["then"]["$ref"] == "#/$defs/ScanTrial"
    trial = found["$defs"]["Trial"]
    assert trial["properties"]["protocol"]["items"]["$ref"] == "#/$defs/Step"
    assert {"from", "volume", "percent", "over"} == set(found["$defs"]["Bleed"]["properties"])
    names = {ref.rpartition("/")[2] for ref in _references(found)}
    assert names <= set(found["$defs"])
    undescribed = [k for k, v in trial["properties"].items() if "description" not in v and "$ref" not in v]
    assert not undescribed


def _references(thing):
    if isinstance(thing, dict):
        yield from ([thing["$ref"]] if "$ref" in thing else [])
        for value in thing.values():
            yield from _references(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _references(value)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_trial_can_be_run_as_it_is_written(name):
    plan = prepare(load(name))
    assert plan.trial.name == name
    assert plan.trial.report.title and plan.trial.report.summary


def test_the_trials_that_were_promised_are_shipped():
    assert {"lvad_ramp", "lvad_artificial_pulse", "lvad_haemorrhage", "lvad_pump_stop", "haemorrhage_healthy", "tilt_healthy",
            "biventricular_support"} <= set(shipped())  # fmt: skip
