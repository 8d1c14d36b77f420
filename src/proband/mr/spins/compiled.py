"""From IR to something that can be called: compiled once for a processor and kept on disk."""

from __future__ import annotations

import ctypes
import functools
import hashlib
from collections.abc import Callable
from pathlib import Path

from proband.engine import cache, cpu
from proband.mr.spins.kernel import Kernel
from proband.mr.spins.layout import Layout

SPINS = {"float32": 128, "float64": 64}  # of a tile: what a readout needs stays in the nearest memory
SHARED = {"float32": 256, "float64": 128}  # where several coils listen: their planes are read and written once a tile


def size(precision: str, coils: int) -> int:
    """Spins of a tile."""
    return (SPINS if coils == 1 else SHARED)[precision]


WRITERS = (
    "kernel.py", "layout.py", "precession.py", "striking.py", "hearing.py", "hearing_curved.py", "hearing_bowed.py", "vectors.py", "compiled.py",
)  # fmt: skip
ALIVE: list[object] = []


@functools.cache
def _sources() -> str:
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / name).read_bytes() for name in WRITERS)).hexdigest()


def lanes(precision: str) -> int:
    """Numbers of one register on this processor."""
    return max(2, cpu.natural_width()) * (2 if precision == "float32" else 1)


def layout(precision: str, spins: int | None = None) -> Layout:
    """An empty tile of this many spins."""
    return Layout("float" if precision == "float32" else "double", lanes(precision), spins or SPINS[precision])


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def play(precision: str, spins: int | None = None):
    """The function that plays a sequence to some tiles."""
    spins = spins or SPINS[precision]
    key = f"spins|{precision}|{lanes(precision)}|{spins}|{_sources()}"
    return entry(key, "play_tiles", lambda: Kernel(layout(precision, spins)).module())


def optimised(llvm, text: str, machine, triple: str):
    """The module of some IR for a machine, checked and optimised; vectors are written out already."""
    module = llvm.parse_assembly(text)
    module.verify()
    module.triple, module.data_layout = triple, str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = False
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    return module


def entry(key: str, name: str, write: Callable[[], str]):
    """A function of one pointer, compiled from the IR that `write` gives, or taken from the disk where `key` was kept."""
    import llvmlite

    llvm = cpu._llvm()
    processor, features = cpu.processor()
    key = digest(f"{key}|{processor}|{features}|{llvmlite.__version__}")
    file = cache.folder() / "code" / f"{key[:40]}.o"
    code = cpu._kept(file)
    if code is None:
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=processor, features=features, opt=3, reloc="pic", codemodel="default"
        )
        code = machine.emit_object(optimised(llvm, write(), machine, machine.triple))
        cache.keep(file, hashlib.sha256(code).digest() + code)
    engine = cpu._load(llvm, cpu._machine(processor, features), code)
    function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.get_function_address(name))
    ALIVE.append(engine)  # as long as the function
    return function
