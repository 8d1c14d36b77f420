"""record.json: everything that is needed to run the same trial again, and to judge whether it was the same."""

from __future__ import annotations

import datetime
import math
import platform
import sys
from importlib import metadata
from typing import Any

import numpy as np

from proband.trials.conditions import parse_measure
from proband.trials.result import Result
from proband.trials.runner import FEW
from proband.units import parse_quantity

FORMAT = 2  # since the hash is of what the trial says; in the first it was of every key, also of those at their default
ALARMS = f"alarms only: beats and other events are not written for more than {FEW} patients"
LIBRARIES = ("llvmlite", "numpy", "scipy", "xarray", "zarr", "pydantic")
NOTICE = (
    "Research use only, not a medical device. Product names belong to their owners; "
    "values are published, digitised or assumed, as each row says."
)


def record_of(result: Result) -> dict[str, Any]:
    """The record as plain data for JSON: no NaN in it."""
    plan = result.plan
    trial = plan.trial
    sheets = plan.sheets if len(set(plan.sheets)) > 1 else plan.sheets[:1]
    return _clean(
        {
            "format": FORMAT,
            "notice": NOTICE,
            "trial": trial.as_data(),
            "trial_name": trial.name,
            "trial_hash": trial.hash(),
            "seed": trial.seed,
            "status": result.status,
            "finished_steps": result.finished,
            "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "wall_s": round(result.wall_s, 3),
            "versions": versions(),
            "engines": result.engines,
            "patients": plan.patients,
            "batches": {"of": result.batches, "finished": result.finished_batches, "taken_over": result.taken_over},
            "events": ALARMS if plan.patients > FEW else "alarms and events",
            "sheets": sheets,
            "groups": [
                {"patients": len(g.members), "sheet": g.people[0].sheet, "parameters": parameters(g, result)}
                for g in plan.groups
            ],
            "steps": [
                {
                    "number": s.number,
                    "name": s.name,
                    "start_s": t[0],
                    "end_s": t[1],
                    "sets": _said({**s.sets, **s.faults}),
                }
                for s, t in zip(plan.steps, result.times.tolist())
            ],
            "measures": [{"measure": m, "unit": result.unit(m), "title": result.title(m)} for m in result.measures],
            "match": _match(result),
            "verdicts": [vars(v) for v in result.verdicts()],
            "failures": [vars(f) for f in result.failures],
        }
    )


def versions() -> dict[str, str]:
    """Of everything whose change could change a number."""
    from proband import __version__

    found = {
        "proband": __version__,
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
    }
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


def parameters(group: Any, result: Result) -> list[dict[str, Any]]:
    """Every row of every part as it ran: its value, where it comes from and who set it."""
    rows: dict[str, dict[str, Any]] = {}
    for body in group.bodies:
        for name, part in body.parts.items():
            for row in part.component.rows.values():
                full = f"{name}.{row.name}"
                if full in rows or row.kind not in ("param", "state", "command", "memory"):
                    continue
                value = part.value(row.name)
                entry = {
                    "name": full,
                    "kind": row.kind,
                    "component": part.component.name,
                    "value": None if value is None else row.unit.of(value),
                    "unit": row.unit.symbol,
                    "meaning": row.meaning,
                    "source": group.sources.get(full) or part.source(row.name),
                    "set_by": group.origin.get(full, "body" if part.own(row.name) else "table"),
                }
                if full in group.start:
                    numbers = np.asarray(group.start[full])
                    entry["value"] = None
                    entry["varies"] = {
                        "low": float(numbers.min()),
                        "median": float(np.median(numbers)),
                        "high": float(numbers.max()),
                    }
                rows[full] = entry
    return list(rows.values())


def _match(result: Result) -> dict[str, Any] | None:
    fitted, match = result.fitted, result.plan.trial.match
    if fitted is None or match is None:
        return None
    published = []
    for p in match.published:
        unit = result.unit(p.measure)
        symbol = result.plan.signals[parse_measure(p.measure).signal].unit
        published.append(
            {
                "title": p.title or p.measure,
                "measure": p.measure,
                "published": symbol.of(parse_quantity(p.value).si),
                "spread": parse_quantity(p.spread).si / symbol.factor,
                "simulated": fitted.simulated.get(p.measure),
                "unit": unit,
                "role": p.role,
                "source": p.source,
                "confidence": p.confidence,
            }
        )
    adjusted = [
        {"row": n, "value": v, "before": fitted.start[n], "low": fitted.bounds[n][0], "high": fitted.bounds[n][1], "why": fitted.why[n],
         "at_bound": n in fitted.at_bound}
        for n, v in fitted.values.items()
    ]  # fmt: skip
    return {
        "group": match.group,
        "published": published,
        "adjusted": adjusted,
        "misfit_in_spreads": fitted.misfit,
        "rounds": fitted.rounds,
    }


def _said(values: Any) -> dict[str, Any]:
    return {
        k: v if isinstance(v, str) else list(v) if isinstance(v, tuple) else v.model_dump(exclude_defaults=True)
        for k, v in values.items()
    }


def _clean(thing: Any) -> Any:
    """Plain JSON: numbers that are none become null."""
    if isinstance(thing, dict):
        return {str(k): _clean(v) for k, v in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_clean(v) for v in thing]
    if isinstance(thing, np.generic):
        thing = thing.item()
    if isinstance(thing, float) and not math.isfinite(thing):
        return None
    return thing
