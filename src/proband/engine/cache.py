"""What is worth keeping on disk from one start to the next: compiled code, fastest rates, steady states."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def folder() -> Path:
    """Where it is kept; `PROBAND_CACHE` moves it."""
    home = os.environ.get("PROBAND_CACHE")
    if home:
        return Path(home)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(base) / "proband"


def keep(file: Path, content: bytes) -> None:
    """Write whole or not at all; a cache that cannot be written is no reason to stop."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        os.replace(name, file)
    except OSError:
        pass
