"""A long block cut into pieces that a compiler takes one at a time, since its work on one grows with the square of its length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from proband.engine.graph import Graph
from proband.engine.schedule import LENGTH


@dataclass
class Piece:
    """Some of a block's nodes in order, the roots that are at hand then, and what passes from piece to piece."""

    nodes: list[int]
    roots: list[int] = field(default_factory=list)
    finds: dict[int, int] = field(default_factory=dict)  # node → the place where an earlier piece has left it
    leaves: dict[int, int] = field(default_factory=dict)  # node → the place where this one leaves it


def whole(order: Sequence[int], roots: Sequence[int]) -> Piece:
    """A block in one piece."""
    return Piece(list(order), list(dict.fromkeys(roots)))


def cut(
    graph: Graph, order: Sequence[int], roots: Sequence[int], first: Mapping[int, Sequence[int]], longest: int
) -> tuple[list[Piece], int]:
    """The pieces of an order, each of at most about so many instructions, and how many places they need between them. Before the root `r` is handed over the leaves
    `first[r]` are read, and never again."""
    pieces = [Piece(nodes) for nodes in _even(graph, order, longest)]
    last = len(pieces) - 1
    home = {i: k for k, piece in enumerate(pieces) for i in piece.nodes}
    for i in dict.fromkeys(roots):
        pieces[home.get(i, last)].roots.append(i)
        for leaf in first.get(i, ()):
            home.setdefault(leaf, home.get(i, last))
    until: dict[int, int] = {}  # node → the last piece that reads it
    for k, piece in enumerate(pieces):
        for i in piece.nodes:
            until.update((a, k) for a in graph.args[i] if home.get(a, k) < k)
        until.update((i, k) for i in piece.roots if home.get(i, k) < k)
    return pieces, _places(pieces, home, until)


def _even(graph: Graph, order: Sequence[int], longest: int) -> list[list[int]]:
    """As few pieces as may be, all about as long."""
    lengths = [LENGTH.get(graph.ops[i], 1) for i in order]
    whole = sum(lengths)
    count = max(1, -(-whole // longest))
    found: list[list[int]] = [[] for _ in range(count)]
    before = 0
    for i, length in zip(order, lengths, strict=True):
        found[min(before * count // whole, count - 1)].append(i)
        before += length
    return found


def _places(pieces: Sequence[Piece], home: Mapping[int, int], until: Mapping[int, int]) -> int:
    """Give each node that is read later a place, which another gets after its last reader."""
    free: list[int] = []
    count = 0
    mine: dict[int, dict[int, int]] = {}  # piece → what it leaves
    for i in until:
        mine.setdefault(home[i], {})[i] = -1
    ending: dict[int, list[int]] = {}
    for k, piece in enumerate(pieces):
        for i in mine.get(k, ()):
            if free:
                place = free.pop()
            else:
                place, count = count, count + 1
            piece.leaves[i] = place
            for later in range(k + 1, until[i] + 1):
                pieces[later].finds[i] = place
            ending.setdefault(until[i], []).append(place)
        free += ending.pop(k, ())
    return count
