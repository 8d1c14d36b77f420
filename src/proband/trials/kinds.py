"""The kinds of trial: each brings its own plan and its own runner; all give one kind of result.

What a trial is of shows by its keys: one with `scans` is of a scanner, one with `protocol` of a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proband.trials import grammar, scanning
from proband.trials.grammar import Trial
from proband.trials.scanning import ScanTrial

AnyTrial = Trial | ScanTrial


def grammar_of(data: Mapping[str, Any]) -> type[Trial] | type[ScanTrial]:
    """The grammar that reads a trial."""
    return ScanTrial if "scans" in data else Trial


def prepare(trial: AnyTrial, *args: Any) -> Any:
    """Its plan, checked. Raises Refused, one sentence."""
    if isinstance(trial, ScanTrial):
        from proband.trials.scanning_plan import prepare as of_scans

        return of_scans(trial)
    from proband.trials.plan import prepare as of_body

    return of_body(trial, *args)


def run(trial: AnyTrial, **options: Any) -> Any:
    """Run it with the runner of its kind."""
    if isinstance(trial, ScanTrial):
        options.pop("library", None)
    return trial.run(**options)


def schema() -> dict[str, Any]:
    """The JSON Schema of both kinds, told apart by the key `scans`."""
    body, scan = grammar.schema(), scanning.schema()
    definitions = {**body.pop("$defs"), **scan.pop("$defs")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A trial of Proband",
        "if": {"type": "object", "required": ["scans"]},
        "then": {"$ref": "#/$defs/ScanTrial"},
        "else": {"$ref": "#/$defs/Trial"},
        "$defs": {"Trial": body, "ScanTrial": scan, **definitions},
    }
