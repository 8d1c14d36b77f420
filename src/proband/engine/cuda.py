"""The same program for NVIDIA cards: PTX from the IR that runs on the processor, one thread per patient.

Patients lie side by side, so that neighbouring threads read neighbouring numbers. Arithmetic is the processor's, with
explicit fused operations, our own elementary functions and no library of the card's. The text has been compiled, assembled
by NVIDIA's assembler, and its addresses tried thread by thread on a processor; it has not yet run on a card."""

from __future__ import annotations

import ctypes
import functools
import re
import sys
from typing import Any

import numpy as np

from proband.engine import cpu
from proband.engine.blocks import Plan
from proband.engine.layout import Layout
from proband.engine.llvm_code import Code
from proband.model import ModelError

TRIPLE = "nvptx64-nvidia-cuda"
THREADS = 64  # per block; registers, not threads, are what a card runs out of here
ROOM = 256  # lines of a patient's log between two looks
ENTRY = "patients_"  # what a kernel is called before its entry's name


def compiles() -> bool:
    """Whether PTX can be written here."""
    if not cpu.available():
        return False
    try:
        _machine("sm_80")
    except RuntimeError:
        return False
    return True


@functools.cache
def _machine(compute: str):
    import llvmlite.binding as llvm

    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    return llvm.Target.from_triple(TRIPLE).create_target_machine(cpu=compute, opt=2)


def kernels(plan: Plan, layout: Layout, precision: str) -> str:
    """IR of the program and of one kernel per entry, which finds its thread's patient and calls the entry."""
    text = Code(plan, layout, 1, precision, strided=True).module()
    for name in cpu.ENTRIES:
        text = text.replace(f"define void @{name}(", f"define internal void @{name}(")
    scalar = "double" if precision == "float64" else "float"
    text += "".join(f"\ndeclare i32 @llvm.nvvm.read.ptx.sreg.{r}.x()" for r in ("ctaid", "ntid", "tid"))
    for name in cpu.ENTRIES:
        text += f"""
define ptx_kernel void @{ENTRY}{name}(ptr noalias %data, ptr noalias %keys, i64 %start, i64 %steps, ptr noalias %record,
    i64 %every, ptr noalias %frames, ptr noalias %events, ptr noalias %counts, i64 %room, i64 %patients) {{
  %block = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %size = call i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
  %thread = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %block64 = zext i32 %block to i64
  %size64 = zext i32 %size to i64
  %thread64 = zext i32 %thread to i64
  %before = mul i64 %block64, %size64
  %p = add i64 %before, %thread64
  %some = icmp ult i64 %p, %patients
  br i1 %some, label %go, label %out
go:
  %b = getelementptr {scalar}, ptr %data, i64 %p
  %k = getelementptr i64, ptr %keys, i64 %p
  %r = getelementptr {scalar}, ptr %record, i64 %p
  %f = getelementptr i64, ptr %frames, i64 %p
  %rows = mul i64 %p, %room
  %row = mul i64 %rows, 2
  %e = getelementptr i64, ptr %events, i64 %row
  %c = getelementptr i64, ptr %counts, i64 %p
  call void @{name}(ptr %b, ptr %k, i64 %start, i64 %steps, ptr %r, i64 %every, ptr %f, ptr %e, ptr %c, i64 %room, i64 %patients)
  br label %out
out:
  ret void
}}
"""
    return text


def ptx(plan: Plan, layout: Layout, precision: str, compute: str = "sm_80") -> str:
    """PTX of a program, on any machine whose llvmlite knows the target."""
    import llvmlite.binding as llvm

    machine = _machine(compute)
    # All that is pointed to lies in the card's own memory.
    text = re.sub(r"\bptr\b", "ptr addrspace(1)", kernels(plan, layout, precision))
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = TRIPLE, str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = False
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    return machine.emit_assembly(module)


# The driver ----------------------------------------------------------------------------------------------------------


@functools.cache
def _driver() -> tuple[Any, str, Any, Any]:
    """The driver's library and why it cannot be used (nothing, where it can), the first card and its context."""
    try:
        library = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None, "its driver is not installed", None, None
    count, device, context = ctypes.c_int(), ctypes.c_int(), ctypes.c_void_p()
    if library.cuInit(0) or library.cuDeviceGetCount(ctypes.byref(count)) or count.value == 0:
        return None, "its driver finds no card", None, None
    if library.cuDeviceGet(ctypes.byref(device), 0) or library.cuDevicePrimaryCtxRetain(ctypes.byref(context), device):
        return None, "its driver gives no access to the card", None, None
    return library, "", device, context


def available() -> bool:
    """Whether a card can be used here."""
    return compiles() and _driver()[0] is not None


def require() -> None:
    """Raises ModelError, in one sentence, where no card can be used."""
    why = _driver()[1] if compiles() else "llvmlite, which writes its code, is not installed"
    if why:
        raise ModelError(f"target = 'cuda' needs an NVIDIA card, but {why}; use target='cpu' or 'python'.")


def card() -> str:
    """The card's name and its generation, as in `sm_90`."""
    library, name = _library(), ctypes.create_string_buffer(100)
    major, minor = ctypes.c_int(), ctypes.c_int()
    device = _driver()[2]
    _do(library, "cuDeviceGetName", name, 100, device)
    _do(library, "cuDeviceGetAttribute", ctypes.byref(major), 75, device)
    _do(library, "cuDeviceGetAttribute", ctypes.byref(minor), 76, device)
    return f"{name.value.decode()} sm_{major.value}{minor.value}"


def _library():
    require()
    library, _, _, context = _driver()
    _do(library, "cuCtxSetCurrent", context)
    return library


def _do(library, name: str, *arguments) -> None:
    code = getattr(library, name)(*arguments)
    if code:
        said = ctypes.c_char_p()
        library.cuGetErrorString(code, ctypes.byref(said))
        raise RuntimeError(f"{name}: {(said.value or b'unknown error').decode()} ({code})")


class Kernels:
    """A program on the card. `run` does what the entries of the other targets do, for all patients at once."""

    def __init__(self, plan: Plan, layout: Layout, precision: str):
        library, module = _library(), ctypes.c_void_p()
        text = ptx(plan, layout, precision, card().rpartition(" ")[2]).encode() + b"\0"
        _do(library, "cuModuleLoadDataEx", ctypes.byref(module), text, 0, None, None)
        self.functions = {}
        for name in cpu.ENTRIES:
            function = ctypes.c_void_p()
            _do(library, "cuModuleGetFunction", ctypes.byref(function), module, f"{ENTRY}{name}".encode())
            self.functions[name] = function
        self.module = module

    def run(self, entry, block, keys, start, steps, record, every, frames, events, counts, room) -> None:
        """Block: (slots, patients). Record: (frames, outputs, patients). What was given is overwritten with the results."""
        library, patients = _library(), block.shape[1]
        room = min(room, ROOM)
        log = np.zeros((patients, room, 2), np.int64)
        written = np.full(patients, 0 if frames is None else frames[0], np.int64)
        given = [block, keys, record, written, log, counts]
        held: list[ctypes.c_uint64] = []
        try:
            for array in given:
                held.append(address := ctypes.c_uint64(0))
                if array is not None and array.nbytes:
                    assert array.flags.c_contiguous
                    size, here = ctypes.c_size_t(array.nbytes), ctypes.c_void_p(array.ctypes.data)
                    _do(library, "cuMemAlloc_v2", ctypes.byref(address), size)
                    _do(library, "cuMemcpyHtoD_v2", address, here, size)
            data, key, rec, frame, event, count = held
            whole = [ctypes.c_int64(int(n)) for n in (start, steps, every, room, patients)]
            arguments = [data, key, whole[0], whole[1], rec, whole[2], frame, event, count, whole[3], whole[4]]
            pointers = (ctypes.c_void_p * len(arguments))(*(ctypes.addressof(a) for a in arguments))
            blocks = -(-patients // THREADS)
            _do(library, "cuLaunchKernel", self.functions[entry], blocks, 1, 1, THREADS, 1, 1, 0, None, pointers, None)
            _do(library, "cuCtxSynchronize")
            for array, address in zip(given, held, strict=True):
                if address.value and array is not keys:
                    size, here = ctypes.c_size_t(array.nbytes), ctypes.c_void_p(array.ctypes.data)
                    _do(library, "cuMemcpyDtoH_v2", here, address, size)
        finally:
            for address in held:
                if address.value:
                    library.cuMemFree_v2(address)
        events[:, :room] = log
        if frames is not None:
            frames[0] = written[0]
