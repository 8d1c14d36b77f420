"""When the site is built: a line `{{ path }}` is replaced by that file of the project, so that a room's own page is shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def on_page_markdown(markdown: str, **_: Any) -> str:
    return re.sub(
        r"^\{\{ (\S+) \}\}$", lambda found: (ROOT / found[1]).read_text(encoding="utf-8"), markdown, flags=re.MULTILINE
    )
