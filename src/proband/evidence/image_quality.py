"""The type test of image quality: a phantom like the ACR's is scanned, and measured after the ACR and NEMA.

At 3 T the bounds are those of the ACR's guidance and of scanners that passed it. At 5 T there is no published bound: the same phantom,
unshimmed, must be less even than at 3 T, and its SNR in the middle, corrected for the flip angle there, must rise as published.
(Pure water would be no test at 5 T: without conductivity the phantom is a dielectric resonator, B1+ 2.7 times its mean in the
middle and none at the rim.)"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from proband.mr.images import acr_measures, quality
from proband.mr.images.image import Image
from proband.mr.scans import chain
from proband.mr.scans.protocol import Protocol
from proband.mr.scans.shading import evened
from proband.mr.scans.subject import Subject
from proband.trials.runner import Progress

MATRIX, FIELD_OF_VIEW = 192, 0.25
COARSE = 128  # of slices 5 and 7, where nothing fine is measured
TR = 1.5  # s, some T2 and T1 of the filling: assumed, so that no shot hears another
FLIP = 60.0  # deg: at 90 the slice's flanks, which turn by more than half, would widen it
MIDDLE = 0.020  # m, radius in which the SNR of both fields is compared
# 5 T over 3 T: 2.5 to 2.9 in a saline sphere's middle (10.1002/mrm.25677: as B0^1.94), less and more by the phantom's size
SNR_RISES = (2.2, 3.0)
ACR = "ACR Large Phantom guidance (PMC9359023)"


def scan_slice(
    scanner: str, number: int, pixels: int = MATRIX, depth: int = 8, tell: chain.Tell | None = None
) -> chain.Finished:
    """One 5 mm slice of the phantom by a gradient echo whose TR lets the filling forget the shot before."""
    from proband.mr.phantom.acr import SLICE_Z

    options = {"fov": (FIELD_OF_VIEW, FIELD_OF_VIEW), "matrix": (pixels, pixels), "thickness": 5e-3, "TR": TR, "TE": 5.1e-3, "flip": FLIP, "time_bandwidth": 6.0, "spoil": 1.0,
               "bandwidth": 200.0, "dummies": 1, "rf_duration": 3e-3}  # fmt: skip
    layers, depth = (6, depth) if number == 1 else (1, max(3, depth - 3))  # ramps lie in slice 1
    protocol = Protocol(
        f"slice {number}", scanner, "spoiled_gre", "", options, array="head", mode="first level", part="head",
        offset=SLICE_Z[number - 1] * 1e-3, anatomy=(1, 1, layers), points=(1, 1, depth), margin=0.3, seed=number,
    )  # fmt: skip
    return chain.scan(Subject("acr"), protocol, tell=tell)


def snr(done: chain.Finished) -> float:
    """NEMA MS 1 over 75 % of the phantom's section, on images that are not normalised."""
    assert done.again is not None
    grid = done.image.grid
    x, y = np.moveaxis(grid.points()[..., :2], -1, 0)
    return quality.snr_difference(
        np.abs(done.image.data), np.abs(done.again.data), np.hypot(x, y) < 0.095 * np.sqrt(0.75)
    )


def corrected_snr(done: chain.Finished) -> float:
    """SNR in the middle over the sine of the flip angle there: what the field gives, whatever the transmitter does."""
    from proband.mr.scans.quantities import transmit_field

    assert done.again is not None
    x, y = np.moveaxis(done.image.grid.points()[..., :2], -1, 0)
    snr_ = quality.snr_difference(np.abs(done.image.data), np.abs(done.again.data), np.hypot(x, y) < MIDDLE)
    share, inside = transmit_field(done)
    x, y = np.moveaxis(done.ready.scene.fields.grid.points()[..., :2], -1, 0)
    return snr_ / float(np.sin(np.deg2rad(FLIP * share[inside & (np.hypot(x, y) < MIDDLE)].mean())))


def type_test(
    pixels: int = MATRIX, depth: int = 8, progress: Callable[[Progress], None] | None = None
) -> dict[str, Any]:
    """All measures at 3 T with their bounds, uniformity and SNR at 5 T; `passed` is of those with a bound. `progress` hears
    how far it is."""
    rows: list[dict[str, Any]] = []

    def row(
        name: str,
        value: float,
        unit: str,
        low: float | None = None,
        high: float | None = None,
        source: str = "reported",
        field: float = 3.0,
    ) -> None:
        inside = (
            None
            if low is None and high is None
            else bool((low is None or value >= low) and (high is None or value <= high))
        )
        rows.append({"measure": name, "field_T": field, "value": float(value), "unit": unit, "at_least": low, "at_most": high, "passed": inside, "source": source})  # fmt: skip

    images: Mapping[int, Image] = {}
    todo = [("scanner_3t", n) for n in (1, 5, 7, 8, 9, 10, 11)] + [("scanner_5t", 7)]
    done_: list[chain.Finished] = []
    for scanner, n in todo:

        def tell(share: float, doing: str, where: str = scanner[-2:].upper()) -> None:
            if progress is not None:
                progress(Progress(len(done_) + share, len(todo), f"{where} {doing}"))

        done_.append(scan_slice(scanner, n, min(pixels, COARSE) if n in (5, 7) else pixels, depth, tell))
    scans = {n: done for (scanner, n), done in zip(todo, done_) if scanner == "scanner_3t"}
    images = {n: evened(s.image, s.ready) for n, s in scans.items()}
    row("SNR", snr(scans[7]), "1")
    row("uniformity", acr_measures.uniformity(images[7]), "%", low=82.0, source=f"{ACR}: 82 % at 3 T")
    row("ghosting", acr_measures.ghosting(images[7]), "%", high=2.5, source=ACR)
    error = np.abs(acr_measures.diameters(images[5]) - 0.190).max() * 1e3
    row("geometric error", error, "mm", high=2.0, source=ACR)
    row("slice thickness", acr_measures.slice_thickness(images[1]) * 1e3, "mm", 4.3, 5.7, f"{ACR}: 5 ± 0.7 mm")
    row("slice position", abs(acr_measures.slice_position(images[1])) * 1e3, "mm", high=5.0, source=ACR)
    spokes = sum(acr_measures.spokes(images[n], n) for n in (8, 9, 10, 11))
    row("low-contrast spokes", spokes, "1", low=37, source=f"{ACR}: 37 of 40 at 3 T")
    high = done_[-1]
    row("SNR", snr(high), "1", field=5.0)
    even = acr_measures.uniformity(images[7])
    row("uniformity", acr_measures.uniformity(evened(high.image, high.ready)), "%", high=even, source="the shorter wave at 5 T, unshimmed, must be less even than at 3 T", field=5.0)  # fmt: skip
    low, rise = corrected_snr(scans[7]), corrected_snr(high)
    row("SNR over that at 3 T", rise / low, "1", *SNR_RISES, source="relaxed, over the flip angle's sine, in the middle: 2.5 to 2.9 in a saline sphere (10.1002/mrm.25677)", field=5.0)  # fmt: skip
    return {
        "rows": rows,
        "passed": all(r["passed"] is not False for r in rows),
        "phantom": "acr",
        "scanners": ["scanner_3t", "scanner_5t"],
    }


def lines(found: dict[str, Any]) -> list[str]:
    """For people."""
    said = []
    for r in found["rows"]:
        mark = {True: "✓ passed    ", False: "✗ not passed", None: "○ reported  "}[r["passed"]]
        bounds = [
            f"{sign} {r[side]:.4g}" for sign, side in (("≥", "at_least"), ("≤", "at_most")) if r[side] is not None
        ]
        bound = " and ".join(bounds)
        unit = "" if r["unit"] == "1" else f" {r['unit']}"
        said.append(
            f"{mark}  {r['field_T']:g} T  {r['measure']:<22} {r['value']:8.3g}{unit:<4} {bound:<12} {r['source']}"
        )
    return said
