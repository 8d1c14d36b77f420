"""LLVM IR that counts a value of each lane into its histogram (`engine.tally` says how)."""

from __future__ import annotations

from proband.engine.llvm_math import Lanes
from proband.engine.tally import BINS, FINEST, LEAST


def functions(lanes: Lanes, strided: bool) -> str:
    """`tally` for all lanes; a lane's own work has branches, since a value beyond the bins is rare."""
    stride, more = ("%stride", ", i64 %stride") if strided else (str(lanes.width), "")
    s, half = lanes.scalar, BINS // 2
    lit = lanes.literal

    def at(name: str, slot: str) -> str:
        return f"  %{name}_o = mul i64 {slot}, {stride}\n  %{name} = getelementptr {s}, ptr %b, i64 %{name}_o\n"

    def merged(up: bool) -> str:
        """Two bins into one, from the end at which they stay, and as many empty ones at the other."""
        n = "up" if up else "down"
        towards = "add" if up else "sub"
        start = 0 if up else BINS - 1
        return (
            f"{n}:\n  br label %{n}_next\n{n}_next:\n"
            f"  %i_{n} = phi i64 [ 0, %{n} ], [ %i1_{n}, %{n}_next ]\n"
            f"  %two_{n} = shl i64 %i_{n}, 1\n"
            f"  %a_{n} = {towards} i64 {start}, %two_{n}\n"
            f"  %b_{n} = {towards} i64 %a_{n}, 1\n"
            f"  %o_{n} = {towards} i64 {start}, %i_{n}\n"
            f"  %sa_{n} = add i64 %counts, %a_{n}\n  %sb_{n} = add i64 %counts, %b_{n}\n  %so_{n} = add i64 %counts, %o_{n}\n"
            + at(f"pa_{n}", f"%sa_{n}") + at(f"pb_{n}", f"%sb_{n}") + at(f"po_{n}", f"%so_{n}")
            + f"  %xa_{n} = load {s}, ptr %pa_{n}\n  %xb_{n} = load {s}, ptr %pb_{n}\n"
            f"  %xs_{n} = fadd {s} %xa_{n}, %xb_{n}\n  store {s} %xs_{n}, ptr %po_{n}\n"
            f"  %i1_{n} = add i64 %i_{n}, 1\n  %go_{n} = icmp ult i64 %i1_{n}, {half}\n"
            f"  br i1 %go_{n}, label %{n}_next, label %{n}_empty\n{n}_empty:\n"
            f"  %j_{n} = phi i64 [ {half}, %{n}_next ], [ %j1_{n}, %{n}_empty ]\n"
            f"  %e_{n} = {towards} i64 {start}, %j_{n}\n  %se_{n} = add i64 %counts, %e_{n}\n"
            + at(f"pe_{n}", f"%se_{n}")
            + f"  store {s} {lit(0.0)}, ptr %pe_{n}\n  %j1_{n} = add i64 %j_{n}, 1\n"
            f"  %more_{n} = icmp ult i64 %j1_{n}, {BINS}\n  br i1 %more_{n}, label %{n}_empty, label %{n}_done\n{n}_done:\n"
            + ("" if up else f"  %span = fmul {s} %w, {lit(float(BINS))}\n  %lower = fsub {s} %l, %span\n  store {s} %lower, ptr %plow\n")
            + f"  %twice_{n} = fmul {s} %w, {lit(2.0)}\n  store {s} %twice_{n}, ptr %pwidth\n  br label %look\n"
        )  # fmt: skip

    one = (
        f"define internal void @tally_one(ptr %b, {s} %x, i64 %first{more}) noinline {{\nentry:\n"
        f"  %second = add i64 %first, 1\n  %counts = add i64 %first, 2\n" + at("plow", "%first") + at("pwidth", "%second")
        + f"  %above = fcmp ogt {s} %x, {lit(float('-inf'))}\n  %under = fcmp olt {s} %x, {lit(float('inf'))}\n"
        f"  %finite = and i1 %above, %under\n  br i1 %finite, label %begin, label %done\nbegin:\n"
        f"  %w0 = load {s}, ptr %pwidth\n  %fresh = fcmp oeq {s} %w0, {lit(0.0)}\n"
        f"  br i1 %fresh, label %make, label %look\nmake:\n"
        f"  %size = call {s} @llvm.fabs.f{lanes.bits}({s} %x)\n  %small = fcmp olt {s} %size, {lit(LEAST)}\n"
        f"  %sure = select i1 %small, {s} {lit(LEAST)}, {s} %size\n  %fine = fmul {s} %sure, {lit(FINEST)}\n"
        f"  store {s} %fine, ptr %pwidth\n  %side = fmul {s} %fine, {lit(BINS / 2)}\n"
        f"  %start = fsub {s} %x, %side\n  store {s} %start, ptr %plow\n  br label %look\nlook:\n"
        f"  %w = load {s}, ptr %pwidth\n  %l = load {s}, ptr %plow\n  %off = fsub {s} %x, %l\n  %place = fdiv {s} %off, %w\n"
        f"  %too_low = fcmp olt {s} %place, {lit(0.0)}\n  br i1 %too_low, label %down, label %not_low\nnot_low:\n"
        f"  %too_high = fcmp oge {s} %place, {lit(float(BINS))}\n  br i1 %too_high, label %up, label %put\n"
        + merged(up=True) + merged(up=False)
        + f"put:\n  %k = fptosi {s} %place to i64\n  %slot = add i64 %counts, %k\n" + at("pk", "%slot")
        + f"  %n = load {s}, ptr %pk\n  %n1 = fadd {s} %n, {lit(1.0)}\n  store {s} %n1, ptr %pk\n  br label %done\n"
        "done:\n  ret void\n}\n"
    )  # fmt: skip
    lines = []
    for lane in range(lanes.width):
        x = "%x"
        if lanes.width > 1:
            lines.append(f"  %x{lane} = extractelement {lanes.V} %x, i64 {lane}")
            x = f"%x{lane}"
        lines.append(f"  %b{lane} = getelementptr {s}, ptr %b, i64 {lane}")
        passed = ", i64 %stride" if strided else ""
        lines.append(f"  call void @tally_one(ptr %b{lane}, {s} {x}, i64 %first{passed})")
    every = (
        f"define internal void @tally(ptr %b, {lanes.V} %x, i64 %first{more}) noinline {{\n"
        + "\n".join(lines)
        + "\n  ret void\n}\n"
    )
    return one + every
