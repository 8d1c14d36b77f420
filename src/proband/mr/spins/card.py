"""The spins on an NVIDIA card: a thread a spin, its state in registers, PTX through llvmlite.

The orders are the timeline's own: free precession, pulses sample by sample, straight runs of samples. Of a run each thread
makes 32 samples at a time, anchored in double precision; 31 exchanges between the threads of a warp leave the sum of one
sample to each, which adds it to what is heard. Spins rest here: those that move or walk are the processor's.

Tests have the text assembled by NVIDIA's assembler where that is installed, and play a launch of it by a reader of PTX, with
blocks, warps, exchanges and sums: what is heard is the processor's to rounding. It has not yet run on a card."""

from __future__ import annotations

import ctypes
import functools

import numpy as np

from proband.engine import cpu, cuda
from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence.timeline import Pulse, Timeline
from proband.mr.spins.compiled import optimised
from proband.mr.spins.events import in_order, straights
from proband.mr.spins.kernel import Kernel
from proband.mr.spins.layout import BLOCK, MOST, ORDER, TOGETHER, Layout
from proband.mr.spins.moments import b_values, between, middle
from proband.mr.spins.reference import receiver
from proband.mr.spins.subject import Subject
from proband.mr.spins.vectors import Writer

WARP = 32
THREADS = 128  # of a block, assumed: registers allow some blocks at a time on each multiprocessor
FREE, PULSE, RUN = range(3)
SPIN = ("x", "y", "z", "off", "density", "T1", "T2", "D")  # then the transmit field and the sensitivities, re and im
HEAD = "ptr %orders, i64 %count, ptr %data, ptr %spins, ptr %out, i64 %n, i64 %channels, i64 %coils, i64 %plane"


class CardKernel:
    """Writes the text of one thread's work: `warp` for a card, else for a processor that tries thread after thread."""

    def __init__(self, number: str, warp: bool):
        self.number, self.warp = number, warp
        self.size = 4 if number == "float" else 8
        self.shared = Kernel(Layout(number, 1, 1))  # its arithmetic of pulses
        self.w = Writer(number, 1)

    def double(self, x: str) -> str:
        """A scalar double as the writer's vector of one."""
        return self.w.splat(x, True)

    def row(self, number: str | int) -> str:
        """One of this spin's numbers, double."""
        w = self.w
        return w.load(w.at("%spins", w.mul_i(w.add(w.mul_i(number, "%n"), "%spin"), 8)), w.D)

    def field(self, name: str) -> str:
        offset = 8 * (ORDER.names or ()).index(name)
        return self.w.load(self.w.at("%order", offset), "i64" if offset < 64 else "double")

    def text(self) -> str:
        w = self.w
        here = w.let("icmp slt i64 %p, %n")  # threads beyond the last spin listen along with nothing to say
        last = w.add("%n", -1)
        w.do(f"%spin = select i1 {here}, i64 %p, i64 {last}")
        share = self.double(w.let(f"select i1 {here}, double 1.0, double 0.0"))
        self.spin = {name: self.row(k) for k, name in enumerate(SPIN)}
        self.m0 = w.narrow(w.times(self.spin["density"], share, w.D))
        one = w.c(1.0, True)
        self.R1, self.R2 = (w.narrow(w.op("fdiv", one, self.spin[n], w.D)) for n in ("T1", "T2"))
        self.D = w.narrow(self.spin["D"])
        self.m = [w.variable(w.T) for _ in range(3)]
        for p, value in zip(self.m, (w.c(0.0), w.c(0.0), self.m0), strict=True):
            w.store(value, p)
        with w.loop("%count") as j:
            w.do(f"%order = getelementptr i8, ptr %orders, i64 {w.mul_i(j, ORDER.itemsize)}")
            kind = self.field("kind")
            for number, obey in ((FREE, self.free), (PULSE, self.pulse), (RUN, self.run)):
                with w.when(w.let(f"icmp eq i64 {kind}, {number}")):
                    obey()
        body = "\n".join(["entry:", *self.place(), *w.entry, *w.lines, "  ret void", "}"])
        if self.warp:
            return f"define ptx_kernel void @play_spins({HEAD}) {{\n{body}\n\n{self.declarations()}"
        return f"define void @play_spins({HEAD}, i64 %p) {{\n{body}\n\n{self.declarations()}"

    def place(self) -> list[str]:
        """Which spin a thread is."""
        if not self.warp:
            return []
        return [
            "  %block = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()",
            "  %size = call i32 @llvm.nvvm.read.ptx.sreg.ntid.x()",
            "  %thread = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()",
            "  %block64 = zext i32 %block to i64",
            "  %size64 = zext i32 %size to i64",
            "  %thread64 = zext i32 %thread to i64",
            "  %before = mul i64 %block64, %size64",
            "  %p = add i64 %before, %thread64",
            "  %lane = and i64 %p, 31",
        ]

    def declarations(self) -> str:
        heads = []
        for bits, number in ((64, "double"), *(() if self.number == "double" else ((32, "float"),))):
            V, name = f"<1 x {number}>", f"v1f{bits}"
            heads.append(f"declare {V} @llvm.fma.{name}({V}, {V}, {V})")
            heads.append(f"declare {V} @llvm.rint.{name}({V})")
        if self.warp:
            heads += [f"declare i32 @llvm.nvvm.read.ptx.sreg.{r}.x()" for r in ("ctaid", "ntid", "tid")]
            heads.append("declare i32 @llvm.nvvm.shfl.sync.bfly.i32(i32, i32, i32, i32)")
        return "\n".join(heads)

    # orders -------------------------------------------------------------------------------------------------------
    def turns(self, time: str, moments: list[str]) -> str:
        total = self.w.times(time, self.spin["off"], self.w.D)
        for moment, axis in zip(moments, ("x", "y", "z"), strict=True):
            total = self.w.fma(moment, self.spin[axis], total, True)
        return total

    def decayed(self, time: str, rate: str) -> str:
        """exp(−time·rate); time double."""
        w = self.w
        return w.exp(w.times(w.times(w.narrow(time), w.c(-1.0)), rate))

    def free(self) -> None:
        """Precession by moments, relaxation over `time`, diffusion with the b-value u."""
        w = self.w
        time, *moments = (self.double(self.field(n)) for n in ("time", "x", "y", "z"))
        c, s = w.cos_sin(self.turns(time, moments))
        e1, e2 = self.decayed(time, self.R1), self.decayed(time, self.R2)
        e2 = w.times(e2, self.decayed(self.double(self.field("u")), self.D))
        c, s = w.times(c, e2), w.times(s, e2)
        x, y, z = (w.load(p) for p in self.m)
        w.store(w.fma(y, s, w.times(x, c)), self.m[0])
        w.store(w.minus(w.times(y, c), w.times(x, s)), self.m[1])
        w.store(w.fma(w.minus(z, self.m0), e1, self.m0), self.m[2])

    def spin_about(self, c: str, s: str) -> None:
        """Turn the magnetisation about z."""
        w = self.w
        x, y = w.load(self.m[0]), w.load(self.m[1])
        w.store(w.minus(w.times(x, c), w.times(y, s)), self.m[0])
        w.store(w.fma(y, c, w.times(x, s)), self.m[1])

    def pulse(self) -> None:
        """`count` samples from byte a of the data, relaxation around every `more` of them; phase cosine u and sine v."""
        w, size = self.w, self.size
        count, begin, block = (self.field(n) for n in ("count", "a", "more"))
        data, step = w.at("%data", begin), self.field("time")
        c, s = (w.narrow(self.double(self.field(n))) for n in ("u", "v"))
        minus = w.times(s, w.c(-1.0))
        row = w.mul_i(w.add(w.mul_i("%channels", 2), 4), size)
        spot = [w.narrow(self.spin[n]) for n in ("x", "y", "z", "off")]
        self.spin_about(c, s)
        with w.loop(w.let(f"sdiv i64 {w.add(count, w.add(block, -1))}, {block}")) as j:
            first = w.mul_i(j, block)
            stop = w.add(first, block)
            short = w.let(f"icmp sgt i64 {stop}, {count}")
            stop = w.let(f"select i1 {short}, i64 {count}, i64 {stop}")
            many = w.let(f"sitofp i64 {w.let(f'sub i64 {stop}, {first}')} to double")
            half = self.double(w.let(f"fmul double {w.let(f'fmul double {many}, 0.5')}, {step}"))
            e1, e2 = self.decayed(half, self.R1), self.decayed(half, self.R2)
            q = [w.variable(w.T) for _ in range(4)]
            for k, p in enumerate(q):
                w.store(w.c(1.0 if k == 0 else 0.0), p)
            with w.loop(stop, first) as k:
                here = w.at(data, w.mul_i(k, row))
                g = [w.splat(w.load(w.at(here, size * i), self.number)) for i in range(4)]
                bx, by = w.variable(w.T), w.variable(w.T)
                for p in (bx, by):
                    w.store(w.c(0.0), p)
                with w.loop("%channels") as channel:
                    wave = w.at(here, w.add(w.mul_i(channel, 2 * size), 4 * size))
                    a, b = (w.splat(w.load(w.at(wave, size * i), self.number)) for i in range(2))
                    at = w.add(w.mul_i(channel, 2), len(SPIN))
                    re, im = w.narrow(self.row(at)), w.narrow(self.row(w.add(at, 1)))
                    w.store(w.fma(a, re, w.minus(w.load(bx), w.times(b, im))), bx)
                    w.store(w.fma(a, im, w.fma(b, re, w.load(by))), by)
                bz = w.dot([(g[axis], spot[axis]) for axis in (3, 0, 1, 2)])
                self.shared.sample(w, bz, (w.load(bx), w.load(by)), q)
            turn = self.shared.matrix(w, [w.load(p) for p in q])
            x, y, z = (w.load(p) for p in self.m)
            z = w.fma(w.minus(z, self.m0), e1, self.m0)
            old = [w.times(x, e2), w.times(y, e2), z]
            x, y, z = (w.dot(list(zip(line, old, strict=True))) for line in turn)
            for p, value in zip(self.m, (w.times(x, e2), w.times(y, e2)), strict=False):
                w.store(value, p)
            w.store(w.fma(w.minus(z, self.m0), e1, self.m0), self.m[2])
        self.spin_about(c, minus)

    def run(self) -> None:
        """`count` samples every `time` s from place `out` on, the moment of one step x, y, z."""
        w = self.w
        count, out = self.field("count"), self.field("out")
        dwell, *moments = (self.double(self.field(n)) for n in ("time", "x", "y", "z"))
        one = self.turns(dwell, moments)
        c, s = w.cos_sin(one)
        e2 = self.decayed(dwell, self.R2)
        c, s = w.times(c, e2), w.times(s, e2)
        mx, my = w.load(self.m[0]), w.load(self.m[1])
        with w.loop(count, step=WARP) as base:
            late = self.double(w.let(f"sitofp i64 {base} to double"))
            a, b = w.cos_sin(w.times(late, one, w.D))
            far = self.decayed(w.times(late, dwell, w.D), self.R2)
            a, b = w.times(a, far), w.times(b, far)
            x, y = w.fma(my, b, w.times(mx, a)), w.minus(w.times(my, a), w.times(mx, b))
            samples = []
            for _ in range(WARP):
                samples.append((x, y))
                x, y = w.fma(y, s, w.times(x, c)), w.minus(w.times(y, c), w.times(x, s))
            with w.loop("%coils") as coil:
                at = w.add(w.mul_i(w.add("%channels", coil), 2), len(SPIN))
                re, im = w.narrow(self.row(at)), w.narrow(self.row(w.add(at, 1)))
                parts = [
                    [w.minus(w.times(x, re), w.times(y, im)) for x, y in samples],
                    [w.fma(x, im, w.times(y, re)) for x, y in samples],
                ]
                for part, values in enumerate(parts):
                    plane = w.mul_i(w.add(w.mul_i(coil, 2), part), "%plane")
                    self.hear(w.add(w.add(plane, out), base), w.let(f"sub i64 {count}, {base}"), values)

    def hear(self, place: str, left: str, values: list[str]) -> None:
        """Add the samples of all threads to what is heard from `place` on, as many as are left."""
        w = self.w

        def add(sample: str, value: str) -> None:
            with w.when(w.let(f"icmp slt i64 {sample}, {left}")):
                number = w.let(f"extractelement {w.D} {w.widen(value)}, i64 0")
                to = w.at("%out", w.mul_i(w.add(place, sample), 8))
                w.let(f"atomicrmw fadd ptr {to}, double {number} monotonic")

        if not self.warp:
            for k, value in enumerate(values):
                add(str(k), value)
            return
        distance = WARP // 2
        while distance:  # halve the list, each half to the threads whose number has this bit or not
            bit = w.let(f"icmp ne i64 {w.let(f'and i64 %lane, {distance}')}, 0")
            kept = []
            for low, high in zip(values[:distance], values[distance:], strict=True):
                mine = w.let(f"select i1 {bit}, {w.T} {high}, {w.T} {low}")
                gone = w.let(f"select i1 {bit}, {w.T} {low}, {w.T} {high}")
                kept.append(w.plus(mine, self.exchanged(gone, distance)))
            values, distance = kept, distance // 2
        add("%lane", values[0])

    def exchanged(self, value: str, distance: int) -> str:
        """What the thread that differs in one bit has."""
        w = self.w

        def swap(word: str) -> str:
            return w.let(f"call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 {word}, i32 {distance}, i32 31)")

        if self.number == "float":
            word = swap(w.let(f"bitcast {w.T} {value} to i32"))
            return w.let(f"bitcast i32 {word} to {w.T}")
        whole = w.let(f"bitcast {w.T} {value} to <2 x i32>")
        low, high = (swap(w.let(f"extractelement <2 x i32> {whole}, i64 {k}")) for k in range(2))
        pair = w.let(f"insertelement <2 x i32> poison, i32 {low}, i64 0")
        pair = w.let(f"insertelement <2 x i32> {pair}, i32 {high}, i64 1")
        return w.let(f"bitcast <2 x i32> {pair} to {w.T}")


def ptx(precision: str = "float32", compute: str = "sm_80") -> str:
    """The kernel's PTX, on any machine whose llvmlite knows the target."""
    import llvmlite.binding as llvm

    machine = cuda._machine(compute)
    text = CardKernel("float" if precision == "float32" else "double", True).text()
    return machine.emit_assembly(optimised(llvm, text, machine, cuda.TRIPLE))


class Work:
    """A timeline and spins as the card takes them: `orders`, `data` (bytes of pulses), `spins` (rows, n), `out` (coils, 2, places)."""

    def __init__(self, timeline: Timeline, spins: Isochromats, receive: np.ndarray, precision: str):
        receive = np.atleast_2d(np.asarray(receive, complex))
        subject = Subject.of(spins, len(receive), "echo")
        if subject.moving:
            raise ModelError("on a card spins rest; those that move or walk are played on the processor")
        self.n, self.channels, self.coils = len(spins.density), subject.channels, len(receive)
        transmit = np.atleast_2d(np.asarray(spins.transmit, complex))
        diffusion = np.zeros(self.n) if spins.diffusion is None else spins.diffusion
        if np.ndim(diffusion) > 1:
            raise ModelError("on a card diffusion is alike in all directions; tensors are played on the processor")
        place = np.asarray(spins.position, float)
        rows = [*place.T, spins.off_resonance, spins.density, spins.T1, spins.T2, diffusion]
        rows += [part for field in (*transmit, *receive) for part in (field.real, field.imag)]
        self.spins = np.array(rows, float)
        self.number = np.float32 if precision == "float32" else np.float64
        self.waves, self.bytes = [np.zeros(1, self.number)], np.dtype(self.number).itemsize
        self.list: list[tuple] = []
        self.samples: list[list[tuple[int, int]]] = []
        self.heard, self.now = 0, 0.0
        self.halves = {p.start: p.start + middle(p) for p in timeline.pulses}
        self.halves |= {p.start + p.step * np.shape(p.wave)[-1]: p.start + middle(p) for p in timeline.pulses}
        self.timeline, self.subject = timeline, subject
        self.readouts = []
        for event in in_order(timeline, 0.0, timeline.duration):
            if isinstance(event, Pulse):
                self.pulse(event)
            else:
                self.readout(event)
                self.readouts.append(event)
        self.orders = np.array(self.list, ORDER)
        self.data = np.concatenate(self.waves)
        self.out = np.zeros((self.coils, 2, max(self.heard, 1)))

    def add(self, kind: int, **values: float) -> None:
        self.list.append(tuple(values.get(name, kind if name == "kind" else 0) for name in ORDER.names or ()))

    def to(self, time: float) -> None:
        """Free precession up to a time."""
        if time <= self.now + 1e-13:
            return
        edges = np.array([self.now, time])
        x, y, z = between(self.timeline.gradients, edges)[0][0]
        weight = 0.0
        if self.subject.diffusing:
            # What a pulse's first half gathers counts before it, the rest behind it.
            weight = float(
                np.diff(b_values(self.timeline, np.array([self.halves.get(t, t) for t in edges.tolist()])))[0]
            )
        self.add(FREE, time=time - self.now, x=x, y=y, z=z, u=weight)
        self.now = time

    def pulse(self, pulse: Pulse) -> None:
        wave = np.atleast_2d(np.asarray(pulse.wave, complex))
        samples, s = wave.shape[1], self.subject
        if len(wave) != self.channels:
            raise ModelError(
                f"the pulse at {pulse.start:.6g} s has {len(wave)} transmit channels, but the spins know the field of "
                f"{self.channels}"
            )
        self.to(pulse.start)
        moment = between(self.timeline.gradients, pulse.start + np.arange(samples + 1) * pulse.step)[0]
        most = np.abs(wave).sum(axis=0) * pulse.step * s.transmit + np.abs(moment) @ s.reach + s.fastest * pulse.step
        cut = max(1, int(np.ceil(np.max(most) / MOST)))
        turned = wave * np.exp(2j * np.pi * pulse.frequency * (np.arange(samples) + 0.5) * pulse.step) * pulse.step
        turned = np.ascontiguousarray(turned.T).view(float)
        data = np.repeat(np.concatenate([moment, np.full((samples, 1), pulse.step), turned], axis=1) / cut, cut, axis=0)
        # The bound is that of a box around all spins, which few come near to.
        block = int(np.clip(2 * TOGETHER / (np.max(most) / cut), 1, BLOCK))
        begin = self.bytes * sum(d.size for d in self.waves)
        self.waves.append(np.asarray(data, self.number).reshape(-1))
        self.add(
            PULSE, a=begin, count=len(data), more=block, time=pulse.step / cut, u=np.cos(pulse.phase), v=np.sin(pulse.phase)
        )  # fmt: skip
        self.now = pulse.start + samples * pulse.step

    def readout(self, readout) -> None:
        times = readout.times
        steps = between(self.timeline.gradients, times)[0] if len(times) > 1 else np.zeros((0, 3))
        heard = []
        for a, b, straight in straights(steps * self.subject.reach, len(times), 2):
            pieces = [(a, b)] if straight else [(k, k + 1) for k in range(a, b)]
            for first, last in pieces:
                self.to(times[first])
                x, y, z = steps[first : last - 1].mean(axis=0) if last - first > 1 else np.zeros(3)
                self.add(RUN, count=last - first, out=self.heard, time=readout.dwell, x=x, y=y, z=z)
                heard.append((self.heard, last - first))
                self.heard += last - first
        self.samples.append(heard)

    def signals(self) -> list[np.ndarray]:
        """What was heard, as `solver.simulate` returns it."""
        heard = self.out[:, 0] + 1j * self.out[:, 1]
        found = []
        for readout, stretches in zip(self.readouts, self.samples, strict=True):
            found.append(np.concatenate([heard[:, a : a + k] for a, k in stretches], axis=1) * receiver(readout))
        return found


def simulate(
    timeline: Timeline, spins: Isochromats, receive: np.ndarray, *, precision: str = "float32"
) -> list[np.ndarray]:
    """As `solver.simulate`, on the first NVIDIA card."""
    work = Work(timeline, spins, receive, precision)
    library, module, function = cuda._library(), ctypes.c_void_p(), ctypes.c_void_p()
    text = ptx(precision, cuda.card().rpartition(" ")[2]).encode() + b"\0"
    cuda._do(library, "cuModuleLoadDataEx", ctypes.byref(module), text, 0, None, None)
    held: list[ctypes.c_uint64] = []
    try:
        cuda._do(library, "cuModuleGetFunction", ctypes.byref(function), module, b"play_spins")
        arrays = [work.orders, work.data, work.spins, work.out]
        for array in arrays:
            held.append(address := ctypes.c_uint64(0))
            cuda._do(library, "cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(array.nbytes))
            here, size = ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(array.nbytes)
            cuda._do(library, "cuMemcpyHtoD_v2", address, here, size)
        orders, data, rows, out = held
        whole = [ctypes.c_int64(v) for v in (len(work.orders), work.n, work.channels, work.coils, work.out.shape[2])]
        arguments = [orders, whole[0], data, rows, out, *whole[1:]]
        pointers = (ctypes.c_void_p * len(arguments))(*(ctypes.addressof(a) for a in arguments))
        blocks = -(-work.n // THREADS)
        cuda._do(library, "cuLaunchKernel", function, blocks, 1, 1, THREADS, 1, 1, 0, None, pointers, None)
        cuda._do(library, "cuCtxSynchronize")
        here, size = ctypes.c_void_p(work.out.ctypes.data), ctypes.c_size_t(work.out.nbytes)
        cuda._do(library, "cuMemcpyDtoH_v2", here, held[3], size)
    finally:
        for address in held:
            if address.value:
                library.cuMemFree_v2(address)
        library.cuModuleUnload(module)
    return work.signals()


@functools.cache
def _on_processor(precision: str):
    llvm = cpu._llvm()
    name, features = cpu.processor()
    machine = cpu._machine(name, features)
    module = llvm.parse_assembly(CardKernel("float" if precision == "float32" else "double", False).text())
    module.verify()
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=1))
    passes.getModulePassManager().run(module, passes)
    engine = cpu._load(llvm, machine, machine.emit_object(module))
    kinds = [ctypes.c_void_p, ctypes.c_int64, *[ctypes.c_void_p] * 3, *[ctypes.c_int64] * 5]
    return ctypes.CFUNCTYPE(None, *kinds)(engine.get_function_address("play_spins")), engine


def one_by_one(
    timeline: Timeline, spins: Isochromats, receive: np.ndarray, *, precision: str = "float32", beyond: int = 3
) -> list[np.ndarray]:
    """The card's arithmetic on a processor, thread after thread (some beyond the last spin, as on a card)."""
    work = Work(timeline, spins, receive, precision)
    function, _ = _on_processor(precision)
    for p in range(work.n + beyond):
        function(
            work.orders.ctypes.data, len(work.orders), work.data.ctypes.data, work.spins.ctypes.data, work.out.ctypes.data,
            work.n, work.channels, work.coils, work.out.shape[2], p,
        )  # fmt: skip
    return work.signals()
