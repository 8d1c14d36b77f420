"""Runs a scan trial: one scan after the other, each handed to a sink as soon as it is finished."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from proband.model import ModelError
from proband.trials.ending import ending
from proband.trials.refusal import at
from proband.trials.runner import Progress
from proband.trials.scanning import Number, ScanTrial
from proband.trials.scanning_plan import ScanPlan, prepare
from proband.trials.scanning_result import ScanResult

if TYPE_CHECKING:
    from proband.mr.images.image import Image


class ScanSink(Protocol):
    """Called as any trial's sink is (`trials.sink`), `keep` after every scan. `remember` and `recall` hold finished shots, so that
    a scan that was stopped goes on."""

    def open(self, plan: ScanPlan) -> None: ...

    def keep(self, result: ScanResult, scan: str) -> None: ...

    def remember(self, key: str, arrays: Mapping[str, np.ndarray]) -> None: ...

    def recall(self, key: str) -> Mapping[str, np.ndarray] | None: ...

    def close(self, result: ScanResult) -> None: ...

    def leave(self) -> None: ...


class Nowhere:
    """Results stay in memory."""

    def open(self, plan: ScanPlan) -> None:
        pass

    def keep(self, result: ScanResult, scan: str) -> None:
        pass

    def remember(self, key: str, arrays: Mapping[str, np.ndarray]) -> None:
        pass

    def recall(self, key: str) -> None:
        return None

    def close(self, result: ScanResult) -> None:
        pass

    def leave(self) -> None:
        pass


def run(
    trial: ScanTrial, *, sink: ScanSink | None = None, progress: Callable[[Progress], None] | None = None,
    threads: int | None = None,
) -> ScanResult:  # fmt: skip
    """Run a scan trial. Raises Refused, one sentence, where it cannot be run as it is written or a limit forbids it.

    After Ctrl-C the finished scans and shots are kept and KeyboardInterrupt goes on to the caller, with `result` on it."""
    from proband.mr.scans.chain import scan

    begun = time.perf_counter()
    sink, say = sink or Nowhere(), progress or (lambda _: None)
    plan = prepare(trial)
    _check_regions(plan)
    result = ScanResult.empty(plan)
    result.threads = threads or os.cpu_count() or 1
    result.batches = len(plan.protocols)
    key = f"{plan.subject!r} threads {result.threads}"
    with ending(result, sink, begun):
        sink.open(plan)
        for n, protocol in enumerate(plan.protocols):

            def tell(share: float, doing: str, n: int = n) -> None:
                say(Progress(n + share, len(plan.protocols), doing))

            with at(trial.place, ("scans", protocol.name)):
                done = scan(plan.subject, protocol, keeper=sink, tell=tell, threads=result.threads, key=key)
            result.scans[protocol.name] = done
            result.taken_over += done.taken_over
            result.finished = result.finished_batches = n + 1
            sink.keep(result, protocol.name)
        _measure(result)
        result.status = "complete"
    return result


def _check_regions(plan: ScanPlan) -> None:
    """Raises Refused where a measure is of a region that the patient does not have: before anything is played."""
    from proband.mr.scanner.sheet import scanner
    from proband.mr.scans import regions

    place, patients = plan.trial.place, {}
    for i, number in enumerate(plan.measures):
        for scan, _, region in number.terms:
            if not region:
                continue
            field = scanner(plan.protocol(scan).scanner).field
            if field not in patients:
                with at(place, ("patient",)):
                    patients[field] = plan.subject.body(field)
            with at(place, ("measures", i)):
                regions.check(patients[field], region, scan)


def _measure(result: ScanResult) -> None:
    for i, number in enumerate(result.plan.measures):
        with at(result.plan.trial.place, ("measures", i)):
            terms = [_number(result, *term) for term in number.terms]
        result.values[0, 0, i] = _joined(number, terms)


def _joined(number: Number, terms: list[float]) -> float:
    if not number.sign:
        return terms[0]
    return terms[0] / terms[1] if number.sign == "/" else terms[0] - terms[1]


def _number(result: ScanResult, scan: str, what: str, region: str) -> float:
    from proband.mr.scans.quantities import measure, quantity

    truth = truth_of(result, scan) if quantity(what).truth else None
    return measure(result.scans[scan], what, region, truth)


def truth_of(result: ScanResult, scan: str) -> Image:
    """The truth of a scan: its own, or that of the scan it names. Raises ModelError where there is none."""
    from proband.mr.scans.truth import truth_of as made

    name = result.plan.protocol(scan).truth or scan
    if name not in result.truths:
        result.truths[name] = made(result.scans[name])
    return result.truths[name]


def try_truth(result: ScanResult, scan: str) -> Any:
    """The truth of a scan for its report, or None where it has none."""
    try:
        return truth_of(result, scan)
    except (ModelError, KeyError):
        return None
