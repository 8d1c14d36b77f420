"""Rhythm and valves as a trial asks for them: the same bodies as in Python, groups by structure, one sentence for each mistake."""

from typing import get_args

import numpy as np
import pytest

from proband import patients
from proband.evidence.replay import replay
from proband.evidence.report import told_apart
from proband.evidence.store import Store
from proband.model import structure
from proband.organs import heart
from proband.trials import Heart, Refused, Trial, loads, prepare, run
from proband.trials.hearts import COMPONENTS, Rhythm, Valve

SHORT = """
patient: healthy_man
heart: {rhythm: atrial_fibrillation, mitral_valve: regurgitant}
values: {mitral_valve.hole: 0.4 cm^2}
settle: 1 s
protocol: [{hold: 2 s}]
measures: [heart.heart_rate.mean, mitral_valve.flow.min]
"""
MANY = (
    "patient: [healthy_man, healthy_woman, healthy_man, aortic_regurgitation]\n"
    + SHORT.partition("\n")[2].partition("\n")[2]
)


def bodies_of(text):
    return [group.bodies[0] for group in prepare(loads(text, "short.yaml")).groups]


def test_a_file_asks_for_the_body_that_python_makes():
    (body,) = bodies_of(SHORT)
    own = patients.load("healthy_man", heart="atrial_fibrillation", mitral_valve="regurgitant_valve")
    assert structure(body) == structure(own)
    assert structure(body) != structure(patients.load("healthy_man"))
    assert body.parts["mitral_valve"].value("hole") == pytest.approx(0.4e-4)


def test_every_rhythm_and_valve_of_the_heart_can_be_asked_for():
    ordinary = patients.load("healthy_man").parts
    rhythms = {n for n in heart.__all__ if "ventricular_clock" in getattr(heart, n).outputs}
    assert rhythms == set(get_args(Rhythm))
    valves = {n for n in heart.__all__ if "opening" in getattr(heart, n).rows}
    assert valves == {COMPONENTS[word] for word in get_args(Valve)}
    assert {k for k in Heart.model_fields if k != "rhythm"} == {
        n for n, p in ordinary.items() if p.component.kind == "path" and "opening" in p.component.rows
    }


@pytest.mark.parametrize("rhythm", get_args(Rhythm))
def test_every_rhythm_beats(rhythm):
    result = run(loads(SHORT.replace("atrial_fibrillation", rhythm), "short.yaml"))
    assert not result.failures
    assert 40 < result.of("heart.heart_rate.mean")[0, 0] < 130
    assert result.of("mitral_valve.flow.min")[0, 0] < -3  # it leaks


def test_patients_are_grouped_by_structure():
    text = MANY.replace("atrial_fibrillation", "[sinus, sinus, paced, paced]").replace(
        "mitral_valve: reg", "aortic_valve: normal, mitral_valve: reg"
    )
    plan = prepare(loads(text, "short.yaml"))
    assert [g.members.tolist() for g in plan.groups] == [[0, 1], [2, 3]]
    # Who is in which group changes nobody's numbers.
    alone = run(loads(SHORT.replace("atrial_fibrillation", "paced"), "short.yaml"))
    result = run(loads(MANY.replace("atrial_fibrillation", "[sinus, sinus, paced, paced]"), "short.yaml"))
    assert np.array_equal(result.values[2], alone.values[0])
    assert [said.partition(",")[0] for said in told_apart(result)][::2] == ["rhythm sinus", "rhythm paced"]


@pytest.mark.parametrize("said", ["paced", "[paced]"])
def test_one_rhythm_stands_for_all(said):
    plan = prepare(loads(MANY.replace("atrial_fibrillation", said), "short.yaml"))
    assert {p.heart for group in plan.groups for p in group.people} == {
        (("heart", "paced"), ("mitral_valve", "regurgitant_valve"))
    }


def test_a_mended_valve_has_no_hole():
    text = SHORT.replace("patient: healthy_man", "patient: aortic_regurgitation").replace(
        "mitral_valve: reg", "aortic_valve: normal, mitral_valve: reg"
    )
    (body,) = bodies_of(text)
    assert body.parts["aortic_valve"].component.name == "valve"
    assert body.parts["left_ventricle"].value("k_E") == patients.load("aortic_regurgitation").parts[
        "left_ventricle"
    ].value("k_E")


def test_written_down_and_replayed(tmp_path):
    trial = loads(SHORT, "short.yaml")
    assert (
        Trial.from_data(trial.as_data()).hash()
        == trial.hash()
        != loads(SHORT.replace("regurgitant", "stenotic"), "x.yaml").hash()
    )
    assert (
        "heart" not in Trial(patient="healthy_man", protocol=trial.protocol, measures=["aorta.pressure.mean"]).as_data()
    )
    run(trial, sink=Store(tmp_path / "run", report=False))
    assert replay(tmp_path / "run").same


REFUSED = {
    "a misspelt rhythm": (("atrial_fibrillation", "atrial_fibrilation"), ":3, heart.rhythm", "did you mean atrial_fibrillation?"),
    "a misspelt rhythm in a list": (("atrial_fibrillation", "[pacde]"), ":3, heart.rhythm[1]", "did you mean paced?"),
    "a misspelt place": (("mitral_valve: reg", "mitral: reg"), ":3, heart.mitral", "did you mean mitral_valve?"),
    "a rhythm for a valve": (("regurgitant", "paced"), ":3, heart.mitral_valve", "'normal', 'stenotic' or 'regurgitant'"),
    "too many": (("regurgitant", "[normal, stenotic]"), ":3, heart.mitral_valve", "2 values are given for 1 patient; give one"),
    "a row that another valve has": (("regurgitant", "stenotic"), ":4, values.mitral_valve.hole", "hole"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_one_sentence_with_its_place(what):
    (old, new), place, said = REFUSED[what]
    with pytest.raises(Refused) as problem:
        prepare(loads(SHORT.replace(old, new), "short.yaml"))
    assert place in str(problem.value) and said in str(problem.value), str(problem.value)


def test_a_library_that_makes_hearts_in_one_way_says_so(library):
    with pytest.raises(Refused, match="cannot be changed"):
        prepare(
            loads(
                "patient: plain\nheart: {rhythm: paced}\nprotocol: [{hold: 2 s}]\nmeasures: [artery.pressure.mean]\n",
                "x.yaml",
            ),
            library,
        )
