"""A reader of PTX that plays every thread of a launch in NumPy, so that a kernel's own text is tried where there is no card.

Registers hold bits, one number for each thread. The instruction that is least far in the text goes first, for the threads that
stand there: threads that part at a branch meet again. An exchange within a warp waits until all 32 are there."""

from __future__ import annotations

import re

import numpy as np

WARP = 32
FLOATS = {"f32": np.float32, "f64": np.float64}
INTEGERS = {f"{sign}{bits}": np.dtype(f"{kind}{bits // 8}") for sign, kind in (("u", "u"), ("s", "i"), ("b", "u")) for bits in (32, 64)}  # fmt: skip
TYPES = {**{k: np.dtype(v) for k, v in FLOATS.items()}, **INTEGERS, "pred": np.dtype("u1")}
COMPARE = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}
TWO = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor, "min": np.minimum, "max": np.maximum}  # fmt: skip
ONE = {"neg": np.negative, "mov": np.asarray, "abs": np.abs, "rcp": lambda x: 1 / x, "cvta": np.asarray}


class Launch:
    """`arguments`: arrays, which the kernel may write to, and whole numbers."""

    def __init__(self, text: str, arguments: list, blocks: int, threads: int):
        self.count, self.threads = blocks * threads, threads
        self.lines, self.labels = parsed(text)
        self.registers: dict[str, np.ndarray] = {}
        at, self.parameters, pieces = 256, [], []
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                pieces.append((at, argument))
                self.parameters.append(at)
                at += -(-argument.nbytes // 256) * 256
            else:
                self.parameters.append(int(argument))
        self.memory = np.zeros(at, np.uint8)
        for begin, array in pieces:
            self.memory[begin : begin + array.nbytes] = np.frombuffer(array.tobytes(), np.uint8)
        number = np.arange(self.count)
        self.special = {
            "%ctaid.x": number // threads,
            "%tid.x": number % threads,
            "%ntid.x": np.full(self.count, threads),
        }
        self.play()
        for begin, array in pieces:
            array[...] = np.frombuffer(self.memory[begin : begin + array.nbytes].tobytes(), array.dtype).reshape(array.shape)  # fmt: skip

    def play(self) -> None:
        at = np.zeros(self.count, int)
        end = len(self.lines)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            while int(at.min()) < end:
                first, here = self.next(at)
                guard, name, operands = self.lines[first]
                at[here] += 1
                if guard:
                    taken = self.read(guard.lstrip("!"), "pred") != 0
                    here = here & (~taken if guard.startswith("!") else taken)
                if name[0] == "bra":
                    at[here] = self.labels[operands[0]]
                elif name[0] == "ret":
                    at[here] = end
                elif here.any():
                    self.obey(name, operands, here)

    def next(self, at: np.ndarray) -> tuple[int, np.ndarray]:
        """The instruction that is played now, and by which threads."""
        for first in (int(at.min()), *np.unique(at)[:-1].tolist(), int(at.max())):
            here = at == first
            if first < len(self.lines) and self.lines[first][1][0] == "shfl":
                here = here & np.repeat(here.reshape(-1, WARP).all(axis=1), WARP)
            if first < len(self.lines) and here.any():
                return first, here
        raise AssertionError("threads wait at an exchange for others of their warp, which never come")

    def read(self, operand: str, kind: str) -> np.ndarray:
        """One number for each thread."""
        dtype = TYPES[kind]
        if operand in self.special:
            return self.special[operand].astype(dtype)
        if operand.startswith("%"):
            bits = self.registers[operand]
            return bits.astype(f"u{dtype.itemsize}").view(dtype)
        if operand.startswith(("0f", "0d")):
            whole = int(operand[2:], 16)
        else:
            whole = int(operand, 0) % (1 << 8 * dtype.itemsize)
        return np.full(self.count, whole, np.uint64).astype(f"u{dtype.itemsize}").view(dtype)

    def write(self, register: str, values: np.ndarray, kind: str, here: np.ndarray) -> None:
        dtype = TYPES[kind]
        bits = np.ascontiguousarray(values.astype(dtype)).view(f"u{dtype.itemsize}").astype(np.uint64)
        self.registers[register] = np.where(here, bits, self.registers.get(register, np.uint64(0)))

    def places(self, operand: str, here: np.ndarray, size: int) -> np.ndarray:
        register, _, offset = operand.strip("[]").partition("+")
        found = (self.read(register, "s64") + int(offset or 0))[here]
        assert (found >= 256).all() and (found + size <= len(self.memory)).all(), f"{operand} is nowhere in memory"
        assert (found % size == 0).all(), f"{operand} lies across a boundary"
        return found // size

    def obey(self, name: list[str], operands: list[str], here: np.ndarray) -> None:
        what, kind = name[0], name[-1]
        if what == "ld" and name[1] == "param":
            place = int(re.search(r"_(\d+)\]$", operands[1])[1])  # type: ignore[index]
            self.write(operands[0], np.full(self.count, self.parameters[place]), kind, here)
        elif what == "ld":
            dtype = TYPES[kind]
            values = np.zeros(self.count, dtype)
            values[here] = self.memory.view(dtype)[self.places(operands[1], here, dtype.itemsize)]
            self.write(operands[0], values, kind, here)
        elif what in ("atom", "red", "st"):
            place = operands[what == "atom"]
            dtype = TYPES[kind]
            where, values = self.places(place, here, dtype.itemsize), self.read(operands[-1], kind)[here]
            if what == "st":
                self.memory.view(dtype)[where] = values
            else:
                assert "add" in name, name
                np.add.at(self.memory.view(dtype), where, values)
        elif what == "mov" and operands[0].startswith("{"):  # a pair, the lower half first
            whole = self.read(operands[1], "u64")
            for half, values in zip(operands[0].strip("{}").split(","), (whole, whole >> np.uint64(32)), strict=True):
                self.write(half.strip(), values.astype(np.uint32), "u32", here)
        elif what == "mov" and operands[1].startswith("{"):
            low, high = (self.read(o.strip(), "u32").astype(np.uint64) for o in operands[1].strip("{}").split(","))
            self.write(operands[0], low | high << np.uint64(32), "u64", here)
        elif what == "shfl":
            assert name[1:] == ["sync", "bfly", "b32"] and operands[3:] == ["31", "-1"], operands
            other = np.arange(self.count) ^ int(operands[2])
            self.write(operands[0], self.read(operands[1], "b32")[other], "b32", here)
        elif what == "setp":
            self.write(operands[0], COMPARE[name[1]](*(self.read(o, kind) for o in operands[1:])), "pred", here)
        elif what == "selp":
            a, b = (self.read(o, kind) for o in operands[1:3])
            self.write(operands[0], np.where(self.read(operands[3], "pred") != 0, a, b), kind, here)
        elif what in ("fma", "mad"):
            # Rounded once: a product in more digits, as far as the processor has them.
            more = {"f32": np.float64, "f64": np.longdouble}.get(kind, TYPES[kind])
            a, b, c = (self.read(o, kind).astype(more) for o in operands[1:])
            self.write(operands[0], a * b + c, kind, here)
        elif what == "cvt":
            self.convert(name, operands, here)
        elif what == "mul" and name[1] == "wide":
            a, b = (self.read(o, kind).astype(object) for o in operands[1:])
            self.write(operands[0], (a * b).astype(np.int64), f"{kind[0]}64", here)
        elif what in ("shl", "shr"):
            a, b = self.read(operands[1], kind), self.read(operands[2], "u32").astype(TYPES[kind])
            self.write(operands[0], a << b if what == "shl" else a >> b, kind, here)
        elif what == "div":
            a, b = (self.read(o, kind) for o in operands[1:])
            if kind in FLOATS:
                self.write(operands[0], a / b, kind, here)
            else:
                b = np.where(here, b, 1)
                whole = np.abs(a) // np.abs(b) if kind[0] == "s" else a // b
                self.write(operands[0], whole * np.sign(a) * np.sign(b) if kind[0] == "s" else whole, kind, here)
        elif what in TWO:
            self.write(operands[0], TWO[what](*(self.read(o, kind) for o in operands[1:])), kind, here)
        elif what in ONE:
            self.write(operands[0], ONE[what](self.read(operands[1], kind)), kind, here)
        else:
            raise NotImplementedError(f"{'.'.join(name)} is not read yet")

    def convert(self, name: list[str], operands: list[str], here: np.ndarray) -> None:
        to, source = name[-2:]
        values = self.read(operands[1], source)
        if {"rni", "rzi"} & {*name}:
            values = np.rint(values) if "rni" in name else np.trunc(values)
        self.write(operands[0], values.astype(TYPES[to]), to, here)


def parsed(text: str) -> tuple[list[tuple[str, list[str], list[str]]], dict[str, int]]:
    """Instructions (guard, name in parts, operands), and where labels stand."""
    body = re.sub(r"//.*", "", text[text.index(".entry") :])
    lines, labels = [], {}
    for line in body[body.index("\n{") + 2 : body.rindex("}")].replace(";", "\n").splitlines():
        line = line.strip(" \t{}") if line.strip()[:1] in "{}" else line.strip()  # a pair's own little scope
        if label := re.fullmatch(r"(\$?\w+):", line):
            labels[label[1]] = len(lines)
        elif line and not line.startswith("."):
            guard, rest = re.fullmatch(r"(?:@(!?%\w+)\s+)?(.+)", line).groups()  # type: ignore[union-attr]
            name, _, operands = rest.replace("\t", " ").partition(" ")
            found = re.findall(r"\{[^}]*\}|\[[^]]*\]|[^,\s]+", operands)
            lines.append((guard or "", name.split("."), found))
    return lines, labels
