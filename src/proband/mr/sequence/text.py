"""A Pulseq file as text: sections, lines, numbers and the signature. Knows no version."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from proband.model import ModelError

SECTIONS = (
    "VERSION", "DEFINITIONS", "BLOCKS", "RF", "GRADIENTS", "TRAP", "ADC", "DELAYS", "SHAPES", "EXTENSIONS", "SIGNATURE",
)  # fmt: skip
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
#: No number of a scan is larger; larger ones would overflow where they are squared.
HUGE = 1e18
WHOLE = re.compile(r"[+-]?\d{1,18}$")


@dataclass(frozen=True)
class Line:
    """One line of a file that says something."""

    file: str
    number: int
    text: str

    def words(self, least: int, most: int | None = None) -> list[str]:
        """The line's words; as many as asked for, or it is refused."""
        words = self.text.split()
        most = least if most is None else most
        if not least <= len(words) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise self.wrong(f"{len(words)} columns stand where {wanted} belong")
        return words

    def whole(self, word: str, what: str, least: int = 0) -> int:
        """The word as a whole number."""
        if not WHOLE.match(word) or int(word) < least:
            raise self.wrong(f"{what} is {word[:40]!r}; a whole number of at least {least} would be right")
        return int(word)

    def real(self, word: str, what: str, least: float = -float("inf")) -> float:
        """The word as a finite number."""
        if not NUMBER.match(word) or not abs(value := float(word)) < HUGE or value < least:
            floor = "" if least == -float("inf") else f" of at least {least:g}"
            raise self.wrong(f"{what} is {word[:40]!r}; a finite number{floor} would be right")
        return value

    def wrong(self, what: str) -> ModelError:
        """The sentence that names the place."""
        return ModelError(f"{self.file}, line {self.number}: {what}.")


def load(path: str | Path) -> tuple[str, bytes]:
    """A file's name and bytes."""
    path = Path(path)
    try:
        return path.name, path.read_bytes()
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        raise ModelError(f"The sequence file {path} cannot be read: {reason}.") from trouble


def sections(name: str, data: bytes) -> tuple[dict[str, list[Line]], dict[str, tuple[Line, list[Line]]]]:
    """Lines by section, and lines by extension (with the line that opens it). Comments and empty lines are left out."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as trouble:
        raise ModelError(
            f"{name} is no Pulseq text file: byte {trouble.start} is not UTF-8 (binary Pulseq files are not read)."
        ) from trouble
    found: dict[str, list[Line]] = {}
    extensions: dict[str, tuple[Line, list[Line]]] = {}
    here: list[Line] | None = None
    # Only these end a line; str.splitlines would also cut at form feeds and the like.
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        content = raw.strip()
        line = Line(name, number, content)
        if not content or content.startswith("#"):
            continue
        if content.startswith("["):
            title = content[1:-1] if content.endswith("]") else content[1:]
            if title not in SECTIONS or not content.endswith("]"):
                raise line.wrong(f"section {content[:40]!r} is not known; known are {', '.join(SECTIONS)}")
            if title in found:
                raise line.wrong(f"section [{title}] stands twice")
            here = found.setdefault(title, [])
        elif content.startswith("extension ") or content == "extension":
            words = line.words(3)
            if words[1] in extensions:
                raise line.wrong(f"extension {words[1][:40]} stands twice")
            here = []
            extensions[words[1]] = (line, here)
        elif here is None:
            raise line.wrong("a Pulseq file begins with [VERSION], not with " + repr(content[:40]))
        else:
            here.append(line)
    return found, extensions


def check_signature(name: str, data: bytes, lines: list[Line]) -> None:
    """Refuse a file that was changed after it was signed."""
    said = {}
    for line in lines:
        key, value = line.words(2)
        said[key] = value
    if not {"Type", "Hash"} <= set(said):
        raise ModelError(f"{name}: section [SIGNATURE] lacks Type or Hash.")
    if said["Type"].lower() != "md5":
        raise ModelError(f"{name}: signature type {said['Type'][:40]!r} is not known; md5 would be right.")
    title = re.search(rb"^[ \t]*\[SIGNATURE\]", data, re.MULTILINE)  # its own comment names the section again
    body = data[: title.start()] if title else data
    texts = [body, body.replace(b"\r\n", b"\n")]
    # The newline before the section belongs to the signature; the first writers did not strip it.
    sums = {
        hashlib.md5(form, usedforsecurity=False).hexdigest()
        for text in texts
        for form in (text, text.removesuffix(b"\n"))
    }
    if said["Hash"].lower() not in sums:
        raise ModelError(f"{name} was changed after it was signed: its md5 is not {said['Hash'][:40]}.")
