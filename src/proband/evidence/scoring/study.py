"""A study is a file in `studies/`, named like the paper. The folder is the registration."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from proband.evidence.scoring.lab import Lab
from proband.evidence.scoring.places import folder
from proband.model import ModelError

Results = Callable[[], Mapping[str, float]]


@dataclass(frozen=True)
class Study:
    """A published experiment done again: `experiment(lab)` says what happens to whom, and gives a function that tells the
    simulated value of each of its rows once the laboratory has run."""

    name: str
    cohort: str  # on whom it was measured, and which body stands for them
    experiment: Callable[[Lab], Results]
    about: str

    def simulate(self) -> dict[str, float]:
        """The study alone."""
        lab = Lab()
        results = self.experiment(lab)
        lab.run()
        return dict(results())


def _load(path: Path) -> ModuleType:
    name = f"proband_study_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@functools.cache
def studies(where: Path | None = None) -> tuple[Study, ...]:
    """Every study of the folder, by name. Raises ModelError where a file has no cohort or no experiment."""
    found = []
    for path in sorted((where or folder("studies")).glob("[a-z]*.py")):
        module = _load(path)
        for need in ("COHORT", "experiment"):
            if not hasattr(module, need):
                raise ModelError(
                    f"studies/{path.name} gives no {need}; a study says on whom it was done and what was done."
                )
        found.append(Study(path.stem, module.COHORT, module.experiment, (module.__doc__ or "").strip()))
    return tuple(found)


def tell(file: str) -> None:
    """Run one study from the command line: `python studies/smith_1987.py`."""
    from proband.evidence.scoring.board import judge, show

    name = Path(file).stem
    (study,) = (s for s in studies() if s.name == name)
    print(study.about.splitlines()[0], study.cohort, sep="\n")
    show(judge([study]))
