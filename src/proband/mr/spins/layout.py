"""A tile of spins as compiled code sees it: where its arrays lie, what an order tells, and how both are read."""

from __future__ import annotations

import numpy as np

from proband.mr.spins.vectors import Writer

ORDER = np.dtype(
    [(n, "i8") for n in ("kind", "a", "b", "c", "count", "pointer", "out", "more")]
    + [(n, "f8") for n in ("time", "x", "y", "z", "u", "v", "w", "spare")]
)
KINDS = (
    "decay", "turn", "turn_moving", "apply", "attenuate", "pulse", "pulse_one", "join", "strike", "table", "run", "curved",
    "curved_moving", "move", "move_frames", "kick", "turn_bent", "curved_bent", "follow", "run_on", "hear",
    "bowed", "bowed_bent",
)  # fmt: skip
CONTEXT = (
    "orders", "count", "rows", "row_count", "table", "stride", "buffer", "receive", "groups", "group_count", "out",
    "plane", "frames", "kicks", "coils", "channels", "first_tile", "tiles", "spins", "all_receive", "all_groups",
    "first_group", "after", "after_stride",
)  # fmt: skip
POINTERS = {"orders", "rows", "table", "buffer", "receive", "groups", "out", "frames", "kicks"}
POINTERS |= {"all_receive", "all_groups", "first_group", "after"}
ROW = np.dtype([("pointer", "i8"), ("step", "i8"), ("fill", "f8")])  # where a row of numbers lies; what stands for none
STATE = ("mx", "my", "mz", "wx", "wy", "wz")
DIFFUSION = ("Dxx", "Dyy", "Dzz", "Dxy", "Dxz", "Dyz")  # m²/s
# Then the transmit field, re and im by channel; STATE; of a coil alone its sensitivity, re and im.
ROWS = ("x", "y", "z", "off", "density", "T1", "T2", *DIFFUSION, "vx", "vy", "vz")
BLOCK = 24  # samples of a pulse between two portions of relaxation, at most
ROWS_HEARD = 4  # of straight readouts, summed together: as many as the registers hold
TOGETHER = 0.06  # turns during which rotation and relaxation may be taken one after the other
MOST = 0.25  # turns of a spin in one sample of a pulse; longer samples are cut


class Layout:
    """Where the arrays of a tile lie in its buffer, bytes. Double arrays first, then the solver's number."""

    x: int
    y: int
    z: int
    off: int
    vx: int
    vy: int
    vz: int
    wx: int
    wy: int
    wz: int
    extra: int
    mx: int
    my: int
    mz: int
    m0: int
    R1: int
    R2: int
    Dxx: int  # and the rest of `DIFFUSION`

    def __init__(self, number: str, lanes: int, spins: int):
        self.size = 4 if number == "float" else 8
        self.number, self.lanes, self.spins = number, lanes, spins
        self.wide = 1 if lanes * self.size == 32 else 2  # registers of samples in a row; AVX2 has half the registers
        self.samples = self.wide * lanes  # of a row
        self.one, self.end = spins * self.size, 0
        for name in ("x", "y", "z", "off", "vx", "vy", "vz", "wx", "wy", "wz", "extra"):
            setattr(self, name, self.take(8 * spins))
        for name in ("mx", "my", "mz", "m0", "R1", "R2", *DIFFUSION):
            setattr(self, name, self.take(self.one))
        self.current = self.take(2 * self.one)
        self.left = self.take(3 * ROWS_HEARD * self.one)
        self.powers = self.take(2 * (lanes.bit_length() - 1) * self.one)
        self.near = self.take(7 * self.one)  # places and their squares, in the solver's number
        self.sums = self.take(2 * self.samples * self.size * ROWS_HEARD * spins)  # of each group
        self.local = 0

    def take(self, size: int) -> int:
        here, self.end = self.end, self.end + (size + 63) // 64 * 64
        return here

    def decay(self) -> int:
        return self.take(2 * self.one)

    turn = decay

    def pulse(self) -> int:
        return self.take(12 * self.one)

    def table(self) -> int:
        return self.take(2 * self.samples * self.one)


class Tile:
    """How functions of one number, lane count and layout reach a tile's arrays, their order, and what all tiles share."""

    def __init__(self, layout: Layout):
        self.at, self.N, self.L = layout, layout.spins, layout.lanes
        self.number = layout.number
        self.names = {name: 8 * i for i, name in enumerate(CONTEXT)}
        self.fields = {name: 8 * i for i, name in enumerate(ORDER.names or ())}

    # reading ------------------------------------------------------------------------------------------------------
    def writer(self) -> Writer:
        return Writer(self.number, self.L)

    def context(self, w: Writer, name: str) -> str:
        kind = "ptr" if name in POINTERS else "i64"
        return w.load(w.at("%ctx", self.names[name]), kind)

    def field(self, w: Writer, name: str) -> str:
        kind = "ptr" if name == "pointer" else "i64" if self.fields[name] < 64 else "double"
        return w.load(w.at("%order", self.fields[name]), kind)

    def place(self, w: Writer, base: str, offset: str | int, i: str, double: bool = False) -> str:
        """Address of lane group that begins at spin i of the array at this offset."""
        byte = w.mul_i(i, 8 if double else self.at.size)
        return w.at(w.at(base, offset), byte)

    def get(self, w: Writer, offset: str | int, i: str, base: str = "%buffer") -> str:
        return w.load(self.place(w, base, offset, i))

    def put(self, w: Writer, value: str, offset: str | int, i: str, base: str = "%buffer") -> None:
        w.store(value, self.place(w, base, offset, i))

    def get_d(self, w: Writer, offset: str | int, i: str, base: str = "%buffer") -> str:
        return w.load(self.place(w, base, offset, i, double=True), w.D)

    def put_d(self, w: Writer, value: str, offset: str | int, i: str, base: str = "%buffer") -> None:
        w.store(value, self.place(w, base, offset, i, double=True), w.D)

    def number_of(self, w: Writer, name: str) -> str:
        """A field of the order on all lanes, in the solver's number."""
        value = self.field(w, name)
        if self.number == "float":
            value = w.let(f"fptrunc double {value} to float")
        return w.splat(value)

    def begin(self) -> Writer:
        w = self.writer()
        w.do(f"%buffer = load ptr, ptr {w.at('%ctx', self.names['buffer'])}, align 8")
        return w

    def finish(self, w: Writer, name: str) -> str:
        return w.function(f"internal void @{name}(ptr noalias %ctx, ptr noalias %order) noinline")
