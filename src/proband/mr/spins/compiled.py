"""From IR to something that can be called: compiled once for a processor and kept on disk."""

from __future__ import annotations

import ctypes
import functools
import hashlib
from pathlib import Path

from proband.engine import cache, cpu
from proband.mr.spins.kernel import Kernel, Layout

SPINS = {"float32": 128, "float64": 64}  # of a tile: what a readout needs stays in the nearest memory


ALIVE: list[object] = []


@functools.cache
def _sources() -> str:
    here = Path(__file__).parent
    return hashlib.sha256(
        b"".join((here / n).read_bytes() for n in ("kernel.py", "vectors.py", "compiled.py"))
    ).hexdigest()


def lanes(precision: str) -> int:
    """Numbers of one register on this processor."""
    return max(2, cpu.natural_width()) * (2 if precision == "float32" else 1)


def layout(precision: str, spins: int | None = None) -> Layout:
    """An empty tile of this many spins."""
    return Layout("float" if precision == "float32" else "double", lanes(precision), spins or SPINS[precision])


@functools.cache
def play(precision: str, spins: int | None = None):
    """The function that plays a sequence to some tiles."""
    spins = spins or SPINS[precision]
    import llvmlite

    llvm = cpu._llvm()
    name, features = cpu.processor()
    key = f"spins|{precision}|{lanes(precision)}|{spins}|{name}|{features}|{llvmlite.__version__}|{_sources()}"
    file = cache.folder() / "code" / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.o"
    code = cpu._kept(file)
    if code is None:
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=name, features=features, opt=3, reloc="pic", codemodel="default"
        )
        module = llvm.parse_assembly(Kernel(layout(precision, spins)).module())
        module.verify()
        module.triple, module.data_layout = machine.triple, str(machine.target_data)
        options = llvm.create_pipeline_tuning_options(speed_level=2)
        options.loop_vectorization = options.slp_vectorization = False
        passes = llvm.create_pass_builder(machine, options)
        passes.getModulePassManager().run(module, passes)
        code = machine.emit_object(module)
        cache.keep(file, hashlib.sha256(code).digest() + code)
    engine = cpu._load(llvm, cpu._machine(name, features), code)
    function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.get_function_address("play_tiles"))
    ALIVE.append(engine)  # as long as the function
    return function
