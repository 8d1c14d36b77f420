"""Sequences out: Pulseq 1.4.1 and 1.5."""

from __future__ import annotations

import hashlib
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

from proband.model import ModelError
from proband.mr.sequence.limits import Limits
from proband.mr.sequence.pulseq import to_pulseq
from proband.mr.sequence.tables import Tables
from proband.mr.sequence.uses import DEFINITION

VERSIONS = ("1.4.1", "1.5")


def write_tables(tables: Tables, path: str | Path, version: str = "1.5", limits: Limits | None = None) -> Path:
    """Write a signed `.seq` file. Version 1.4.1 has no field for a pulse's use: our definition `RFUse` keeps it."""
    path = Path(path)
    if version not in VERSIONS:
        raise ModelError(f"Pulseq {version} is not written; {' and '.join(VERSIONS)} are.")
    if path.suffix != ".seq":
        raise ModelError(f"A sequence file ends in .seq; {path.name} does not.")
    old = version == "1.4.1"
    if old and any(row.modulation is not None for row in tables.adc.values()):
        raise ModelError("Pulseq 1.4.1 cannot hold a receiver's phase shape; write version 1.5.")
    tables = replace(tables, definitions={k: v for k, v in tables.definitions.items() if k != DEFINITION})
    text = _text(tables, limits, old)
    if old and tables.rf:
        said = " ".join(f"{key}:{row.use[0]}" for key, row in sorted(tables.rf.items()))
        text = text.replace("[DEFINITIONS]\n", f"[DEFINITIONS]\n{DEFINITION} {said}\n", 1)
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    path.write_bytes(f"{text}\n[SIGNATURE]\nType md5\nHash {digest}\n".encode())
    return path


def _text(tables: Tables, limits: Limits | None, old: bool) -> str:
    seq = to_pulseq(tables, limits)
    seq.set_definition("TotalDuration", float(sum(seq.block_durations.values())))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its timing check is ours to make, and says more there
        file = Path(folder) / "sequence.seq"
        # Events keep their numbers: side-car files and `RFUse` name them.
        seq.write(str(file), create_signature=False, remove_duplicates=False, check_timing=False, v141_compat=old)
        return file.read_text(encoding="utf-8")
