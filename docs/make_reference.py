"""Writes docs/trial_reference.md from the schema of a trial: `python docs/make_reference.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from proband.trials import schema
from proband.trials.conditions import PERCENTILES, SHARES, STATISTICS

HEAD = """# Trial reference

Every key of a trial, as `proband schema` has it. Written by `docs/make_reference.py`; do not edit it by hand.

A trial with the key `scans` is of a scanner ([ScanTrial](#scantrial)); every other one is of a body ([Trial](#trial)).

A quantity is a number with its unit, as in `5400 rpm`. A *value* may be one quantity for all patients, a list with one for
each, or a distribution ([Spread](#spread)). A *measure* is written `part.quantity.statistic`, as in `lvad.flow.mean`, with one of
"""
ORDER = (
    "Trial", "Cohort", "Heart", "Spread", "Attach", "Substance", "Step", "Range", "Bleed", "Infuse", "Tilt", "Until", "MeasureOf",
    "Criterion", "Record", "Match", "Published", "Adjusted", "Report", "Direction", "Chart",
    "ScanTrial", "Lying", "Scan", "Image", "ScanMeasure", "ScanCriterion", "ScanReport",
)  # fmt: skip


def said(kind: dict[str, Any]) -> str:
    """What may stand there, in words."""
    if "$ref" in kind:
        name = kind["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in kind:
        parts = [said(k) for k in kind["anyOf"] if k.get("type") != "null"]
        return " or ".join(dict.fromkeys(parts))
    if "enum" in kind:
        return ", ".join(f"`{v}`" for v in kind["enum"])
    if "const" in kind:
        return f"`{kind['const']}`"
    named = kind.get("type")
    if named == "array":
        return f"list of {said(kind['items'])}" if "items" in kind else "list"
    if named == "object":
        inner = kind.get("additionalProperties")
        return f"names, each with {said(inner)}" if isinstance(inner, dict) and inner else "mapping"
    if isinstance(named, list):
        return "quantity" if set(named) == {"string", "number"} else " or ".join(named)
    return {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}.get(
        named or "", ""
    )


def default(prop: dict[str, Any], needed: bool) -> str:
    if needed:
        return "**needed**"
    value = prop.get("default")
    return "" if value in (None, "", [], {}) else f"`{value}`"


def table(model: dict[str, Any]) -> list[str]:
    lines = ["| key | what may stand there | left out | meaning |", "|---|---|---|---|"]
    needed = model.get("required", [])
    for key, prop in model.get("properties", {}).items():
        cells = (f"`{key}`", said(prop), default(prop, key in needed), prop.get("description", ""))
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return lines


def text() -> str:
    """The whole page."""
    full = schema()
    models = full["$defs"]
    order = [*(n for n in ORDER if n in models), *sorted(n for n in models if n not in ORDER)]
    lines = [
        HEAD.rstrip(),
        "",
        *(f"- `{name}`: {meaning}" for name, meaning in STATISTICS.items()),
        f"- `median`, `p1` to `p99`: {PERCENTILES}",
        *(f"- `{name}(…)`: {meaning}" for name, meaning in SHARES.items()),
    ]
    for name in order:
        lines += ["", f"## {name}", "", " ".join(models[name].get("description", "").split()), "", *table(models[name])]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("trial_reference.md").write_text(text(), encoding="utf-8")
