"""Compiled code for this computer's processor: LLVM through llvmlite, kept on disk, run by threads over blocks."""

from __future__ import annotations

import ctypes
import functools
import hashlib
from pathlib import Path

from proband.engine import cache
from proband.engine.blocks import Plan
from proband.engine.layout import Layout

ARGUMENTS = [
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64,
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64,
]  # fmt: skip
ENTRIES = ("prime", "observe", "advance")


def available() -> bool:
    """Whether llvmlite is installed here."""
    try:
        import llvmlite.binding  # noqa: F401
    except ImportError:
        return False
    return True


@functools.cache
def _llvm():
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


@functools.cache
def processor(instructions: str = "native") -> tuple[str, str]:
    """Name and features of the processor, narrowed to `avx2` or `baseline` on request (to compare bits)."""
    llvm = _llvm()
    features = llvm.get_host_cpu_features()
    if instructions == "avx2":
        for name in list(features):
            if name.startswith(("avx512", "avx10", "amx")):
                features[name] = False
    if features.get("avx512f"):
        features["prefer-256-bit"] = False
    name = llvm.get_host_cpu_name() if instructions == "native" else "x86-64-v3"
    return name, features.flatten()


def natural_width() -> int:
    """Lanes of float64 that one register holds here."""
    if not available():
        return 1
    features = _llvm().get_host_cpu_features()
    return 8 if features.get("avx512f") else 4 if features.get("avx2") else 2


@functools.cache
def _sources() -> str:
    """A hash of this room: when what writes the code changes, what was kept is no longer used."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


class Compiled:
    """Entry points of a program for one lane count, and what must stay alive for them."""

    def __init__(self, engine, names=ENTRIES):
        self._engine = engine
        self.calls = {n: ctypes.CFUNCTYPE(None, *ARGUMENTS)(engine.get_function_address(n)) for n in names}


def compile(
    plan: Plan, layout: Layout, width: int, precision: str, instructions: str = "native", fresh: bool = False
) -> Compiled:
    """The compiled program, from the disk where it was compiled before."""
    import llvmlite

    llvm = _llvm()
    cpu, features = processor(instructions)
    key = f"{plan.program.fingerprint}|{plan.implicit is not None}|{plan.stages}|{plan.tallied}|{width}|{precision}|{cpu}|{features}|{llvmlite.__version__}|{_sources()}"
    file = cache.folder() / "code" / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.o"
    if not fresh and (kept := _kept(file)) is not None:
        return Compiled(_load(llvm, _machine(cpu, features), kept))
    from proband.engine.llvm_code import module

    text = module(plan, layout, width, precision)
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=cpu, features=features, opt=2, reloc="pic", codemodel="default"
    )
    code = _object(llvm, machine, text)
    cache.keep(file, hashlib.sha256(code).digest() + code)
    return Compiled(_load(llvm, machine, code))


def _machine(cpu: str, features: str):
    return _llvm().Target.from_default_triple().create_target_machine(cpu=cpu, features=features, opt=0)


def _object(llvm, machine, text: str) -> bytes:
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    # The text is written as it is to run, so it is only inlined: optimising it again doubled the time to compile and
    # made nothing faster.
    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=0))
    passes.getModulePassManager().run(module, passes)
    return machine.emit_object(module)


def _load(llvm, machine, code: bytes):
    empty = llvm.parse_assembly("")
    empty.triple = machine.triple
    engine = llvm.create_mcjit_compiler(empty, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine


def _kept(file: Path) -> bytes | None:
    """Code as it was written, or None: a file that was cut short would bring the whole process down."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, code = content[:32], content[32:]
    return code if hashlib.sha256(code).digest() == digest else None
