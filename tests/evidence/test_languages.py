"""A page says everything in English and in Chinese, and shows the one that is asked for."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest

import proband.evidence
from proband import patients
from proband.evidence.chinese import LABELS, TERMS
from proband.evidence.chinese_trials import SENTENCES
from proband.evidence.languages import Said, drawn_twice, label, term
from proband.evidence.record import NOTICE
from proband.evidence.report import facts
from proband.evidence.scoring.misses import REASONS
from proband.trials import Heart, load, prepare, shipped
from proband.trials.hearts import Rhythm, Valve
from proband.trials.scanning import Lying

ROOM = Path(proband.evidence.__file__).parent
# Sentences that the code puts together.
TOGETHER = {
    *(f"{mark} {{met}} of {{n}} {what}" for mark in "✓✗" for what in ("criteria passed", "published directions agree")),
    *(f"In step {{step}} ({{name}}) {what} ended{who}: {{until}}." for what in ("the ramp", "what the step does") for who in ("", " for {met} of {n} patients")),
    NOTICE,
    *REASONS.values(),
}  # fmt: skip


def said_by_the_code():
    templates = "".join(p.read_text(encoding="utf-8") for p in ROOM.glob("templates/*.j2"))
    code = "".join(p.read_text(encoding="utf-8") for p in ROOM.glob("*.py") if not p.name.startswith("chinese"))
    return set(re.findall(r'\bt\("([^"]+)"', templates)), code


def test_every_label_has_its_chinese_and_none_is_idle():
    found, code = said_by_the_code()
    assert not found - LABELS.keys()
    assert not set(re.findall(r'\blabel\(\s*"([^"]+)"', code)) - LABELS.keys()
    assert not TOGETHER - LABELS.keys()
    idle = {words for words in LABELS.keys() - found - TOGETHER if f'"{words}"' not in code}
    assert not idle


def test_both_languages_fill_in_the_same_numbers():
    for english, chinese in LABELS.items():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese)), english
        assert re.search("[一-鿿]", chinese), english
    assert {english for english, chinese in TERMS.items() if not re.search("[一-鿿]", chinese)} == {"PEEP", "T1, MOLLI"}


def test_every_title_of_the_shipped_trials_has_its_chinese():
    missing = set()
    for name in shipped():
        missing |= ({m.title for m in load(name).measures if m.title} | {load(name).report.title}) - TERMS.keys()
    assert not missing


def test_every_sentence_of_the_shipped_trials_has_its_chinese_and_none_is_idle():
    said = {load(name).report.summary for name in shipped()} | {
        c.why for name in shipped() for c in load(name).criteria
    }
    assert said == SENTENCES.keys()
    assert all(re.search("[一-鿿]", chinese) for chinese in SENTENCES.values())


def test_numbers_of_a_sentence_are_those_of_its_chinese():
    """What is a word in English, as forty, may be digits in Chinese, and never the other way round."""
    for english, chinese in SENTENCES.items():
        assert numbers(english) <= numbers(chinese), english


def numbers(text):
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


def test_every_patient_device_and_place_of_the_shipped_trials_has_its_chinese():
    named = set(patients.names())
    for trial in map(load, shipped()):
        steps = getattr(trial, "protocol", [])
        attached = [a for where in (trial, *steps) for a in getattr(where, "attach", {}).values()]
        named |= {n for a in attached for n in (a.device, *a.from_, *a.to)}
        named |= {f"{trial.patient.phantom} phantom"} if isinstance(trial.patient, Lying) else set()
    named |= {f"rhythm {word}" for word in get_args(Rhythm)}
    named |= {f"{key} {word}" for key in Heart.model_fields if key != "rhythm" for word in get_args(Valve)}
    assert {n for n in named if n.replace("_", " ") not in TERMS} == {"heartmate3"}  # a maker's name


def test_the_head_of_a_report_is_there_in_both_languages():
    trial = load("biventricular_support")
    plan = prepare(trial.model_copy(update={"heart": Heart(rhythm="paced")}))
    result = SimpleNamespace(plan=plan, times=np.array([[0.0, 60.0]]), engines=[], status="complete", wall_s=1.0)
    said = {str(k): v for k, v in facts(result)}
    assert said["Patient"] == "right heart failure" and said["Patient"].chinese == "双心室衰竭"
    assert said["Heart"] == "rhythm paced" and said["Heart"].chinese == "双腔起搏"
    assert said["Devices"].partition("; ")[0] == "heartmate3 as “lvad”, left ventricle → aorta"
    assert said["Devices"].chinese.partition("；")[0] == "heartmate3（名为“lvad”），左心室 → 主动脉"
    assert term(trial.report.summary).chinese.startswith("右心同时衰竭")


def test_a_label_is_english_in_code_and_both_in_a_page():
    said = label("✓ {met} of {n} criteria passed", met=1, n=2)
    assert said == "✓ 1 of 2 criteria passed" and said.chinese == "✓ 2 项判据中 1 项通过"
    assert Said("a < b", "甲 < 乙").__html__().count("&lt;") == 2
    with pytest.raises(KeyError):
        label("nobody translated this")


def test_words_of_a_drawing_are_there_twice_and_unknown_ones_once():
    svg = drawn_twice("<text>Pump speed (rpm)</text><text>low flow alarm (high)</text><text>my own signal</text>")
    assert "泵转速（rpm）" in svg and "低流量报警（高）" in svg and svg.endswith("<text>my own signal</text>")
    assert term("my own signal") == "my own signal" and not isinstance(term("my own signal"), Said)
