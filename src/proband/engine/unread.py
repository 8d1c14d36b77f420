"""What nobody hears of is not computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proband.engine.graph import LEAVES

if TYPE_CHECKING:
    from proband.engine.tracing import Tracer


def forget_unread(tracer: Tracer, derivatives: list[int], observed: list[int]) -> tuple[frozenset[int], list[int]]:
    """Drop what sampled parts tell and keep for themselves where nobody hears of it: no equation, no alarm, no
    observer. The held slots that are dropped, and the nodes that are needed."""
    ops, arguments, groups = tracer.graph.ops, tracer.graph.args, tracer.groups.values()
    writer = {slot: node for group in groups for slot, node in (*group.outputs, *group.memory)}
    heard = {i for name, (i, _) in tracer.held.items() if name.rpartition(".")[0] in tracer.foreign}
    heard |= {bell.held for bell in tracer.bells}
    stack = [*derivatives, *observed, *(r.source for r in tracer.rings)]
    stack += [writer[slot] for slot in heard & writer.keys()]
    seen, needed = bytearray(len(ops)), []
    while stack:
        i = stack.pop()
        if seen[i]:
            continue
        seen[i] = 1
        needed.append(i)
        op = ops[i]
        if op not in LEAVES:
            stack += arguments[i]
        elif op == "held" and (slot := arguments[i][0]) not in heard:
            heard.add(slot)
            if slot in writer:
                stack.append(writer[slot])
    for group in groups:
        group.outputs = [(slot, node) for slot, node in group.outputs if slot in heard]
        group.memory = [(slot, node) for slot, node in group.memory if slot in heard]
    return frozenset(writer.keys() - heard), needed
