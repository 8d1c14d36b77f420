"""The order in which a block's equations are written down, so that a processor seldom waits."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from proband.engine.graph import Graph

# Cycles until a result is there, and instructions it takes, on processors of the years 2015 to 2025 (rounded from Fog,
# Instruction tables); what is not named takes 4 and 1.
LATENCY = {"div": 22, "sqrt": 24, "exp": 50, "log": 70, "sin": 45, "cos": 45, "tanh": 90, "neg": 1, "select": 3}
LENGTH = {"div": 6, "sqrt": 8, "exp": 24, "log": 34, "sin": 28, "cos": 28, "tanh": 60}
AT_ONCE = 2  # operations that begin in a cycle
REGISTERS = (
    6  # results that may wait for their use: of 16 to 32 registers most hold constants and steps of exponentials
)
LOOK_BACK = 60  # results behind the last one among which a use is sought that makes room


def ordered(graph: Graph, nodes: Sequence[int]) -> list[int]:
    """The same nodes, each after those it needs; the order changes no bit.

    A list scheduler: of what has its operands by now, that with the longest way to the end comes first (critical path, after Gibbons &
    Muchnick 1986 ACM SIGPLAN 21(7):11), so that chains of divisions and exponentials run side by side. Once too many results wait
    to be used, one that makes room comes first (after Goodman & Hsu 1988 Int Conf Supercomputing 442), because a result
    that is put away to memory costs more than a chain that waits."""
    return list(_Bench(graph, nodes).order())


def frugal(graph: Graph, nodes: Sequence[int]) -> list[int]:
    """The same for registers as wide as a cache line, where memory is what a processor waits for: fewest results wait.

    Of what could come next, that which frees most registers comes first (Goodman & Hsu 1988), and then what follows closest
    on its arguments."""
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


class _Bench:
    """What is done, what could come next, and what time it is."""

    def __init__(self, graph: Graph, nodes: Sequence[int]):
        inside = set(nodes)
        self.ops, self.nodes = graph.ops, nodes
        self.needs = {i: {a for a in graph.args[i] if a in inside} for i in nodes}
        self.users: dict[int, list[int]] = {i: [] for i in nodes}
        for i in nodes:
            for a in self.needs[i]:
                self.users[a].append(i)
        self.way: dict[int, int] = {}  # cycles from here to the end
        for i in self._backwards():
            self.way[i] = LATENCY.get(graph.ops[i], 4) + max((self.way[u] for u in self.users[i]), default=0)
        self.waiting = {i: len(self.users[i]) for i in nodes}  # users that have not come yet
        self.missing = {i: len(self.needs[i]) for i in nodes}
        self.there: dict[int, float] = {}  # when a result is there
        self.placed: list[int] = []
        self.live = 0

    def _backwards(self) -> list[int]:
        """Every node after all of its users. Nodes are numbered in the order of their needs, but for a few."""
        left, done = {i: len(self.users[i]) for i in self.nodes}, []
        ready = [i for i in self.nodes if not left[i]]
        while ready:
            i = ready.pop()
            done.append(i)
            for a in self.needs[i]:
                left[a] -= 1
                if not left[a]:
                    ready.append(a)
        return done

    def order(self) -> Iterator[int]:
        now = 0.0
        ready = [(-self.way[i], i) for i in self.nodes if not self.missing[i]]
        later: list[tuple[float, int]] = []  # operands are on their way
        heapq.heapify(ready)
        while len(self.placed) < len(self.nodes):
            while later and later[0][0] <= now:
                i = heapq.heappop(later)[1]
                heapq.heappush(ready, (-self.way[i], i))
            i = self.relief() if self.live >= REGISTERS else None
            if i is None:
                while ready and ready[0][1] in self.there:
                    heapq.heappop(ready)
                if not ready:
                    now = later[0][0]
                    continue
                i = heapq.heappop(ready)[1]
            now += LENGTH.get(self.ops[i], 1) / AT_ONCE
            for u in self.place(i, now + LATENCY.get(self.ops[i], 4)):
                heapq.heappush(later, (max(self.there[a] for a in self.needs[u]), u))
            yield i

    def relief(self) -> int | None:
        """A use of a late result after which no more results wait than before."""
        for made in reversed(self.placed[-LOOK_BACK:]):
            for u in self.users[made]:
                if u not in self.there and not self.missing[u]:
                    freed = sum(self.waiting[a] == 1 for a in self.needs[u])
                    if freed >= (self.waiting[u] > 0):
                        return u
        return None

    def place(self, i: int, there: float) -> list[int]:
        """Note that a node has come; gives those that wait for nothing else."""
        self.there[i] = there
        self.placed.append(i)
        self.live += self.waiting[i] > 0
        for a in self.needs[i]:
            self.waiting[a] -= 1
            self.live -= not self.waiting[a]
        free = []
        for u in self.users[i]:
            self.missing[u] -= 1
            if not self.missing[u]:
                free.append(u)
        return free
