"""A timeline as the list of orders that every tile of spins obeys."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict
from dataclasses import dataclass, field, replace

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.timeline import Pulse, Readout, Timeline
from proband.mr.spins.events import STRAIGHT, in_order, moments_of, straights
from proband.mr.spins.hearing_bowed import BOW
from proband.mr.spins.layout import BLOCK, KINDS, MOST, ORDER, ROWS_HEARD, TOGETHER, Layout
from proband.mr.spins.magnus import merged
from proband.mr.spins.moments import b_tensors, beside, between, middle, spread
from proband.mr.spins.subject import Subject

# cycles/m; then, where the fields beside the gradients count, turns/m² (see `moments.beside`)
Moment = tuple[float, ...]
NO_MOMENT = np.zeros(3)
ALIKE = 8  # decimals of a turn to which pulses are told apart: the clock of a long scan tells no more (eps × 15 s × 170 kHz)
NUMBERS = {name: number for number, name in enumerate(KINDS)}
# Turns at the rim of the patient by which a pulse's path may leave that of an earlier one and still be played as that one, what it
# leaves out being turned half before it and half behind it: an error of some hundred-thousandths, as rounding makes, too.
NEIGHBOUR = {4: 5e-4, 8: 0.0}  # by size of the number, bytes
AFRESH = 16  # turns that follow each other before one is made from cosine and sine again
# Of each kind kept for a tile; the longest unused goes first.
ROOM = {"decay": 12, "turn": 10, "pulse": 3, "joined": 4, "table": 4}
# A pulse with the free precession before it: cheaply made, so none pushes out a pulse itself.
SAME = {"joined": "pulse"}


@dataclass
class Orders:
    """What is played, and where what is heard ends up."""

    array: np.ndarray
    samples: list[list[tuple[int, int]]]  # for each readout: stretches (first place, count) of what is heard
    heard: int  # places
    kicks: list[tuple[float, np.ndarray, float]]  # of a random walk: time, mean gradient moment (3,), spread
    alive: list[np.ndarray] = field(default_factory=list)  # what orders point to
    rf_steps: int = 0  # samples of pulses that each spin meets, before they are kept
    events: int = 0  # free intervals between them


def orders(timeline: Timeline, subject: Subject, layout: Layout, start: float, stop: float) -> Orders:
    """All that happens from `start` to `stop`, s. Arrays of the tile are laid out in `layout`, which grows."""
    return _Writing(timeline, subject, layout, start, stop).result


@dataclass(frozen=True)
class Lately:
    """The latest turn of some duration: what it is kept by, its moment, how it differed from the one before, and how many
    followed each other since one was made afresh."""

    key: tuple
    moment: Moment
    step: tuple[int, ...] | None
    count: int


@dataclass(frozen=True)
class Waiting:
    """Rows of straight readouts that are not heard yet: their columns, and where the first of them ends up."""

    columns: int = 0
    first: int = 0
    rows: int = 0

    def following(self, samples: int) -> int:
        return self.first + self.rows * samples


class _Writing:
    def __init__(self, timeline: Timeline, subject: Subject, layout: Layout, start: float, stop: float):
        self.timeline, self.subject, self.layout, self.L = timeline, subject, layout, layout.lanes
        self.rows: list[tuple] = []
        self.result = Orders(np.zeros(0, ORDER), [], 0, [])
        self.kept: dict[str, OrderedDict[tuple, int]] = {kind: OrderedDict() for kind in ROOM}
        self.slots = {
            kind: [getattr(layout, SAME.get(kind, kind))() for _ in range(room)] for kind, room in ROOM.items()
        }
        self.fields = layout.take(2 * subject.channels * layout.lanes * layout.size)
        self.waves: dict[int, bytes] = {}
        # by a pulse's first index: its moments, and to find them again
        self.flat: dict[int, tuple[np.ndarray, bytes]] = {}
        # by what is played: pulses that were made, and by index what their like leave to the free precession beside them
        self.made: dict[tuple, list[tuple[tuple, np.ndarray]]] = {}
        self.rest: dict[tuple[str, int], Moment] = {}
        self.pairs: set[tuple] = set()  # pulses and the free precession before them, as they were met
        self.number = 0
        self.waiting = Waiting()
        self.lately: dict[int, Lately] = {}  # by duration
        events = in_order(timeline, start, stop)
        places = [np.array([start]), *moments_of(events), np.array([stop])]
        edges = np.maximum.accumulate(np.concatenate(places))
        bends = subject.bends[(subject.bends > edges[0]) & (subject.bends < edges[-1])]
        if len(bends):
            self.time = np.union1d(edges, bends)
            self.index = np.searchsorted(self.time, edges)
        else:
            new = np.append(True, edges[1:] > edges[:-1])
            self.time, self.index = edges[new], np.cumsum(new) - 1
        self.clock: list[float] = self.time.tolist()
        self.zeroth, self.first = between(timeline.gradients, self.time)
        reach = subject.reach
        if subject.B0 is not None:
            x, y, z = reach
            reach = np.array([x, y, z, z * z, x * x + y * y, x * z, y * z])
            squares = beside(timeline.gradients, self.time, subject.B0)
            self.zeroth = np.concatenate([self.zeroth, self._around(events, squares, edges)], axis=1)
        self.far = reach
        self.weight = self._weighed(events) if subject.diffusing and not subject.walking else None
        self.bridge = spread(timeline, self.time) if subject.walking else None
        self.reach = (1e12 * reach).tolist()
        # by an index at which events begin or end: the next, the moment
        self.pieces: dict[int, tuple[int, Moment]] = {}
        self.steps: dict[int, Moment] = {}  # of one dwell time, by the first index of a straight readout
        self.chords: dict[
            tuple[float, int], np.ndarray
        ] = {}  # of the latest bowed readout of a kind: its straight step
        if not subject.moving:
            self.look_ahead(events, places)
        else:
            self.move(0)
        self.now = 0  # index of the time that the magnetisation is of
        most_rows = layout.wide
        ends = np.cumsum([1] + [len(p) for p in places[1:-1]])
        bounds = self.index[np.stack([ends[:-1], ends[1:] - 1])].T.tolist()  # first and last index of each event
        for k, (e, (first, last)) in enumerate(zip(events, bounds, strict=True)):
            here = self.index[ends[k] : ends[k + 1]]
            if isinstance(e, Pulse):
                self.pulse(e, here, first, last)
            else:
                most_rows = max(most_rows, -(-e.samples // self.L))
                alone = k + 1 == len(events) or isinstance(events[k + 1], Pulse)
                self.readout(e, here, first, alone)
        self.hear()
        self.to(len(self.time) - 1)
        layout.local = layout.take(2 * self.L * layout.size * (subject.coils + 1) * most_rows)
        array = np.array(self.rows, ORDER)
        local = np.isin(
            array["kind"], [KINDS.index(k) for k in ("curved", "curved_moving", "curved_bent", "bowed", "bowed_bent")]
        )
        array["a"][local] = layout.local
        self.result.array = array

    def add(
        self,
        kind: str,
        a=0,
        b=0,
        c=0,
        count=0,
        pointer=0,
        out=0,
        more=0,
        time=0.0,
        x=0.0,
        y=0.0,
        z=0.0,
        u=0.0,
        v=0.0,
        w=0.0,
        spare=0.0,
    ) -> None:
        self.rows.append((NUMBERS[kind], a, b, c, count, pointer, out, more, time, x, y, z, u, v, w, spare))

    def keep(self, kind: str, key: tuple) -> tuple[int, bool]:
        """The slot of something and whether it is there already."""
        kept = self.kept[kind]
        if key in kept:
            kept.move_to_end(key)
            return kept[key], True
        slot = self.slots[kind][len(kept)] if len(kept) < len(self.slots[kind]) else kept.popitem(last=False)[1]
        kept[key] = slot
        return slot, False

    def unique(self) -> int:
        self.number += 1
        return self.number

    def alike(self, moments: np.ndarray) -> np.ndarray:
        """Moments (…, 3) in turns at the rim of the patient, rounded so that those of the same pulse are the same bytes."""
        return np.round(moments * self.subject.reach, ALIKE) + 0.0

    def rounded(self, moment: Moment) -> tuple[int, ...]:
        """A moment to a millionth of a millionth of a turn at the rim of the patient, to find it again."""
        return tuple([round(m * r) for m, r in zip(moment, self.reach, strict=True)])

    def _around(self, events: list[Pulse | Readout], squares: np.ndarray, edges: np.ndarray) -> np.ndarray:
        """What the fields beside the gradients do during a pulse is done half before it and half after it."""
        rows = squares.copy()
        place = 1
        for event in events:
            count = np.shape(event.wave)[-1] + 1 if isinstance(event, Pulse) else event.samples
            if isinstance(event, Pulse):
                first, last = self.index[place], self.index[place + count - 1]
                whole = squares[first:last].sum(axis=0)
                rows[first:last] = 0.0
                for k in (first - 1, last):
                    if 0 <= k < len(rows):
                        rows[k] += whole / 2
            place += count
        return rows

    def _weighed(self, events: list[Pulse | Readout]) -> np.ndarray:
        """Diffusion weighting gathered at each time, (times, 6): what a pulse's first half gathers counts before it, the rest
        behind it."""
        middles = np.array([e.start + middle(e) for e in events if isinstance(e, Pulse)])
        times = np.union1d(self.time, middles)
        whole = b_tensors(self.timeline, times)
        gathered, halves = whole[np.searchsorted(times, self.time)], iter(whole[np.searchsorted(times, middles)])
        place = 1
        for event in events:
            count = np.shape(event.wave)[-1] + 1 if isinstance(event, Pulse) else event.samples
            if isinstance(event, Pulse):
                first, last = self.index[place], self.index[place + count - 1]
                gathered[first : last + 1] = next(halves)
            place += count
        return gathered

    def look_ahead(self, events: list[Pulse | Readout], places: list[np.ndarray]) -> None:
        """Find the readouts that are straight from end to end, and all moments, together."""
        begins = np.cumsum([0] + [len(p) for p in places])[1:-2]
        firsts_of = self.index[begins].tolist()
        by_length: dict[int, list[int]] = {}
        pulses: dict[int, list[int]] = {}
        for e, first in zip(events, firsts_of, strict=True):
            if isinstance(e, Pulse):
                pulses.setdefault(np.shape(e.wave)[-1], []).append(first)
            elif e.samples > 1:
                by_length.setdefault(e.samples, []).append(first)
        for samples, firsts in pulses.items():
            here = np.array(firsts)[:, None] + np.arange(samples)
            if here[-1, -1] >= len(self.zeroth):
                continue  # steps so short that the clock does not tell them apart: each is summed by itself
            moments = self.zeroth[here][..., :3]
            for first, moment, found in zip(firsts, moments, self.alike(moments), strict=True):
                self.flat[first] = moment, found.tobytes()
        for samples, firsts in by_length.items():
            here = np.array(firsts)[:, None] + np.arange(samples - 1)
            if here[-1, -1] >= len(self.zeroth):
                continue
            steps = self.zeroth[here]
            mean = steps.mean(axis=1)
            path = np.cumsum(steps, axis=1) - mean[:, None] * np.arange(1, samples)[:, None]
            even = np.max(np.abs(path) @ self.far, axis=1) < STRAIGHT
            means = zip(*mean.T.tolist(), strict=True)
            self.steps |= {
                first: step for first, straight, step in zip(firsts, even.tolist(), means, strict=True) if straight
            }
        last = [e + len(p) - 1 for e, p in zip(begins.tolist(), places[1:-1], strict=True)]
        stops = np.unique(np.concatenate([[0], firsts_of, self.index[last], [len(self.zeroth)]]).astype(int))
        moments = np.add.reduceat(self.zeroth, stops[:-1], axis=0) if len(self.zeroth) else np.zeros((0, len(self.far)))
        ends = zip(stops[1:].tolist(), zip(*moments.T.tolist(), strict=True), strict=True)
        self.pieces = dict(zip(stops[:-1].tolist(), ends, strict=True))

    # what is kept ---------------------------------------------------------------------------------------------------
    def decay(self, time: float) -> int:
        slot, there = self.keep("decay", (round(time * 1e14),))
        if not there:
            self.add("decay", b=slot, time=time)
        return slot

    def turn(
        self, time: float, moment: Moment, weight: tuple[float, ...] = (), moving: np.ndarray | None = None
    ) -> tuple[int, int]:
        decay = self.decay(time)
        key: tuple = (round(time * 1e14), self.rounded(moment), tuple([round(b, 3) for b in weight]))
        if moving is not None:
            key = (self.unique(),)
        self.turned = key  # to know it again
        if moving is None and not weight and key not in self.kept["turn"] and self.followed(key, time, moment, decay):
            return self.kept["turn"][key], decay
        slot, there = self.keep("turn", key)
        if not there:
            x, y, z, *squares = moment
            fields = {"a": slot, "b": decay, "time": time, "x": x, "y": y, "z": z}
            if squares:
                u, v, w, spare = squares
                self.add("turn_bent", u=u, v=v, w=w, spare=spare, **fields)
            elif moving is None:
                self.add("turn", **fields)
            else:
                self.add("turn_moving", u=moving[0], v=moving[1], w=moving[2], **fields)
            if weight:
                self.add("attenuate", a=slot, **dict(zip(("x", "y", "z", "u", "v", "w"), weight, strict=True)))
        return slot, decay

    def followed(self, key: tuple, time: float, moment: Moment, decay: int) -> bool:
        """Whether this turn is that of the line before, turned by what was between the lines before: phase encoding in even
        steps needs two products a spin, and neither cosine nor sine. Every so often a turn is made afresh."""
        lately = self.lately.get(key[0])
        step = None
        if lately is not None:
            step = tuple([a - b for a, b in zip(moment, lately.moment, strict=True)])
            found = self.rounded(step)
            even = found == lately.step and lately.count < AFRESH and lately.key in self.kept["turn"]
            if even:
                pure: tuple = (0, found, ())
                if pure not in self.kept["turn"]:
                    self.turn(0.0, step)
                    self.turned = key
                if lately.key in self.kept["turn"]:  # making room may have cost it
                    before = self.kept["turn"][lately.key]
                    self.kept["turn"].move_to_end(pure)
                    self.kept["turn"].move_to_end(lately.key)
                    more = self.kept["turn"][pure]
                    slot, _ = self.keep("turn", key)
                    self.add("follow", a=slot, b=before, c=more)
                    self.lately[key[0]] = Lately(key, moment, found, lately.count + 1)
                    return True
            self.lately[key[0]] = Lately(key, moment, found, 0)
        else:
            self.lately[key[0]] = Lately(key, moment, None, 0)
        return False

    # what happens ---------------------------------------------------------------------------------------------------
    def span(self, i: int, j: int) -> tuple[float, Moment, np.ndarray]:
        """Duration, moment and first moment (time from i) between two indices of time."""
        if not self.subject.moving:
            parts: list[Moment] = []
            at = i
            while at in self.pieces and self.pieces[at][0] <= j:
                at, part = self.pieces[at]
                parts.append(part)
            if at < j:
                parts.append(tuple(np.sum(self.zeroth[at:j], axis=0).tolist()))
            whole = parts[0] if len(parts) == 1 else tuple(map(sum, zip(*parts, strict=True))) or (0.0,) * len(self.far)
            return self.clock[j] - self.clock[i], whole, NO_MOMENT
        since = (self.time[i:j] - self.time[i])[:, None]
        first = np.sum(self.first[i:j] + since * self.zeroth[i:j], axis=0)
        x, y, z = np.sum(self.zeroth[i:j], axis=0).tolist()
        return self.clock[j] - self.clock[i], (x, y, z), first

    def move(self, i: int, late: float = 0.0) -> None:
        """Spins to where they are at an index of time (or some seconds later, before the next)."""
        t, bends = self.time[i] + late, self.subject.bends
        if self.subject.frames < 2:
            if self.subject.frames == 1:
                self.add("move_frames", time=t, count=0, u=0.0, v=0.0)
            else:
                self.add("move", time=t)
            return
        k = int(np.clip(np.searchsorted(bends, t + 1e-12, side="right") - 1, 0, len(bends) - 2))
        gap = bends[k + 1] - bends[k]
        share = (t - bends[k]) / gap
        outside = share < -1e-9 or t >= bends[-1] - 1e-12
        self.add("move_frames", time=t, count=k, u=float(np.clip(share, 0, 1)), v=0.0 if outside else 1 / gap)

    def to(self, j: int) -> None:
        """Free precession up to an index of time."""
        i = self.now
        if j <= i or self.clock[j] - self.clock[i] <= 0:
            self.now = max(i, j)
            return
        pieces = range(i, j) if self.subject.frames and self._bent(i, j) else (i,)
        stops = [*list(pieces)[1:], j]
        for a, b in zip(pieces, stops, strict=True):
            if self.clock[b] - self.clock[a] <= 0:
                continue
            turn, decay = self.free(a, b)
            self.add("apply", a=turn, b=decay)
        self.now = j

    def free(self, a: int, b: int) -> tuple[int, int]:
        """The turn and the decay of the free precession between two indices of time, no bend of a path between them."""
        time, zeroth, first = self.span(a, b)
        for rest in (self.rest.get(("behind", a)), self.rest.get(("before", b))):
            if rest is not None:
                zeroth = tuple([m + r for m, r in zip(zeroth, rest, strict=True)])
        self.result.events += 1
        weight = () if self.weight is None else tuple((self.weight[b] - self.weight[a]).tolist())
        moving = first if self.subject.moving else None
        if self.subject.moving:
            self.move(a)
        if self.subject.walking:
            self.kick(a, b, time, first)
        return self.turn(time, zeroth, weight, moving)

    def _bent(self, i: int, j: int) -> bool:
        inner = self.subject.bends
        return bool(np.any((inner > self.time[i]) & (inner < self.time[j])))

    def kick(self, a: int, b: int, time: float, first: np.ndarray) -> None:
        assert self.bridge is not None
        # the spread of several intervals together: that of their ends, too
        if b - a == 1:
            left = float(self.bridge[a])
        else:
            left = float(spread(self.timeline, self.time[[a, b]])[0])
        self.add("kick", count=len(self.result.kicks))
        self.result.kicks.append((time, first / time, left))

    def pulse(self, pulse: Pulse, here: np.ndarray, first: int, last: int) -> None:
        """Free precession up to the pulse, and the pulse. Of what comes again and again, TR by TR, the two become one."""
        wave = pulse.wave if isinstance(pulse.wave, np.ndarray) and pulse.wave.ndim == 2 else np.atleast_2d(pulse.wave)
        samples = wave.shape[1]
        if wave.shape[0] != self.subject.channels:
            raise ModelError(
                f"the pulse at {pulse.start:.6g} s has {wave.shape[0]} transmit channels, but the spins know the field of "
                f"{self.subject.channels}"
            )
        if first in self.flat and last == first + samples:
            moment, flat = self.flat[first]
        else:
            moment = np.add.reduceat(self.zeroth[first:last, :3], here[:-1] - first, axis=0)
            flat = self.alike(moment).tobytes()
        kept = self.waves.get(id(pulse.wave))
        if kept is None:
            kept = self.waves[id(pulse.wave)] = wave.tobytes()
        key: tuple = (kept, wave.shape, pulse.step, pulse.frequency, flat)
        if not self.subject.moving and key not in self.kept["pulse"]:
            key = self.neighbour(key, moment, first, last)
        before = None
        if self.subject.moving:
            self.to(first)
            key = (self.unique(),)
            self.move(first, 0.5 * samples * pulse.step)
        elif first > self.now:
            before = self.free(self.now, first)
            pair = (key, *self.turned)
            if pair not in self.pairs:
                self.pairs.add(pair)
                self.add("apply", a=before[0], b=before[1])
                before = None
        slot, there = self.keep("pulse", key)
        self.result.rf_steps += samples
        if not there:
            one = self.subject.channels == 1
            frame = 0.0
            if one:
                data, frame = merged(moment, wave[0], pulse.step, pulse.frequency, self.subject, self.layout.size)
            else:
                time = (np.arange(samples) + 0.5) * pulse.step
                turned = wave * np.exp(2j * np.pi * pulse.frequency * time) * pulse.step
                turned = np.ascontiguousarray(turned.T, complex)
                data = np.concatenate([moment, np.full((samples, 1), pulse.step), turned.view(float)], axis=1)
            step = float(data[0, 3])
            most = np.abs(data[:, 4:6] if one else data[:, 4:]).sum(axis=1) * self.subject.transmit
            most = most + self.subject.offset(data[:, :3], -data[:, 9] if one else 0.0) + self.subject.fastest * step
            cut = max(1, int(np.ceil(np.max(most) / MOST)))
            if one and cut > 1:
                data[:, 6:9] = 0.0  # parts of a sample turn about one axis
            data = np.ascontiguousarray(
                np.repeat(data / cut, cut, axis=0), np.float32 if self.layout.size == 4 else float
            )
            self.result.alive.append(data)
            longest = max(1, BLOCK * pulse.step * cut // step)
            block = int(np.clip(TOGETHER / (np.max(most) / cut), 1, longest))
            behind = 2 * math.pi * frame * samples * pulse.step
            self.add(
                "pulse_one" if one else "pulse",
                a=slot,
                b=self.fields,
                count=len(data),
                pointer=data.ctypes.data,
                more=block,
                time=step / cut,
                u=math.cos(behind),
                v=math.sin(behind),
            )
        if before is not None:
            whole, there = self.keep("joined", (*key, *self.turned))
            if not there:
                self.add("join", a=whole, b=slot, c=before[0], more=before[1])
            slot = whole
        self.add("strike", a=slot, u=math.cos(pulse.phase), v=math.sin(pulse.phase))
        self.now = last
        if self.subject.walking:
            time = float(self.time[last] - self.time[first])
            self.add("kick", count=len(self.result.kicks))
            self.result.kicks.append((time, np.zeros(3), 0.0))

    def neighbour(self, key: tuple, moment: np.ndarray, first: int, last: int) -> tuple:
        """The key of a pulse that is there already and as good as this one, or this one's own."""
        near, made = NEIGHBOUR[self.layout.size], self.made.setdefault(key[:-1], [])
        for other, like in reversed(made):
            rest = moment - like
            if other in self.kept["pulse"] and np.max(np.abs(np.cumsum(rest, axis=0)) @ self.subject.reach) < near:
                half = np.zeros(len(self.far))
                half[:3] = rest.sum(axis=0) / 2
                self.rest["behind", last] = tuple((half if first > self.now else 2 * half).tolist())
                if first > self.now:
                    self.rest["before", first] = tuple(half.tolist())
                return other
        made.append((key, moment))
        del made[: -ROOM["pulse"]]
        return key

    def readout(self, readout: Readout, here: np.ndarray, start: int, alone: bool) -> None:
        """Stretches on a straight path as products of tables, all else sample by sample.

        A straight readout that is the last before a pulse (`alone`) hears the spins through the turn that lies before
        it, and leaves them as they are: what follows then turns them from pulse to pulse, often each time the same."""
        n, L = readout.samples, self.L
        stretches: list[tuple[int, int, bool]] = []
        if not self.subject.moving and start not in self.steps and self.bowed(readout, here, start, alone):
            return
        if self.subject.moving:
            cuts = [s for s in range(1, n) if self._bent_between(here[s - 1], here[s])]
            ends = [0, *cuts, n]
            stretches = [(a, b, False) for a, b in itertools.pairwise(ends)]
        else:
            if start in self.steps:
                stretches = [(0, n, True)]
            else:
                steps = self.zeroth[here[0] : here[-1]] if n > 1 else np.zeros((0, len(self.far)))
                stretches = straights(steps * self.far, n, 2 * L)
        heard = []
        B = self.layout.samples
        for a, b, straight in stretches:
            first = self.result.heard
            rows = -(-(b - a) // (B if straight else L))
            at = start if a == 0 else int(here[a])
            late = 0
            if straight and alone and b - a == n and not self.subject.moving and at > self.now:
                late = self.free(self.now, at)[0]
            else:
                self.to(at)
            if straight:
                step = self.steps.get(at)
                if step is None or b - a < n:
                    step = tuple(np.mean(self.zeroth[here[a] : here[b - 1]], axis=0).tolist())
                columns, leap = self.columns(readout.dwell, step)
                self.run(columns, leap, rows, first, late)
            else:
                self.curved(readout, here[a:b], rows, first)
            heard.append((first, b - a))
            self.result.heard += rows * (B if straight else L)
        self.result.samples.append(heard)

    def bowed(self, readout: Readout, here: np.ndarray, start: int, alone: bool) -> bool:
        """A readout that leaves a straight path by no more than `BOW`; whether it is one. The path of the readout before serves
        again where it lies near enough, so that its columns stay."""
        n, B = readout.samples, self.layout.samples
        if n < 2 * self.L:
            return False
        path = np.concatenate([np.zeros((1, len(self.far))), np.cumsum(self.zeroth[here[0] : here[-1]], axis=0)])
        if len(path) != n:  # steps so short that the clock does not tell them apart
            return False
        along, kind = np.arange(n)[:, None], (readout.dwell, n)
        for step in (self.chords.get(kind), path[-1] / (n - 1)):
            bow = None if step is None else path - along * step
            if bow is not None and np.max(np.abs(bow) @ self.far) < BOW:
                break
        else:
            return False
        assert step is not None and bow is not None
        self.chords[kind] = step
        first, rows = self.result.heard, -(-n // B)
        late = 0
        if alone and start > self.now:
            late = self.free(self.now, start)[0]
        else:
            self.to(start)
        columns, leap = self.columns(readout.dwell, tuple(step.tolist()))
        data = np.zeros((rows * B, len(self.far)), np.float32 if self.layout.size == 4 else float)
        data[:n] = 2 * np.pi * bow
        data = np.ascontiguousarray(data.reshape(rows, B, -1).transpose(0, 2, 1))
        self.result.alive.append(data)
        kind_ = "bowed" if self.subject.B0 is None else "bowed_bent"
        self.add(kind_, b=columns, c=leap, count=rows, pointer=data.ctypes.data, out=first, more=late)
        self.result.heard += rows * B
        self.result.samples.append([(first, n)])
        return True

    def columns(self, dwell: float, step: Moment) -> tuple[int, int]:
        """Where the columns of a straight path are, and the turn from row to row."""
        columns, there = self.keep("table", (round(dwell * 1e14), self.rounded(step)))
        if not there:
            self.hear()  # some may wait for the columns that stood there
            one, _ = self.turn(dwell, step)
            self.add("table", a=one, b=columns)
        B = self.layout.samples
        leap, _ = self.turn(B * dwell, tuple([B * part for part in step]))
        return columns, leap

    def run(self, columns: int, leap: int, rows: int, first: int, late: int) -> None:
        """Rows of a straight readout wait until there are enough of them to be heard together."""
        if self.waiting.rows and (columns, first) != (
            self.waiting.columns,
            self.waiting.following(self.layout.samples),
        ):
            self.hear()
        on = False
        while rows:
            if not self.waiting.rows:
                self.waiting = Waiting(columns, first)
            here = min(rows, ROWS_HEARD - self.waiting.rows)
            self.add("run_on" if on else "run", a=self.waiting.rows, c=leap, count=here, more=0 if on else late)
            self.waiting = replace(self.waiting, rows=self.waiting.rows + here)
            first, rows, on = first + here * self.layout.samples, rows - here, True
            if self.waiting.rows == ROWS_HEARD:
                self.hear()

    def hear(self) -> None:
        """What waits is heard."""
        if self.waiting.rows:
            self.add("hear", b=self.waiting.columns, count=self.waiting.rows, out=self.waiting.first)
        self.waiting = Waiting()

    def _bent_between(self, i: int, j: int) -> bool:
        return j - i > 1

    def curved(self, readout: Readout, here: np.ndarray, rows: int, first: int) -> None:
        L, n = self.L, len(here)
        begin = self.now
        since = self.time[begin : here[-1]] - self.time[begin]
        moments = self.zeroth[begin : here[-1]]
        zero = np.concatenate([np.zeros((1, len(self.far))), np.cumsum(moments, axis=0)])
        data = np.zeros((rows * L, 8))
        data[:, 0] = self.time[here[0]] - self.time[begin] + np.arange(rows * L) * readout.dwell
        data[:n, 1 : 1 + len(self.far)] = zero[here - begin]
        if self.subject.moving:
            to_go = np.cumsum(self.first[begin : here[-1]] + since[:, None] * moments, axis=0)
            data[:n, 4:7] = np.concatenate([np.zeros((1, 3)), to_go])[here - begin]
        data = np.ascontiguousarray(data.reshape(rows, L, 8).transpose(0, 2, 1))
        self.result.alive.append(data)
        decay = self.decay(L * readout.dwell)
        if self.subject.moving:
            self.move(begin)
        bent = "curved" if self.subject.B0 is None else "curved_bent"
        kind = "curved_moving" if self.subject.moving else bent
        self.add(kind, b=decay, count=rows, pointer=data.ctypes.data, out=first)
