"""How fast the MR system is on this machine: spins, reconstructions, and one whole scan."""

from __future__ import annotations

import json as json_
import sys
import time
from dataclasses import replace
from typing import Any

from proband.evidence import busy


def whole_scan(pixels: int = 256, coils: int = 8) -> dict[str, float]:
    """A two-dimensional head scan of `pixels`² with `coils` coils and 16 spins in a voxel: simulated and reconstructed, s.

    The fields are solved beforehand, as a prescan is; coils beyond `coils` of the head array are left unplugged."""
    from proband.mr.scans import chain, preparing
    from proband.mr.scans.protocol import Protocol
    from proband.mr.scans.subject import Subject

    subject = Subject("head", table=0.02)
    options = {"fov": (0.22, 0.22), "matrix": (pixels, pixels), "thickness": 5e-3, "TR": 0.2, "TE": 8e-3, "flip": 60.0, "spoil": 1.0, "bandwidth": 200.0}  # fmt: skip
    protocol = Protocol("bench", "scanner_3t", "spoiled_gre", "", options, mode="first level", part="head", anatomy=(1, 1, 1), points=(1, 1, 16), margin=0.0, slew=0.35)  # fmt: skip
    ready = preparing.prepare(subject, protocol)
    fields = ready.scene.fields
    every = max(1, len(fields.receive) // coils)
    some = slice(0, every * coils, every)
    fewer = replace(fields, receive=fields.receive[some], noise_covariance=fields.noise_covariance[some, some])
    ready = replace(ready, scene=replace(ready.scene, fields=fewer))
    begin = time.perf_counter()
    spins, receive, patient = preparing.spins_of(ready)
    placed = time.perf_counter()
    heard, _, steps = chain.listen(ready, spins, receive, chain.Forgets(), lambda share, doing: None, None, "")
    played = time.perf_counter()
    done = chain.finish(
        replace(ready, protocol=replace(protocol, noise=True)), patient, heard, len(spins.density), steps
    )
    end = time.perf_counter()
    return {
        "full_scan_s": end - begin, "full_scan_spins_s": placed - begin, "full_scan_bloch_s": played - placed,
        "full_scan_image_s": end - played, "full_scan_spins": float(done.spins), "full_scan_spin_steps": steps,
    }  # fmt: skip


def measure() -> dict[str, Any]:
    """All numbers of this page by name, those of BART and MRzero None where they are not installed."""
    from proband.mr.reconstruction.speed import measure as of_images
    from proband.mr.spins.speed import measure as of_spins

    before = busy.load()
    if said := busy.warning(before):
        print(f"  {said}", file=sys.stderr)
    return {"load_before": before, **of_spins(), **of_images(), **whole_scan(), "cores": _cores()}


def _cores() -> int:
    import os

    return os.cpu_count() or 1


def main(json: bool = False) -> int:
    """`proband bench mr`."""
    found = measure()
    if json:
        print(json_.dumps(found))
        return 0
    for name, value in found.items():
        said = "–" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        print(f"{name:<32} {said:>20}")
    return 0
