"""The folder that a trial leaves. It appears whole, or not at all; what stood there before stays until then."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

import numpy as np

from proband.evidence.files import write
from proband.trials.plan import Plan
from proband.trials.refusal import Refused
from proband.trials.result import Failed, Happening, Result
from proband.trials.sink import Batch

CHECKPOINT_S = 30.0  # between two writings of a run that is still going on
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # a full disk, a full quota, a limit on the size of files
BATCHES = "batches"  # of a large cohort, while it runs


class DiskFull(OSError):
    """There was no room for the results. The message is one sentence."""


def check_folder(out: Path, overwrite: bool, resume: bool = False) -> None:
    """Refuse a place where results must not go."""
    if out.is_symlink() and not out.exists():
        raise Refused(f"{out} is a link that leads nowhere; choose another folder.")
    if out.exists() and not out.is_dir():
        raise Refused(f"{out} is a file, not a folder; choose another name.")
    if out.is_dir() and any(out.iterdir()):
        stopped = _status(out) == "interrupted"
        if stopped and not overwrite and not resume:
            raise Refused(
                f"the run in {out} was stopped; go on with --resume, begin anew with --overwrite, or choose another folder."
            )
        if resume and not overwrite and _status(out) == "complete":
            raise Refused(f"the run in {out} is complete, nothing is left to go on with; begin anew with --overwrite.")
        if not overwrite and not (stopped and resume):
            raise Refused(f"the folder {out} is not empty; choose another, or replace an earlier run with --overwrite.")
        if not (out / "record.json").is_file():
            raise Refused(
                f"the folder {out} holds no record.json, so it is no earlier run and is not replaced; choose another folder."
            )
    nearest = next(p for p in (out.parent, *out.parent.parents) if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise Refused(f"nothing can be written in {nearest}; choose another folder.")


def _status(out: Path) -> str:
    """How the run in a folder ended, as its record says: complete, failed, interrupted or running; nothing where there is none."""
    try:
        return json.loads((out / "record.json").read_text(encoding="utf-8")).get("status", "")
    except (OSError, ValueError, AttributeError):
        return ""


class Store:
    """A sink that keeps a trial as files in one folder.

    With `resume`, the batches that a stopped or killed run to the same folder had finished are taken over; each names
    all that decides its numbers, so none is mistaken for another. With `overwrite`, everything begins anew."""

    def __init__(self, out: str | Path, overwrite: bool = False, report: bool = True, resume: bool = False):
        self.out, self.overwrite, self.report, self.resume = Path(out), overwrite, report, resume
        check_folder(self.out, overwrite, resume)
        place = self.out.absolute()
        unfinished = list(place.parent.glob(f".{place.name}.unfinished-*"))
        self.left = [p for p in unfinished if _alive(p) is False]
        others = [p for p in unfinished if _alive(p) and _pid(p) != os.getpid()]
        if others:
            raise Refused(
                f"another run is writing to {out} (process {_pid(others[0])}); wait for it or choose another folder. If none is, remove {others[0]}."
            )
        kept = sum(1 for p in self.left for _ in (p / BATCHES).glob("*.npz"))
        if kept and not overwrite and not resume:
            raise Refused(
                f"an earlier run to {out} ended early and left {kept} finished batch{'es' * (kept > 1)}; go on with --resume, or begin anew with --overwrite."
            )
        self.temporary = place.parent / f".{place.name}.unfinished-{os.getpid()}"
        self.old = place.parent / f".{place.name}.replaced-{os.getpid()}"
        self.written = 0.0

    def open(self, plan: Plan) -> None:
        with self._writing():
            self.temporary.mkdir(parents=True, exist_ok=True)
            if self.resume:
                for batch in [b for p in (self.out, *self.left) for b in (p / BATCHES).glob("*.npz")]:
                    self._take(batch)
            for folder in self.left:
                if _status(folder) in ("", "running"):  # a whole one is there since something else had taken its name
                    shutil.rmtree(folder, ignore_errors=True)
        self.written = time.monotonic()

    def _take(self, batch: Path) -> None:
        """A second name for a finished batch, where the disk has such; the first stays until the run is published."""
        (self.temporary / BATCHES).mkdir(exist_ok=True)
        here = self.temporary / BATCHES / batch.name
        if here.exists():
            return
        try:
            os.link(batch, here)
        except OSError:
            shutil.copyfile(batch, here)

    def remember(self, key: str, batch: Batch) -> None:
        with self._writing():
            folder = self.temporary / BATCHES
            folder.mkdir(exist_ok=True)
            words = json.dumps([[astuple(e) for e in batch.events], [astuple(f) for f in batch.failures]])
            half = folder / f"{key}.half"
            with open(half, "wb") as file:
                np.savez(
                    file,
                    members=batch.members,
                    values=batch.values,
                    met=batch.met,
                    times=batch.times,
                    words=np.array(words),
                )
            half.rename(folder / f"{key}.npz")

    def recall(self, key: str) -> Batch | None:
        path = self.temporary / BATCHES / f"{key}.npz"
        if not path.is_file():
            return None
        with np.load(path, allow_pickle=False) as kept:
            events, failures = json.loads(str(kept["words"]))
            return Batch(
                kept["members"],
                kept["values"],
                kept["met"],
                kept["times"],
                [Happening(*e) for e in events],
                [Failed(*f) for f in failures],
            )

    def keep(self, result: Result, step: int) -> None:
        if time.monotonic() - self.written > CHECKPOINT_S:
            with self._writing():
                write(result, self.temporary)
            self.written = time.monotonic()

    def close(self, result: Result) -> None:
        stopped = result.status == "interrupted"
        if stopped and not self._worth_keeping(result):
            self.leave()
            return
        if not self.temporary.is_dir():  # stopped after it had got its name
            shutil.rmtree(self.old, ignore_errors=True)
            return
        with self._writing():
            self._write_all(result)
            if not stopped:
                shutil.rmtree(self.temporary / BATCHES, ignore_errors=True)
        self._publish()

    def _worth_keeping(self, result: Result) -> bool:
        """Whether a run that was stopped had found anything."""
        return bool(result.finished or result.events or result.finished_batches)

    def _write_all(self, result: Result) -> None:
        write(result, self.temporary)
        if self.report:
            from proband.evidence.report import write_report

            write_report(self.temporary, result)

    def leave(self) -> int:
        """Leave only finished batches behind, where --resume finds them, and say how many; without any, nothing."""
        kept = sum(1 for _ in (self.temporary / BATCHES).glob("*.npz"))
        if not kept:
            shutil.rmtree(self.temporary, ignore_errors=True)
            return 0
        for made in self.temporary.iterdir():
            if made.is_dir() and made.name != BATCHES:
                shutil.rmtree(made, ignore_errors=True)
            elif not made.is_dir():
                made.unlink(missing_ok=True)
        return kept

    def _publish(self) -> None:
        """The finished folder takes its name in one step; an earlier one steps aside only now."""
        try:
            check_folder(self.out, self.overwrite, self.resume)
        except Refused as problem:  # something has come there while the trial ran
            raise Refused(f"{str(problem).rstrip('.')}; what this run found is whole in {self.temporary}.") from None
        place = self.out.absolute()
        if place.is_dir():
            place.rename(self.old)
        try:
            self.temporary.rename(place)
        except OSError:
            if self.old.is_dir():
                self.old.rename(place)
            raise
        shutil.rmtree(self.old, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What goes wrong while files are written leaves finished batches behind and nothing else. (Not so Ctrl-C: `close` comes
        next, and writes again what is finished.)"""
        try:
            yield
        except Exception as problem:
            kept = self.leave()
            if isinstance(problem, OSError) and problem.errno in NO_ROOM:
                on = (
                    f"; {kept} finished batch{'es are' if kept > 1 else ' is'} kept, go on with --resume"
                    if kept
                    else ""
                )
                raise DiskFull(
                    problem.errno,
                    f"the disk is full: the results need more room than {self.out.absolute().parent} has; earlier results are whole{on}.",
                ) from None
            if isinstance(problem, OSError):
                raise Refused(
                    f"the results cannot be written in {self.out.absolute().parent} ({problem.strerror or problem}); choose another folder."
                ) from None
            raise


def _pid(unfinished: Path) -> int:
    """The process that made an unfinished folder; 0 where its name does not say."""
    pid = unfinished.name.rpartition("-")[2]
    return int(pid) if pid.isdecimal() else 0


def _alive(unfinished: Path) -> bool | None:
    """Whether the process that was writing here still runs. None: it cannot be asked without harm."""
    pid = _pid(unfinished)
    if os.name == "nt" or not pid:
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
