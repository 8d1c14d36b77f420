"""Work that needs no person: done here, or in a process of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

from proband.evidence.scoring.published import published
from proband.model import ModelError


class Bench:
    """Work on a bench; call it for its result once the laboratory has run."""

    def __init__(self, work: Callable[[], Any], study: str = "", number: int = 0) -> None:
        self._work, self.study, self.number = work, study, number
        self.result: Any = None

    def do(self) -> None:
        """The work."""
        self.result = self._work()

    def __call__(self) -> Any:
        return self.result


def by_wing(benches: Sequence[Bench]) -> list[list[Bench]]:
    """The benches of each wing of the laboratory together: they share work that is done once, and what they import."""
    wings, found = {row.study: row.wing for row in published()} if benches else {}, {}
    for bench in benches:
        found.setdefault(wings.get(bench.study, ""), []).append(bench)
    return list(found.values())


class Elsewhere:
    """Benches worked through in one more Python: most of them are Python themselves, and in this one would stand in the
    way of what runs beside them. A context; leaving it ends the process, whether it is done or not."""

    def __init__(self, benches: Sequence[Bench]) -> None:
        self._benches = benches

    def __enter__(self) -> Elsewhere:
        # Ctrl-C is for this process alone, which then ends the other.
        alone: dict[str, Any] = (
            {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
            if sys.platform == "win32"
            else {"start_new_session": True}
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import answer; answer()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, **alone,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def collect(self, told: Callable[[], object] = lambda: None) -> None:
        """Wait for all results, and call `told` at each. Raises what a bench raised, and ModelError where the process came to an end before."""
        to, from_ = self._process.stdin, self._process.stdout
        assert to is not None and from_ is not None
        try:
            pickle.dump([(bench.study, bench.number) for bench in self._benches], to)
            to.close()
            for bench in self._benches:
                done, bench.result = pickle.load(from_)
                if not done:
                    raise bench.result
                told()
        except (EOFError, OSError, pickle.UnpicklingError):
            raise ModelError(
                f"the process in which benches are worked through came to an end (with {self._process.wait()}) before all were done."
            ) from None


def answer() -> None:
    """The other process: reads which benches are asked for, and writes whether each was done and its result or failure."""
    from proband.evidence.scoring.lab import Lab
    from proband.evidence.scoring.study import studies

    told, sys.stdout = sys.stdout.buffer, sys.stderr  # what a study prints goes where messages go
    experiments = {study.name: study.experiment for study in studies()}
    asked = pickle.load(sys.stdin.buffer)
    benches: dict[str, Sequence[Bench]] = {}
    for study, number in asked:
        if study not in benches:
            lab = Lab()
            experiments[study](lab)
            benches[study] = lab.benches
        try:
            benches[study][number].do()
            said = pickle.dumps((True, benches[study][number].result))
        except Exception as problem:
            said = pickle.dumps((False, ModelError(f"studies/{study}.py failed: {type(problem).__name__}: {problem}")))
        told.write(said)
        told.flush()
