"""The nearest known word, for whoever has misspelt one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """` (did you mean …?)`, or nothing where nothing is near."""
    known = {each.casefold(): each for each in words}
    near = difflib.get_close_matches(word.casefold(), known, 1, 0.6)
    return f" (did you mean {known[near[0]]}?)" if near else ""
