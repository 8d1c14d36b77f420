"""A trial from a YAML file. YAML 1.2 without its traps: no anchors, no aliases, no tags, no key twice."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any

from proband.model import did_you_mean
from proband.trials.kinds import AnyTrial, grammar_of
from proband.trials.refusal import Place, Refused

KINDS = {list: "a list", str: "a text", bool: "a yes or no", int: "a number", float: "a number", type(None): "nothing"}


def shipped() -> list[str]:
    """The names of the trials that come with Proband."""
    folder = resources.files("proband.trials") / "shipped"
    return sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))


def load(name: str | Path) -> AnyTrial:
    """A trial by the path of its file or by the name of a shipped one. Raises Refused."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if not path.is_file():
            raise Refused(
                f"there is no file {str(path)!r}; give the path of a trial or one of: {', '.join(shipped())}."
            )
        return _load(path, path)
    if str(name) not in shipped():
        raise Refused(
            f"there is no trial {str(name)!r}{did_you_mean(str(name), shipped())}; shipped are {', '.join(shipped())}."
        )
    with resources.as_file(resources.files("proband.trials") / "shipped" / f"{name}.yaml") as found:
        return _load(found, Path(found.name))


def loads(text: str, file: str = "", folder: Path | None = None) -> AnyTrial:
    """A trial from YAML text. Raises Refused."""
    data, place = read_yaml(text, file)
    if not isinstance(data, dict):
        raise Refused(
            f"{place.say(())}a trial is a mapping of keys (patient, protocol, measures, …), not {KINDS.get(type(data), 'this')}."
        )
    if folder is not None:
        data = _with_data(data, folder, place)
    if file:
        said = re.sub(r"[^A-Za-z0-9_-]+", "_", Path(file).stem).strip("_")  # knee_v1.2.yaml is knee_v1_2
        data.setdefault("name", said or "trial")
    return grammar_of(data).from_data(data, place, folder)


def _load(path: Path, said: Path) -> AnyTrial:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{said} is not a text file in UTF-8.") from None
    except OSError as problem:
        raise Refused(f"{said} cannot be read: {problem.strerror}.") from None
    return loads(text, str(said), path.parent)


def _with_data(data: dict[str, Any], folder: Path, place: Place) -> dict[str, Any]:
    """`match.data` names a file of published numbers; its content becomes part of the trial, which then stands alone."""
    match = data.get("match")
    if not isinstance(match, dict) or "data" not in match:
        return data
    name = match["data"]
    path = folder / str(name)
    if not path.is_file():
        known = [str(p.relative_to(folder)) for p in sorted(folder.glob("data/*.yaml"))]
        raise Refused(
            f"{place.say(('match', 'data'))}there is no file {str(name)!r} beside the trial{did_you_mean(str(name), known)}."
        )
    group, _ = read_yaml(path.read_text(encoding="utf-8"), str(name))
    if not isinstance(group, dict):
        raise Refused(f"{name}: a data file is a mapping with group and published.")
    return {**data, "match": {**group, **{k: v for k, v in match.items() if k != "data"}}}


def read_yaml(text: str, file: str = "") -> tuple[Any, Place]:
    """Plain data and the line of every key. Raises Refused."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    place = Place(file)
    try:
        _refuse_tokens(text, file)
        node = yaml.compose(text)
    except MarkedYAMLError as problem:
        line = (
            (problem.problem_mark or problem.context_mark).line + 1
            if (problem.problem_mark or problem.context_mark)
            else 0
        )
        what = " ".join(str(problem.problem or problem.context).split())
        raise Refused(f"{file or 'the text'}:{line}: this is no YAML: {what}.") from None
    except YAMLError as problem:
        raise Refused(f"{file or 'the text'}: this is no YAML: {' '.join(str(problem).split())}.") from None
    if node is None:
        raise Refused(f"{file or 'the text'} is empty; a trial needs patient, protocol and measures.")
    lines: dict[tuple[Any, ...], int] = {}
    data = _plain(node, (), lines, yaml, file)
    return data, Place(place.file, lines)


def _refuse_tokens(text: str, file: str) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.events import AliasEvent, DocumentStartEvent, ScalarEvent

    documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        where = f"{file or 'the text'}:{event.start_mark.line + 1}"
        if isinstance(event, AliasEvent):
            raise Refused(f"{where}: the alias *{event.anchor} is not allowed in a trial; write the value out.")
        if getattr(event, "anchor", None):
            raise Refused(
                f"{where}: the anchor &{event.anchor} is not allowed in a trial; leave it out and write each value out."
            )
        tag = getattr(event, "tag", None)
        if tag and not (isinstance(event, ScalarEvent) and str(tag) == "!"):
            raise Refused(f"{where}: the tag {tag} is not allowed in a trial; write the plain value.")
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Refused(f"{where}: a second document begins here; a file holds one trial.")


def _plain(node: Any, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int], yaml: Any, file: str) -> Any:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, i), lines, yaml, file) for i, item in enumerate(node.value)]
    if not isinstance(node, MappingNode):
        value = yaml.constructor.construct_object(node)
        # What a person writes as text stays text: dates are no part of a trial.
        return value if value is None or isinstance(value, (str, int, float, bool)) else node.value
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise Refused(f"{file or 'the text'}:{line}: a key must be a word, not a list or a mapping.")
        if key in result:
            raise Refused(
                f"{file or 'the text'}:{line}: the key {key!r} stands twice (first on line {lines[(*path, key)]}); keep one."
            )
        lines[(*path, key)] = line
        result[key] = _plain(value_node, (*path, key), lines, yaml, file)
    return result
