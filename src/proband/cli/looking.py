"""What `proband list` and `proband show` tell."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import Any, get_args

from proband.model import Body, Component, ModelError, Part, did_you_mean
from proband.organs import heart
from proband.trials import Library, ScanTrial, load, prepare, shipped
from proband.trials.hearts import COMPONENTS, Rhythm, Valve
from proband.trials.refusal import Refused
from proband.trials.signals import all_signals, find_signal

LIBRARY = Library()
ORDINARY = ("healthy_man", "breathing_man")  # whose parts are shown where nobody is named


def patients() -> list[dict[str, str]]:
    """Name and meaning."""
    from proband import patients as room

    found = []
    for name in LIBRARY.patients():
        sheet = room.sheet(name) if hasattr(room, "sheet") else None
        found.append(
            {
                "name": name,
                "meaning": _first(
                    str(getattr(sheet, "meaning", "") or getattr(sheet, "title", "") or getattr(sheet, "about", ""))
                ),
            }
        )
    return found


def devices() -> list[dict[str, str]]:
    """Name and meaning."""
    return [{"name": n, "meaning": _first(inspect.getdoc(LIBRARY.device(n)) or "")} for n in LIBRARY.devices()]


def trials() -> list[dict[str, str]]:
    """Name and meaning."""
    return [{"name": n, "meaning": load(n).report.title} for n in shipped()]


def hearts() -> list[dict[str, str]]:
    """Name and meaning of what a trial's `heart` may say."""
    return [
        *({"name": word, "meaning": f"rhythm: {_first(import_module(_of_heart(word).module).__doc__ or '')}"} for word in get_args(Rhythm)),
        *({"name": word, "meaning": f"valve: {_first(_of_heart(word).doc)}"} for word in get_args(Valve)),
    ]  # fmt: skip


def _of_heart(word: str) -> Component:
    """The component that a word of a trial's `heart` stands for, by either name."""
    return getattr(heart, COMPONENTS.get(word, word))


def signals(of: str) -> list[dict[str, str]]:
    """Every signal of a patient or trial."""
    body = _body(of)
    found = []
    for name in all_signals(body):
        signal = find_signal(body, name)
        found.append({"name": name, "unit": signal.unit.symbol, "meaning": signal.meaning})
    return found


def _body(of: str) -> Body:
    if of in shipped() or of.endswith((".yaml", ".yml")):
        trial = load(of)
        if isinstance(trial, ScanTrial):
            raise Refused(f"the trial {of!r} is of a scanner, which has no signals of a body.")
        return prepare(trial).groups[0].bodies[-1]
    known = [*LIBRARY.patients(), *shipped()]
    if of and of not in known:
        raise Refused(f"there is no patient and no trial {of!r}{did_you_mean(of, known)}; `proband list` shows them.")
    return LIBRARY.find_patient(of or ORDINARY[0])


def show(name: str, of: str = "") -> dict[str, Any]:
    """A patient, device, trial, part or component as data."""
    if of:
        body = _body(of)
        if (part := _part_of(body, name)) is None:
            raise Refused(f"{of} has no part {name!r}{did_you_mean(name, _parts(body))}.")
        return part
    if name in shipped():
        trial = load(name)
        return {
            "kind": "trial",
            "name": name,
            "title": trial.report.title,
            "about": trial.report.summary,
            "trial": trial.as_data(),
            "components": [],
        }
    if name in LIBRARY.patients():
        return {
            "kind": "patient",
            "name": name,
            "title": name.replace("_", " "),
            **_of_parts(LIBRARY.find_patient(name).parts, _about_patient(name)),
        }
    if name in LIBRARY.devices():
        return {"kind": "device", "name": name, "title": name, **_of_device(name)}
    found = _imaging(name)
    if found is not None:
        return found
    words = [row["name"] for row in hearts()]
    if name in (*words, *COMPONENTS.values()):
        made = _of_heart(name)
        return {"kind": made.kind, "name": name, "title": name.replace("_", " "), "about": made.doc, "components": [_component(made, {})]}  # fmt: skip
    for body in map(LIBRARY.find_patient, ORDINARY):
        if (part := _part_of(body, name)) is not None:
            return part
    known = [*shipped(), *LIBRARY.patients(), *LIBRARY.devices(), *words, *_parts(*map(LIBRARY.find_patient, ORDINARY))]
    raise Refused(
        f"there is no {name!r}{did_you_mean(name, known)}; `proband list` shows patients, devices and trials."
    )


def _parts(*bodies: Body) -> list[str]:
    """Names of parts, and of what is made of several."""
    names = [n for body in bodies for n in body.parts]
    return list(dict.fromkeys([*names, *(n.rpartition(".")[0] for n in names if "." in n)]))


def _part_of(body: Body, name: str) -> dict[str, Any] | None:
    """A part of a body, several under one name, or a component; None where the body has none such."""
    if name in body.parts:
        part = body.parts[name]
        return {"kind": part.component.kind, "name": name, "title": name.replace("_", " "), "about": part.component.doc,
                "joins": list(part.ends), "reads": dict(part.wires), "components": [_component(part.component, {name: part})]}  # fmt: skip
    within = {n: p for n, p in body.parts.items() if n.startswith(f"{name}.")}
    if within:
        return {"kind": "assembly", "name": name, "title": name.replace("_", " "), **_of_parts(within, ", ".join(within)),
                "tells": {a.removeprefix(f"{name}."): t for a, t in body.aliases.items() if a.startswith(f"{name}.")}}  # fmt: skip
    made = next((p.component for p in body.parts.values() if p.component.name == name), None)
    if made is None:
        return None
    return {"kind": made.kind, "name": name, "title": name, "about": made.doc, "components": [_component(made, {})]}


def _imaging(name: str) -> dict[str, Any] | None:
    """A phantom, scanner or sequence of the MR system."""
    from proband.cli import scanning

    return scanning.show(name)


def _about_patient(name: str) -> str:
    return next((row["meaning"] for row in patients() if row["name"] == name), "")


def _of_parts(found: Mapping[str, Part], about: str) -> dict[str, Any]:
    """Parts as data: each component once, with the values of all parts that are made of it."""
    kinds: dict[str, tuple[Component, dict[str, Any]]] = {}
    for name, part in found.items():
        kinds.setdefault(f"{part.component.module}.{part.component.name}", (part.component, {}))[1][name] = part
    return {"about": about, "components": [_component(c, parts) for c, parts in kinds.values()]}


def _of_device(name: str) -> dict[str, Any]:
    factory = LIBRARY.find_device(name)
    about = inspect.getdoc(factory) or ""
    try:
        assembly = factory("inlet", "outlet")
    except (ModelError, TypeError) as problem:
        return {"about": f"{about}\n({problem})", "components": []}
    parts = getattr(assembly, "parts", {name: assembly})
    return {
        "about": about,
        "tells": dict(getattr(assembly, "tells", {})),
        "components": [_component(p.component, {f".{n}": p}) for n, p in parts.items()],
    }


def _component(component: Component, parts: dict[str, Any]) -> dict[str, Any]:
    """Its table, with the values of the parts that are made of it, and its equations as they are written."""
    table = []
    for row in component.table():
        values = {n: p.value(row.name) for n, p in parts.items()}
        own = {
            n: {"value": f"{row.unit.of(v):.6g}", "source": parts[n].source(row.name)}
            for n, v in values.items()
            if v is not None and v != row.value
        }
        table.append(
            {
                "name": row.name,
                "kind": row.kind,
                "value": row.shown(),
                "unit": row.unit.symbol,
                "meaning": row.meaning,
                "source": row.source,
                "set": own,
                **({"choices": {choice: row.unit.of(v) for choice, v in row.names}} if row.names else {}),
            }
        )
    return {"component": component.name, "kind": component.kind, "module": component.module, "about": component.doc, "parts": list(parts),
            "table": table, "equations": _source(component)}  # fmt: skip


def _source(component: Component) -> str:
    """The body of the function, as it is written: from its first line after the table on."""
    try:
        lines = inspect.getsource(component.equations).splitlines()
    except (OSError, TypeError):
        return ""
    start = next((i for i, line in enumerate(lines) if line.startswith("):")), -1) + 1
    return inspect.cleandoc("\n".join(["", *lines[start:]]))


def _first(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())


def _choices(names: dict[str, float]) -> str:
    """What a command may be set to: every number with its names, the first of them first."""
    by_number: dict[float, list[str]] = {}
    for name, number in names.items():
        by_number.setdefault(number, []).append(name)
    return ", ".join(
        f"{first} ({', '.join([f'{number:g}', *others])})" for number, (first, *others) in sorted(by_number.items())
    )


def as_text(shown: dict[str, Any]) -> str:
    """For people: table, equations, sources."""
    lines = [f"{shown['name']} ({shown['kind']})", "", shown.get("about", "").strip(), ""]
    if "rows" in shown:
        width = max((len(r["name"]) for r in shown["rows"]), default=0)
        return "\n".join(
            [*lines, *(f"  {r['name']:<{width}}  {r['value']:<24}  {r['meaning']}" for r in shown["rows"])]
        )
    if "trial" in shown:
        from proband.evidence.report_sources import as_yaml

        return "\n".join(
            [f"{shown['name']} (trial): {shown['title']}", "", shown["about"], "", as_yaml(shown["trial"])]
        )
    if shown.get("joins"):
        lines.append(f"joins {' and '.join(shown['joins'])}")
    lines += [f"reads {row} from {source}" for row, source in shown.get("reads", {}).items()]
    if shown.get("tells"):
        lines += ["short names: " + ", ".join(shown["tells"]), ""]
    sources: dict[str, None] = {}
    for c in shown["components"]:
        lines += [
            "",
            f"── {c['component']}, a {c['kind']} ({c['module']})"
            + (f": {', '.join(c['parts'])}" if c["parts"] else ""),
            "",
        ]
        for row in c["table"]:
            lines.append(
                f"  {row['name']:<18} {row['value']:>10} {row['unit']:<14} {row['meaning']}"
                + (f"  [{row['source']}]" if row["source"] else "")
            )
            if "choices" in row:
                lines.append(f"  {'':<18} {'':>10} {'':<14} one of {_choices(row['choices'])}")
            if row["set"]:
                for part, own in row["set"].items():
                    said = f"  [{own['source']}]" if own["source"] else ""
                    lines.append(f"  {'':<18} {own['value']:>10} {row['unit']:<14} in {part}{said}")
            used = [] if c["parts"] and len(row["set"]) == len(c["parts"]) else [row["source"]]
            for source in [*used, *(own["source"] for own in row["set"].values())]:
                if source:
                    sources[source] = None
        lines += ["", *(f"    {line}" for line in c["equations"].splitlines())]
    lines += ["", "Sources", *(f"  {s}" for s in sources if not s.startswith("assumed"))]
    return "\n".join(lines)
