"""What every kind of trial is written with: keys that are known, names, and where it was written."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from proband.trials.refusal import Place, Refused

Name = Annotated[str, Field(min_length=1)]


def _something(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("words", "nothing is said here")
    return text


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("words", "{said} holds more than one line of letters", {"said": repr(text)})
    return text


Reason = Annotated[str, Field(min_length=1), AfterValidator(_something)]  # why, or a source
Line = Annotated[str, AfterValidator(_one_line)]


class Words(BaseModel):
    """A frozen set of keys. Unknown keys are refused with the nearest known one."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        alias_generator=AliasGenerator(alias=lambda name: name.rstrip("_")),
    )

    def __init__(self, /, **data: Any):
        """Raises Refused with one sentence, as a file of the same words would."""
        from proband.trials.sentences import sentence

        try:
            super().__init__(**data)
        except ValidationError as problem:
            raise Refused(sentence(problem, data, Place(type(self).__name__))) from None

    # pydantic may go past it where words stand within words, so that the place within the whole is told
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        known = {name.rstrip("_") for name in cls.model_fields}
        for key in data:
            if str(key).rstrip("_") not in known:
                near = difflib.get_close_matches(str(key), known, 1, 0.6)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
                raise PydanticCustomError(
                    "unknown_key", "{key} is no key here ({hint})", {"key": repr(key), "hint": hint}
                )
        return dict(data)


def _names(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


NameList = Annotated[
    list[Name],
    BeforeValidator(_names),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


def readable(read: Callable[[], Any]) -> None:
    """Try to read a text that has a small language of its own; what is refused is said at its key."""
    try:
        read()
    except Refused as problem:
        raise PydanticCustomError("words", "{said}", {"said": str(problem).rstrip(".")}) from None


def hash_of(said: Mapping[str, Any]) -> str:
    """The hash of a trial as plain data, in whatever order its keys stand."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Written(Words):
    """A whole trial of any kind: frozen data that knows where it was written, prints, hashes, and runs."""

    _place: Place = PrivateAttr(default_factory=Place)
    _folder: Path = PrivateAttr(default_factory=Path)

    def as_data(self) -> dict[str, Any]:
        """The trial as plain data, without what is left at its default. `from_data` takes it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], place: Place | None = None, folder: Path | None = None) -> Self:
        """A trial from plain data, written at a place, with the files that it names in a folder. Raises Refused with one sentence."""
        from proband.trials.sentences import sentence

        place = place or Place()
        try:
            trial = cls.model_validate(dict(data))
        except ValidationError as problem:
            raise Refused(sentence(problem, data, place)) from None
        trial._place, trial._folder = place, folder or Path()
        return trial

    def hash(self) -> str:
        """Of everything that the trial says, however it was written; not of keys at their default, of which later versions have more."""
        return hash_of(self.as_data())

    def __eq__(self, other: object) -> bool:
        """Trials are the same if they say the same, wherever they were written."""
        return type(self) is type(other) and isinstance(other, Written) and self.as_data() == other.as_data()

    def __hash__(self) -> int:
        return hash(self.hash())

    @property
    def place(self) -> Place:
        """Where it was written."""
        return self._place

    @property
    def folder(self) -> Path:
        """Where the files lie that it names."""
        return self._folder


def json_schema(trial: type[Written], *named: type[Words]) -> dict[str, Any]:
    """The JSON Schema of a kind of trial. `named` are the words that it has in more than one form, which refer to them."""
    result = trial.model_json_schema(by_alias=True)
    definitions = result.setdefault("$defs", {})
    for words in named:
        of_words = words.model_json_schema(by_alias=True)
        definitions.update(of_words.pop("$defs", {}))
        definitions.setdefault(words.__name__, of_words)
    return _referring(result)


def _referring(thing: Any) -> Any:
    """`refers` as the schema's own references."""
    if isinstance(thing, dict):
        own = {k: _referring(v) for k, v in thing.items() if k != "refers"}
        return {"$ref": f"#/$defs/{thing['refers']}", **own} if "refers" in thing else own
    return [_referring(v) for v in thing] if isinstance(thing, list) else thing
