"""The folder that a scan trial leaves: k-space, images, previews, numbers, record and report; whole, or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from proband.evidence.files import tidy_text, write_text
from proband.evidence.store import BATCHES, Store
from proband.trials.scanning_plan import ScanPlan
from proband.trials.scanning_result import ScanResult

SHOTS = BATCHES  # finished shots of a scan that is still going on; the folder that --resume looks into


class ScanStore(Store):
    """A sink that keeps a scan trial as files in one folder, by the same rules as any trial's: nothing appears half, what an
    earlier run had finished is taken over with `resume`, a stopped run keeps what it has."""

    def open(self, plan: ScanPlan) -> None:  # type: ignore[override]
        super().open(plan)  # type: ignore[arg-type]

    def keep(self, result: ScanResult, scan: str) -> None:  # type: ignore[override]
        with self._writing():
            self._write_scan(result, scan)

    def _write_scan(self, result: ScanResult, scan: str) -> None:
        """A scan's folder gets its name once it is whole."""
        half = self.temporary / f"{scan}.half"
        shutil.rmtree(half, ignore_errors=True)
        write_scan(result, scan, half)
        half.rename(self.temporary / scan)

    def remember(self, key: str, arrays: Mapping[str, np.ndarray]) -> None:  # type: ignore[override]
        with self._writing():
            folder = self.temporary / SHOTS
            folder.mkdir(exist_ok=True)
            half = folder / f"{key}.half"
            with open(half, "wb") as file:
                np.savez(file, **arrays)  # pyright: ignore[reportArgumentType]
            half.replace(folder / f"{key}.npz")

    def recall(self, key: str) -> Mapping[str, np.ndarray] | None:  # type: ignore[override]
        path = self.temporary / SHOTS / f"{key}.npz"
        try:
            with np.load(path, allow_pickle=False) as kept:
                return {k: kept[k] for k in kept.files}
        except (OSError, ValueError, KeyError, EOFError):
            return None

    def _worth_keeping(self, result: ScanResult) -> bool:  # type: ignore[override]
        result.kept = bool(result.finished) or any((self.temporary / SHOTS).glob("*.npz"))
        return result.kept

    def _write_all(self, result: ScanResult) -> None:  # type: ignore[override]
        for scan in result.scans:  # one that was being written when the trial was stopped
            if not (self.temporary / scan).is_dir():
                self._write_scan(result, scan)
        write(result, self.temporary)
        if self.report and result.scans:
            from proband.evidence.scan_report import write_report

            write_report(self.temporary, result)


def write(result: ScanResult, folder: Path) -> None:
    """Numbers and record."""
    from proband.evidence.scan_record import record_of

    write_text(folder / "measures.csv", tidy_text(result))
    write_text(
        folder / "record.json", json.dumps(record_of(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    )


def write_scan(result: ScanResult, name: str, folder: Path) -> None:
    """k-space as MRD; image and maps as Enhanced MR DICOM and NIfTI; pictures; what safety allowed; the sequence that was played."""
    from proband.mr.images.dicom import write_dicom
    from proband.mr.images.mrd import write_mrd
    from proband.mr.images.nifti import write_nifti
    from proband.mr.images.previews import write_png
    from proband.mr.scans.files import write_sequence

    done, trial = result.scans[name], result.plan.trial
    folder.mkdir(parents=True, exist_ok=True)
    write_mrd(done.raw, folder / "kspace.mrd")
    number = 1 + 100 * [p.name for p in result.plan.protocols].index(name)
    for n, (title, image) in enumerate([("image", done.image), *done.maps.items()]):
        stem = title.replace(" ", "_")
        write_dicom(
            image, folder / f"{stem}.dcm", study=trial.name, B0=done.raw.B0, series_number=number + n, seed=trial.seed
        )
        write_nifti(image, folder / f"{stem}.nii.gz")
        write_png(image, folder / f"{stem}.png")
    from proband.mr.scans.chain import complete, receive_on_image

    if not complete(done.ready, done.raw) and done.cine is None and done.raw.signal.shape[1] > 1:
        # What the image was made with where lines are missing; `proband recon --maps` takes it.
        maps = np.moveaxis(receive_on_image(done.ready, white=False), 0, -1)
        write_nifti(replace(done.image, data=maps.astype(np.complex64), name="coil maps", frame_times=None), folder / "coils.nii.gz")  # fmt: skip
    write_text(folder / "safety.json", json.dumps(done.ready.record.as_dict(), indent=1, ensure_ascii=False) + "\n")
    write_sequence(done.ready, folder / "sequence.seq")
