"""The JSON Schema that editors get: every shipped trial fits it as it is written, and what the grammar refuses by its form does not."""

import re
from importlib import resources

import pytest

from proband.trials import schema, shipped
from proband.trials.files import read_yaml

WHOLE = schema()
TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None), "integer": int, "number": (int, float)}  # fmt: skip


def fits(thing, kind):
    """Whether data fits a schema: those of the standard's words that ours is written with; any other raises."""
    return all(RULES[word](thing, value, kind) for word, value in kind.items() if word not in WORDLESS)


def of_type(thing, names):
    names = [names] if isinstance(names, str) else names
    return any(isinstance(thing, TYPES[n]) and (n == "boolean" or not isinstance(thing, bool)) for n in names)


def properties(thing, known, kind):
    if not isinstance(thing, dict):
        return True
    others = kind.get("additionalProperties", True)
    patterns = kind.get("patternProperties", {})
    for key, value in thing.items():
        matching = [rule for pattern, rule in patterns.items() if re.search(pattern, key)]
        if key in known or matching:
            if not all(fits(value, rule) for rule in [*([known[key]] if key in known else []), *matching]):
                return False
        elif others is False or (isinstance(others, dict) and not fits(value, others)):
            return False
    return True


def referred(thing, name, _):
    return fits(thing, WHOLE["$defs"][name.rpartition("/")[2]])


def branch(thing, condition, kind):
    return fits(thing, kind["then"] if fits(thing, condition) else kind["else"])


def number(rule):
    return lambda thing, bound, _: not isinstance(thing, (int, float)) or isinstance(thing, bool) or rule(thing, bound)


WORDLESS = {"title", "description", "examples", "default", "$schema", "$id", "$defs", "then", "else", "additionalProperties", "patternProperties"}  # fmt: skip
RULES = {
    "$ref": referred,
    "if": branch,
    "type": lambda thing, names, _: of_type(thing, names),
    "properties": properties,
    "required": lambda thing, keys, _: not isinstance(thing, dict) or all(k in thing for k in keys),
    "propertyNames": lambda thing, kind, _: not isinstance(thing, dict) or all(fits(k, kind) for k in thing),
    "items": lambda thing, kind, _: not isinstance(thing, list) or all(fits(x, kind) for x in thing),
    "minItems": lambda thing, n, _: not isinstance(thing, list) or len(thing) >= n,
    "maxItems": lambda thing, n, _: not isinstance(thing, list) or len(thing) <= n,
    "minProperties": lambda thing, n, _: not isinstance(thing, dict) or len(thing) >= n,
    "minLength": lambda thing, n, _: not isinstance(thing, str) or len(thing) >= n,
    "pattern": lambda thing, text, _: not isinstance(thing, str) or bool(re.search(text, thing)),
    "enum": lambda thing, names, _: thing in names,
    "const": lambda thing, name, _: thing == name,
    "anyOf": lambda thing, kinds, _: any(fits(thing, kind) for kind in kinds),
    "minimum": number(lambda a, b: a >= b),
    "maximum": number(lambda a, b: a <= b),
    "exclusiveMinimum": number(lambda a, b: a > b),
    "exclusiveMaximum": number(lambda a, b: a < b),
}


def whole(thing):
    """An object without `properties` of its own still has rules for its keys."""
    if isinstance(thing, dict):
        found = {k: whole(v) for k, v in thing.items()}
        if {"additionalProperties", "patternProperties"} & found.keys():
            found.setdefault("properties", {})
        return found
    return [whole(v) for v in thing] if isinstance(thing, list) else thing


WHOLE = whole(WHOLE)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_trial_fits(name):
    text = (resources.files("proband.trials") / "shipped" / f"{name}.yaml").read_text(encoding="utf-8")
    data, _ = read_yaml(text)
    assert fits(data, WHOLE)
    assert not fits({**data, "mesures": []}, WHOLE)
    assert not fits({k: v for k, v in data.items() if k != "measures"}, WHOLE)


STEP = {"hold": "3 s"}
WRONG = {
    "nothing done": {"patient": "x", "protocol": [], "measures": ["a.b.mean"]},
    "nothing measured": {"patient": "x", "protocol": [STEP], "measures": []},
    "nobody": {"patient": [], "protocol": [STEP], "measures": ["a.b.mean"]},
    "a cohort of none": {"patient": {"of": "x", "n": 0}, "protocol": [STEP], "measures": ["a.b.mean"]},
    "a number for a name": {"patient": 3, "protocol": [STEP], "measures": ["a.b.mean"]},
    "an unknown key of a step": {"patient": "x", "protocol": [{"hodl": "3 s"}], "measures": ["a.b.mean"]},
    "a step that is a text": {"patient": "x", "protocol": ["rest"], "measures": ["a.b.mean"]},
    "a criterion without a reason": {
        "patient": "x", "protocol": [STEP], "measures": ["a.b.mean"], "criteria": [{"measure": "a.b.mean", "at_least": "3 m"}]},
    "a match to nobody": {"patient": "x", "protocol": [STEP], "measures": ["a.b.mean"], "match": {"adjust": [{"row": "a.b", "low": 1, "high": 2, "why": "x"}]}},
    "a seed below zero": {"patient": "x", "protocol": [STEP], "measures": ["a.b.mean"], "seed": -1},
    "a scan without a patient": {"scans": {"one": {"sequence": "epi"}}, "measures": ["one.snr"]},
}  # fmt: skip


def test_the_least_trial_fits():
    assert fits({"patient": "x", "protocol": [STEP], "measures": ["a.b.mean"]}, WHOLE)


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_by_its_form_does_not(what):
    assert not fits(WRONG[what], WHOLE)
