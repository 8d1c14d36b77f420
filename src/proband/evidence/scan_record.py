"""record.json of a scan trial: everything that is needed to run it again, and to judge whether it was the same."""

from __future__ import annotations

import datetime
import hashlib
import os
from dataclasses import asdict
from importlib import metadata
from typing import Any

import numpy as np

from proband.evidence.record import FORMAT, NOTICE, _clean, versions
from proband.trials.scanning_result import ScanResult

LIBRARIES = ("pypulseq", "finufft", "pydicom", "nibabel", "h5py", "ismrmrd", "numba")


def record_of(result: ScanResult) -> dict[str, Any]:
    """The record as plain data for JSON: no NaN in it."""
    trial = result.plan.trial
    return _clean(
        {
            "format": FORMAT,
            "kind": "scan",
            "notice": NOTICE,
            "trial": trial.as_data(),
            "trial_name": trial.name,
            "trial_hash": trial.hash(),
            "folder": str(trial.folder.resolve()) if (trial.patient.labels or trial.patient.shares or any(s.file for s in trial.scans.values())) else "",
            "seed": trial.seed,
            "status": result.status,
            "finished_steps": result.finished,
            "taken_over": result.taken_over,
            "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "wall_s": round(result.wall_s, 3),
            "versions": versions() | {name: _version(name) for name in LIBRARIES},
            "threads": result.threads,
            "cpu": cpu(),
            "patients": 1,
            "scans": [scan_of(result, name) for name in result.scans],
            "measures": [
                {"measure": m, "value": float(v), "unit": result.unit(m), "title": result.title(m)}
                for m, v in zip(result.measures, result.values[0, 0])
            ],
            "verdicts": [vars(v) for v in result.verdicts()],
            "failures": [],
        }
    )  # fmt: skip


def scan_of(result: ScanResult, name: str) -> dict[str, Any]:
    """What was played and heard in one scan, with fingerprints of its k-space and image."""
    done = result.scans[name]
    info = {k: v for k, v in done.ready.info.items() if isinstance(v, (int, float, str, bool, tuple))}
    return {
        "name": name,
        "protocol": asdict(done.ready.protocol),
        "info": {k: list(v) if isinstance(v, tuple) else v for k, v in info.items()},
        "spins": done.spins,
        "spin_steps": done.spin_steps,
        "seconds": done.seconds,
        "shim": {"name": done.ready.shim.name, "variation": done.ready.shim.variation, "local_W_per_kg_uT2": done.ready.shim.local,
                 "weights": [[w.real, w.imag] for w in np.asarray(done.ready.shim.weights, complex).tolist()]},
        "safety": done.ready.record.as_dict(),
        "kspace_sha256": fingerprint(done.raw.signal),
        "image_sha256": fingerprint(done.image.data),
        "maps_sha256": {k: fingerprint(np.asarray(v.data)) for k, v in done.maps.items()},
    }  # fmt: skip


def fingerprint(values: np.ndarray) -> str:
    """Of the bits of an array."""
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def cpu() -> str:
    """The processor that the spins' code was compiled for."""
    try:
        import llvmlite.binding as llvm

        return str(llvm.get_host_cpu_name())
    except Exception:
        return os.environ.get("PROCESSOR_IDENTIFIER", "unknown")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"
