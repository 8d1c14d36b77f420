"""Pages in English and in Chinese: a label stands in the page twice, and the reader's choice shows one of the two. No script is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from proband.evidence.chinese import LABELS, TERMS
from proband.evidence.chinese_trials import SENTENCES


class Said(str):
    """Words of a page. As a string they are English; a page holds both languages of them."""

    chinese: str

    def __new__(cls, english: str, chinese: str) -> Said:
        words = super().__new__(cls, english)
        words.chinese = chinese
        return words

    def __html__(self) -> str:
        from markupsafe import escape

        return (
            f'<span class="en">{escape(str(self))}</span><span class="zh" lang="zh-Hans">{escape(self.chinese)}</span>'
        )


def label(words: str, /, **numbers: Any) -> Said:
    """A heading or a sentence that the laboratory says, `{name}` replaced by what is given. KeyError: it has no Chinese yet."""
    other = {name: in_chinese(value) for name, value in numbers.items()}
    return Said(words.format(**numbers), LABELS[words].format(**other))


def listed(words: Iterable[str], between: Said = Said(", ", "、")) -> Said:
    """Terms one after another."""
    names = [term(name) for name in words]
    return Said(between.join(names), between.chinese.join(map(in_chinese, names)))


def named(names: Iterable[str]) -> Said:
    """What a trial calls by names with underscores: patients, devices, places."""
    return listed(name.replace("_", " ") for name in names)


def in_chinese(thing: Any) -> Any:
    """Its Chinese where it has one; a number or a name as it is."""
    return getattr(thing, "chinese", thing)


def term(words: str) -> str:
    """What a trial says or a drawing calls something: in both languages where its Chinese is known, else as it is written."""
    if isinstance(words, Said):
        return words
    chinese = _chinese(words)
    return words if chinese is None else Said(words, chinese)


def _chinese(words: str) -> str | None:
    """Of a term, or of one with a unit or a word behind it: `Pump speed (rpm)`, `low flow (high)`."""
    if known := TERMS.get(words) or SENTENCES.get(words):
        return known
    if words.startswith("ramp "):  # as steps of a ramp are called: `ramp 5000 rpm`
        return words.replace("ramp", TERMS["ramp"], 1)
    found = re.fullmatch(r"(.+) \((.+)\)", words)
    if found and found[1] in TERMS:
        return f"{TERMS[found[1]]}（{TERMS.get(found[2], found[2])}）"
    return None


def drawn_twice(svg: str) -> str:
    """A drawing whose words are there in both languages."""
    return re.sub(r">([^<>]+)</text>", _tspans, svg)


def _tspans(found: re.Match[str]) -> str:
    from html import escape, unescape

    chinese = _chinese(unescape(found[1]))
    if chinese is None:
        return found[0]
    return f'><tspan class="en">{found[1]}</tspan><tspan class="zh" lang="zh-Hans">{escape(chinese)}</tspan></text>'
