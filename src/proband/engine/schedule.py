"""The order in which a block's equations are written down, so that few results wait in registers at a time."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from proband.engine.graph import Graph


def ordered(graph: Graph, nodes: Sequence[int]) -> list[int]:
    """The same nodes, each after those it needs; the order changes no bit.

    Of what could come next, that which frees most registers comes first (a list scheduler with the register need as its
    priority, after Goodman & Hsu 1988 Int Conf Supercomputing 442), and then what follows closest on its arguments: a result
    that waits long is put away to memory, and a right-hand side of a thousand operations spends its time there."""
    inside = set(nodes)
    needs = {i: {a for a in graph.args[i] if a in inside} for i in nodes}
    users: dict[int, list[int]] = {i: [] for i in nodes}
    for i in nodes:
        for a in needs[i]:
            users[a].append(i)
    waiting = {i: len(users[i]) for i in nodes}  # users that have not come yet
    missing = {i: len(needs[i]) for i in nodes}
    place: dict[int, int] = {}

    def urgency(i: int) -> tuple[int, int, int]:
        freed = sum(waiting[a] == 1 for a in needs[i])
        return (waiting[i] > 0) - freed, -max((place[a] for a in needs[i]), default=-1), i

    ready = [urgency(i) for i in nodes if not missing[i]]
    heapq.heapify(ready)
    while ready:
        i = heapq.heappop(ready)[2]
        if i in place:  # it had become more urgent, and has come
            continue
        place[i] = len(place)
        for a in needs[i]:
            waiting[a] -= 1
            if waiting[a] == 1:
                last = next(u for u in users[a] if u not in place)
                if not missing[last]:
                    heapq.heappush(ready, urgency(last))
        for u in users[i]:
            missing[u] -= 1
            if not missing[u]:
                heapq.heappush(ready, urgency(u))
    return list(place)
