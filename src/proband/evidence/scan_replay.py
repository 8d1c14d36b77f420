"""Running the record of a scan trial again, and saying whether the same came out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from proband.evidence.files import tidy_text
from proband.evidence.record import versions
from proband.evidence.replay import Comparison
from proband.evidence.scan_record import LIBRARIES, _version, cpu, fingerprint
from proband.evidence.scan_store import write_scan
from proband.model import ModelError
from proband.trials.refusal import Place, Refused
from proband.trials.scanning import ScanTrial
from proband.trials.scanning_result import ScanResult
from proband.trials.scanning_run import run

ELSEWHERE = 1e-3  # relative: another processor adds up in another order, and single precision is what the spins are in


def replay(folder: Path, record: dict[str, Any], **options: Any) -> Comparison:
    """k-space, images, maps and measures of a record, and the files beside it, against fresh ones: their bits, or to a thousandth
    on another processor."""
    trial = ScanTrial.from_data(record["trial"], Place(str(folder / "record.json")), Path(record.get("folder") or "."))
    if record["status"] == "interrupted":
        raise Refused(
            f"the run in {folder} was stopped before its end; go on with `proband run … --resume`, then replay it."
        )
    result = run(trial, threads=int(record["threads"]), **options)
    reason = _elsewhere(record)
    found = Comparison(True, not reason, reason, within=ELSEWHERE)
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
    _compare_files(folder, record, result, found)
    return found


def _compare_files(folder: Path, record: dict[str, Any], result: ScanResult, found: Comparison) -> None:
    """Every file of every scan: its bytes where the libraries that write files are the same ones, else the numbers of k-space,
    images and maps."""
    writers = all(record["versions"].get(name) == _version(name) for name in LIBRARIES)
    with TemporaryDirectory() as place:
        for name in result.scans:
            write_scan(result, name, Path(place) / name)
            for fresh in sorted((Path(place) / name).iterdir()):
                kept, called = folder / name / fresh.name, f"{name}/{fresh.name}"
                if not kept.is_file():
                    found.differs(f"{called} is missing")
                elif kept.read_bytes() != fresh.read_bytes():
                    if found.exact and writers:
                        found.differs(f"{called} is not the file that the scan leaves")
                    elif not _alike(kept, fresh):
                        found.differs(f"{called} holds other numbers")
    if found.exact:
        try:
            told = (folder / "measures.csv").read_text(encoding="utf-8")
        except (OSError, ValueError):
            told = ""
        if told != tidy_text(result):
            found.differs("measures.csv is missing, or not what was measured")


def _alike(kept: Path, fresh: Path) -> bool:
    """Whether two files of k-space or of an image hold the same numbers, to a thousandth of the largest."""
    from proband.mr.images.mrd import read_mrd
    from proband.mr.images.nifti import read_nifti

    if fresh.suffix == ".mrd":
        read = lambda path: read_mrd(path).signal  # noqa: E731
    elif fresh.name.endswith(".nii.gz"):
        read = lambda path: np.asarray(read_nifti(path).data)  # noqa: E731
    else:
        return True  # made of the same numbers, by another edition of a library
    try:
        a, b = read(kept), read(fresh)
    except ModelError:
        return False
    return a.shape == b.shape and float(np.abs(a - b).max()) <= ELSEWHERE * float(np.abs(b).max())


def _elsewhere(record: dict[str, Any]) -> str:
    a, b = record.get("cpu"), cpu()
    if a != b:
        return f"cpu was {a}, here it is {b}"
    for name in ("platform", "llvmlite", "numpy"):
        a, b = record["versions"].get(name), versions().get(name)
        if a != b:
            return f"{name} was {a}, here it is {b}"
    return ""
