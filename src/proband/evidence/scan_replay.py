"""Running the record of a scan trial again, and saying whether the same came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from proband.evidence.record import versions
from proband.evidence.replay import Comparison
from proband.evidence.scan_record import cpu, fingerprint
from proband.trials.refusal import Place, Refused
from proband.trials.scanning import ScanTrial
from proband.trials.scanning_run import run

ELSEWHERE = 1e-3  # relative: another processor adds up in another order, and single precision is what the spins are in


def replay(folder: Path, record: dict[str, Any], **options: Any) -> Comparison:
    """k-space, images, maps and measures of a record beside fresh ones: their bits, or to a thousandth on another processor."""
    trial = ScanTrial.from_data(record["trial"], Place(str(folder / "record.json")), Path(record.get("folder") or "."))
    if trial.hash() != record["trial_hash"]:
        raise Refused(f"the trial in {folder / 'record.json'} was changed after it ran: its hash is another.")
    if record["status"] == "interrupted":
        raise Refused(
            f"the run in {folder} was stopped before its end; go on with `proband run … --resume`, then replay it."
        )
    result = run(trial, threads=int(record["threads"]), **options)
    reason = _elsewhere(record)
    found = Comparison(True, not reason, reason)
    for before in record["scans"]:
        done = result.scans[before["name"]]
        pairs = [
            ("k-space", before["kspace_sha256"], done.raw.signal),
            ("image", before["image_sha256"], done.image.data),
        ]
        pairs += [(k, before["maps_sha256"].get(k), np.asarray(v.data)) for k, v in done.maps.items()]
        for what, was, now in pairs:
            found.compared += now.size
            if found.exact and was != fingerprint(now):
                found.differs(f"the {what} of scan {before['name']} has other bits")
    for line, now in zip(record["measures"], result.values[0, 0]):
        was = np.nan if line["value"] is None else float(line["value"])
        found.compared += 1
        gap = abs(was - now) / max(abs(was), 1e-300) if was != now else 0.0
        found.largest = max(found.largest, float(gap))
        if gap > 0 if found.exact else gap > ELSEWHERE:
            found.differs(f"{line['measure']}: {was!r} became {float(now)!r}")
    return found


def _elsewhere(record: dict[str, Any]) -> str:
    a, b = record.get("cpu"), cpu()
    if a != b:
        return f"cpu was {a}, here it is {b}"
    for name in ("platform", "llvmlite", "numpy"):
        a, b = record["versions"].get(name), versions().get(name)
        if a != b:
            return f"{name} was {a}, here it is {b}"
    return ""
