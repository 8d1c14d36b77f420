"""BART, where it is installed, as a second opinion: its file format and a call of its command."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np


def installed() -> bool:
    return shutil.which("bart") is not None


def write(path: Path, array: np.ndarray) -> None:
    """A pair of files PATH.hdr, PATH.cfl: complex64 in column-major order."""
    sizes = [*array.shape, *[1] * (16 - array.ndim)]
    path.with_suffix(".hdr").write_text("# Dimensions\n" + " ".join(map(str, sizes)) + "\n")
    np.asarray(array, np.complex64).ravel(order="F").tofile(path.with_suffix(".cfl"))


def read(path: Path) -> np.ndarray:
    """The array of PATH.hdr and PATH.cfl without its trailing axes of length 1."""
    sizes = [int(n) for n in path.with_suffix(".hdr").read_text().splitlines()[1].split()]
    while len(sizes) > 1 and sizes[-1] == 1:
        sizes.pop()
    return np.fromfile(path.with_suffix(".cfl"), np.complex64).reshape(sizes, order="F")


def call(command: str, inputs: Mapping[str, np.ndarray], threads: int | None = None) -> tuple[np.ndarray, float]:
    """Run `bart COMMAND`, where {name} stands for the file of an input and {out} for the result: (result, seconds)."""
    import os

    with tempfile.TemporaryDirectory() as folder:
        names = {name: str(Path(folder) / name) for name in [*inputs, "out"]}
        for name, array in inputs.items():
            write(Path(names[name]), array)
        environment = dict(os.environ) | ({"OMP_NUM_THREADS": str(threads)} if threads else {})
        begin = time.perf_counter()
        done = subprocess.run(
            ["bart", *command.format(**names).split()], capture_output=True, text=True, env=environment
        )
        seconds = time.perf_counter() - begin
        if done.returncode:
            raise RuntimeError(f"bart {command}: {done.stderr.strip() or done.stdout.strip()}")
        return read(Path(names["out"])), seconds
