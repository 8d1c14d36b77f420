"""On whose numbers a report stands: every parameter that ran, under the source of its value, and the trial as written."""

from __future__ import annotations

import re
from typing import Any

from proband.evidence.canvas import shown_unit
from proband.evidence.pages import number


def sources(record: dict[str, Any]) -> dict[str, list[tuple[str, list[str]]]]:
    """Every parameter that ran, gathered under the source of its value: published, fitted, set by the trial, assumed."""
    published: dict[str, list[str]] = {}
    assumed: dict[str, list[str]] = {}
    fitted: dict[str, list[str]] = {}
    changed: dict[str, list[str]] = {}
    for group in record["groups"]:
        for row in group["parameters"]:
            if row["kind"] != "param":
                continue
            span = row.get("varies")
            value = f"{number(span['low'])} to {number(span['high'])}" if span else number(row["value"], 4)
            said = f"{row['name']} = {value} {shown_unit(row['unit'])}".rstrip()
            if row["set_by"] in ("table", "body"):
                goes = {"assumed": assumed, "fitted": fitted}.get(kind_of(row["source"]), published)
            else:
                goes = changed
            where = goes.setdefault(row["source"] or "no source is given", [])
            if said not in where:
                where.append(said)
    return {
        "published": sorted(published.items()),
        "fitted": sorted(fitted.items()),
        "changed": sorted(changed.items()),
        "assumed": sorted(assumed.items()),
    }


def kind_of(source: str) -> str:
    """assumed, fitted or published; of several persons' sources (`healthy_man: …; hfpef: …`) the weakest decides."""
    words = [re.sub(r"^\w+: (?=assumed|fitted)", "", part) for part in source.split("; ")]
    return next((kind for kind in ("assumed", "fitted") if any(w.startswith(kind) for w in words)), "published")


def as_yaml(trial: dict[str, Any]) -> str:
    """The trial as a person would write it."""
    import io

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(trial, out)
    return out.getvalue()
