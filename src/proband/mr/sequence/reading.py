"""Pulseq files of versions 1.2 to 1.5 → tables. Strict: what is not understood is refused by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.shapes import decompress
from proband.mr.sequence.tables import (
    ADC,
    LABELS,
    RF,
    USES,
    Label,
    Shaped,
    SoftDelay,
    Tables,
    Trapezoid,
    Trigger,
)
from proband.mr.sequence.text import Line, check_signature, load, sections
from proband.mr.sequence.uses import guess_uses

EXTENSIONS = ("LABELSET", "LABELINC", "TRIGGERS", "DELAYS")
#: Rasters that files before 1.4 do not state: the specification's defaults, s.
RASTERS = {
    "GradientRasterTime": 10e-6,
    "RadiofrequencyRasterTime": 1e-6,
    "AdcRasterTime": 100e-9,
    "BlockDurationRaster": 10e-6,
}
#: Nobody's scan has more; a damaged number must not fill the memory.
MOST_SAMPLES = 2**31
LONGEST_SCAN = 86400.0  # s


def read_tables(path: str | Path, verify: bool = True) -> Tables:
    """A Pulseq text file, decoded. Raises ModelError, one sentence, where it is damaged, foreign or unknown.

    `verify` asks that a signature, where there is one, fits."""
    name, data = load(path)
    return parse(data, name, verify)


def parse(data: bytes, name: str, verify: bool = True) -> Tables:
    """The bytes of a Pulseq text file, decoded."""
    found, extensions = sections(name, data)
    version = _version(name, found.get("VERSION"))
    # Refuse first what cannot be understood at all: a wrong hash would say less.
    for kind, (line, _) in extensions.items():
        if kind not in EXTENSIONS:
            raise line.wrong(f"extension {kind[:40]} is not known; known are {', '.join(EXTENSIONS)}")
    if verify and "SIGNATURE" in found:
        check_signature(name, data, found["SIGNATURE"])
    if not found.get("BLOCKS"):
        raise ModelError(f"{name} has no [BLOCKS]: there is nothing to play.")
    if version >= (1, 4, 0) and "DELAYS" in found:
        raise ModelError(f"{name}: section [DELAYS] ended with version 1.3; this file says {version[0]}.{version[1]}.")

    definitions = _definitions(found.get("DEFINITIONS", []))
    rasters = _rasters(name, version, definitions)
    shapes = _shapes(name, found.get("SHAPES", []), may_be_plain=version >= (1, 4, 0))
    rf = _rf(version, found.get("RF", []), shapes, rasters["RadiofrequencyRasterTime"])
    gradients = _gradients(version, found.get("GRADIENTS", []), shapes, rasters["GradientRasterTime"])
    _trapezoids(found.get("TRAP", []), gradients)
    adc = _adc(version, found.get("ADC", []), shapes)
    lists = _extension_lists(name, found.get("EXTENSIONS", []), extensions)
    delays = {
        key: line.real(words[1], "the delay", 0.0) * 1e-6
        for key, line, words in _rows(found.get("DELAYS", []), 2, "delay")
    }

    tables = _blocks(name, version, found["BLOCKS"], (rf, gradients, adc, lists, delays), rasters, definitions)
    if version < (1, 5, 0):
        tables = _with_edges(tables)
        tables = guess_uses(tables)
    return tables


# ------------------------------------------------------------------------------------------------- small sections


def _version(name: str, lines: list[Line] | None) -> tuple[int, int, int]:
    if not lines:
        raise ModelError(f"{name} has no [VERSION]: it is no Pulseq file.")
    parts = {}
    for line in lines:
        key, word = line.words(2)
        if key not in ("major", "minor", "revision"):
            raise line.wrong(f"{key[:40]!r} is no part of a version; major, minor and revision are")
        # Some writers append their own release: 1post1.
        digits = word[: len(word) - len(word.lstrip("0123456789"))] if key == "revision" else word
        parts[key] = line.whole(digits, f"the {key} version")
    if len(parts) != 3:
        raise ModelError(f"{name}: [VERSION] needs major, minor and revision; it gives {', '.join(parts) or 'none'}.")
    version = (parts["major"], parts["minor"], parts["revision"])
    if not (1, 2, 0) <= version < (1, 6, 0):
        raise ModelError(f"{name} is written in Pulseq {version[0]}.{version[1]}.{version[2]}; 1.2 to 1.5 are read.")
    return version


def _definitions(lines: list[Line]) -> dict[str, object]:
    """Numbers as a float or a tuple of floats, all else as text."""
    found: dict[str, object] = {}
    for line in lines:
        key, *words = line.text.split()
        try:
            values = tuple(line.real(word, key) for word in words)
        except ModelError:
            values = ()
        if key in found:
            raise line.wrong(f"definition {key[:40]} stands twice")
        found[key] = line.text[len(key) :].strip() if not values else values[0] if len(values) == 1 else values
    return found


def _rasters(name: str, version: tuple[int, int, int], definitions: dict[str, object]) -> dict[str, float]:
    rasters = {}
    for key, default in RASTERS.items():
        value = definitions.get(key, default if version < (1, 4, 0) else None)
        if value is None:
            raise ModelError(f"{name}: definition {key} is missing; since version 1.4 every file states it.")
        if not isinstance(value, float) or not 1e-9 <= value <= 1e-2:
            raise ModelError(f"{name}: {key} is {str(value)[:40]!r}; a time between 1e-9 and 1e-2 s would be right.")
        rasters[key] = value
    for key in ("GradientRasterTime", "BlockDurationRaster"):
        ratio = rasters[key] / rasters["RadiofrequencyRasterTime"]
        if abs(ratio - round(ratio)) > 1e-6 * ratio or ratio < 1 - 1e-9:
            raise ModelError(
                f"{name}: {key} of {rasters[key] * 1e6:g} µs is no multiple of the RF raster of "
                f"{rasters['RadiofrequencyRasterTime'] * 1e6:g} µs."
            )
    return rasters


def _rows(lines: list[Line], columns: int | tuple[int, int], what: str):
    """Number, line and words of every row; no number twice."""
    seen = set()
    least, most = (columns, columns) if isinstance(columns, int) else columns
    for line in lines:
        words = line.words(least, most)
        key = line.whole(words[0], f"the number of the {what}", 1)
        if key in seen:
            raise line.wrong(f"{what} {key} stands twice")
        seen.add(key)
        yield key, line, words


def _shapes(name: str, lines: list[Line], may_be_plain: bool) -> dict[int, np.ndarray]:
    shapes: dict[int, np.ndarray] = {}
    at = 0
    while at < len(lines):
        head = lines[at]
        words = head.words(2)
        if words[0].lower() != "shape_id":
            raise head.wrong(f"a shape begins with shape_id, not with {words[0][:40]!r}")
        key = head.whole(words[1], "shape_id", 1)
        if key in shapes:
            raise head.wrong(f"shape {key} stands twice")
        if at + 1 >= len(lines) or lines[at + 1].text.split()[0].lower() != "num_samples":
            raise head.wrong(f"shape {key} does not say its num_samples")
        samples = lines[at + 1].whole(lines[at + 1].words(2)[1], "num_samples", 1)
        end = at = at + 2
        while end < len(lines) and lines[end].text[:8].lower() != "shape_id":
            end += 1
        numbers = np.array([line.real(line.words(1)[0], "a sample") for line in lines[at:end]])
        if not len(numbers):
            raise head.wrong(f"shape {key} has no samples")
        shapes[key] = decompress(numbers, samples, f"{name}: shape {key}", may_be_plain)
        at = end
    return shapes


# --------------------------------------------------------------------------------------------------------- events


def _shape(shapes: dict[int, np.ndarray], line: Line, word: str, what: str) -> np.ndarray:
    key = line.whole(word, what, 1)
    if key not in shapes:
        raise line.wrong(f"{what} is {key}, and there is no such shape")
    return shapes[key]


def _clock(shapes: dict[int, np.ndarray], line: Line, word: str, samples: int, raster: float) -> np.ndarray | None:
    """Times of a shape's samples in s, None for one at the middle of every raster step."""
    if line.whole(word, "the time shape") == 0:
        return None
    times = _shape(shapes, line, word, "the time shape") * raster
    if len(times) != samples or times[0] < 0 or (samples > 1 and np.any(np.diff(times) <= 0)):
        raise line.wrong(f"its time shape does not rise from 0 through {samples} samples, as its amplitude has")
    return times


def _rf(version, lines: list[Line], shapes, raster: float) -> dict[int, RF]:
    found = {}
    new, timed = version >= (1, 5, 0), version >= (1, 4, 0)
    for key, line, words in _rows(lines, 12 if new else 8 if timed else 7, "RF pulse"):
        amplitude = line.real(words[1], "the amplitude")
        magnitude = _shape(shapes, line, words[2], "the magnitude shape")
        turns = np.zeros(len(magnitude))
        if new and words[3] == "0":
            pass  # 1.5 allows to leave out a phase that is 0
        else:
            turns = _shape(shapes, line, words[3], "the phase shape")
        if len(turns) != len(magnitude):
            raise line.wrong(f"its magnitude has {len(magnitude)} samples and its phase {len(turns)}")
        times = _clock(shapes, line, words[4], len(magnitude), raster) if timed else None
        rest = words[5:] if timed else words[4:]
        signal = amplitude * magnitude * np.exp(2j * np.pi * turns)
        if new:
            center, delay = (line.real(word, what, 0.0) * 1e-6 for word, what in zip(rest, ("the centre", "the delay")))
            ppm, phase_ppm, frequency, phase = (line.real(word, "an offset") for word in rest[2:6])
            if rest[6] not in USES:
                raise line.wrong(f"the use {rest[6][:40]!r} is not known; known are {', '.join(USES)}")
            use = USES[rest[6]]
        else:
            delay = line.real(rest[0], "the delay", 0.0) * 1e-6
            frequency, phase = (line.real(word, "an offset") for word in rest[1:3])
            ppm = phase_ppm = 0.0
            use, center = USES["u"], _centre(signal, times, raster)
        found[key] = RF(signal, times, center, delay, ppm, phase_ppm, frequency, phase, use)
        if center > found[key].duration(raster) + 1e-9:
            raise line.wrong(f"the pulse's centre at {center * 1e6:g} µs lies after its end")
    return found


def _centre(signal: np.ndarray, times: np.ndarray | None, raster: float) -> float:
    """The middle of the pulse's highest part, s, as Pulseq's tools take it where a file does not say."""
    clock = (np.arange(len(signal)) + 0.5) * raster if times is None else times
    size = np.abs(signal)
    top = np.flatnonzero(size >= 0.99999 * size.max())
    return float((clock[top[0]] + clock[top[-1]]) / 2)


def _gradients(version, lines: list[Line], shapes, raster: float) -> dict[int, Trapezoid | Shaped]:
    found: dict[int, Trapezoid | Shaped] = {}
    new, timed = version >= (1, 5, 0), version >= (1, 4, 0)
    for key, line, words in _rows(lines, 7 if new else 5 if timed else 4, "gradient"):
        amplitude = line.real(words[1], "the amplitude")
        edges = tuple(line.real(word, "the first or last value") for word in words[2:4]) if new else (np.nan, np.nan)
        rest = words[4:] if new else words[2:]
        wave = amplitude * _shape(shapes, line, rest[0], "the amplitude shape")
        half = timed and rest[1] == "-1"
        times = _clock(shapes, line, rest[1], len(wave), raster) if timed and not half else None
        delay = line.real(rest[-1], "the delay", 0.0) * 1e-6
        if times is not None and not new:
            edges = float(wave[0]), float(wave[-1])
        found[key] = Shaped(wave, times, edges[0], edges[1], delay, half)
    return found


def _trapezoids(lines: list[Line], found: dict[int, Trapezoid | Shaped]) -> None:
    for key, line, words in _rows(lines, (5, 6), "trapezoid"):
        if key in found:
            raise line.wrong(f"number {key} is an arbitrary gradient already")
        amplitude = line.real(words[1], "the amplitude")
        times = [line.real(word, "a time", 0.0) * 1e-6 for word in words[2:]]
        rise, flat, fall, delay = (*times, 0.0)[:4]
        found[key] = Trapezoid(amplitude, rise, flat, fall, delay)


def _adc(version, lines: list[Line], shapes) -> dict[int, ADC]:
    found = {}
    new = version >= (1, 5, 0)
    for key, line, words in _rows(lines, 9 if new else 6, "ADC"):
        samples = line.whole(words[1], "the number of samples", 1)
        if samples > MOST_SAMPLES:
            raise line.wrong(f"{samples} samples are more than any receiver holds")
        dwell = line.real(words[2], "the dwell time", 0.0) * 1e-9
        if dwell <= 0:
            raise line.wrong("the dwell time is 0; a time above 0 ns would be right")
        delay = line.real(words[3], "the delay", 0.0) * 1e-6
        offsets = [line.real(word, "an offset") for word in words[4 : 8 if new else 6]]
        ppm, phase_ppm, frequency, phase = offsets if new else (0.0, 0.0, *offsets)
        modulation = None
        if new and line.whole(words[8], "the phase shape"):
            modulation = 2 * np.pi * _shape(shapes, line, words[8], "the phase shape")
            if len(modulation) != samples:
                raise line.wrong(f"its phase shape has {len(modulation)} samples and the ADC {samples}")
        found[key] = ADC(samples, dwell, delay, ppm, phase_ppm, frequency, phase, modulation)
    return found


# ----------------------------------------------------------------------------------------------------- extensions


def _one_extension(kind: str, line: Line, words: list[str]) -> Label | Trigger | SoftDelay:
    if kind == "TRIGGERS":
        sort = line.whole(words[1], "the trigger's type", 1)
        if sort > 2:
            raise line.wrong(f"trigger type {sort} is not known; 1 is an output and 2 an input")
        times = [line.real(word, "a time", 0.0) * 1e-6 for word in words[3:5]]
        return Trigger(sort, line.whole(words[2], "the channel", 1), times[0], times[1])
    if kind == "DELAYS":
        offset, factor = line.real(words[2], "the offset") * 1e-6, line.real(words[3], "the factor")
        return SoftDelay(line.whole(words[1], "the number"), offset, factor, words[4])
    if words[2] not in LABELS:
        raise line.wrong(f"label {words[2][:40]!r} is not known; known are {', '.join(LABELS)}")
    # Flags may be written as true and false.
    value = {"true": "1", "false": "0"}.get(words[1].lower(), words[1])
    return Label(words[2], line.whole(value, "the label's value", -(2**31)), kind == "LABELINC")


def _extension_lists(name: str, lines: list[Line], extensions) -> dict[int, tuple]:
    kinds, rows = {}, {}
    columns = {"TRIGGERS": 5, "DELAYS": 5, "LABELSET": 3, "LABELINC": 3}
    for kind, (head, body) in extensions.items():
        number = head.whole(head.words(3)[2], "the extension's number", 1)
        if number in kinds:
            raise head.wrong(f"number {number} belongs to extension {kinds[number]} already")
        kinds[number] = kind
        for key, line, words in _rows(body, columns[kind], kind):
            rows[number, key] = _one_extension(kind, line, words)
    links = {}
    for key, line, words in _rows(lines, 4, "extension list"):
        kind, ref, following = (line.whole(word, "a number") for word in words[1:])
        if kind not in kinds:
            raise line.wrong(f"extension type {kind} is not declared by any 'extension NAME {kind}'")
        if (kind, ref) not in rows:
            raise line.wrong(f"{kinds[kind]} has no row {ref}")
        links[key] = (rows[kind, ref], following, line)
    lists = {}
    for key in links:
        found, at, seen = [], key, set()
        while at:
            if at in seen or at not in links:
                raise links[key][2].wrong(f"extension list {key} {'runs in a circle' if at in seen else f'lacks {at}'}")
            seen.add(at)
            found.append(links[at][0])
            at = links[at][1]
        lists[key] = tuple(found)
    return lists


# --------------------------------------------------------------------------------------------------------- blocks


def _blocks(name, version, lines: list[Line], libraries, rasters, definitions) -> Tables:
    rf, gradients, adc, lists, delays = libraries
    known = (rf, gradients, gradients, gradients, adc, lists)
    words_of = ("RF pulse", "gradient", "gradient", "gradient", "ADC", "extension list")
    columns = (7, 8) if version < (1, 4, 0) else 8
    rf_raster, grad_raster = rasters["RadiofrequencyRasterTime"], rasters["GradientRasterTime"]
    blocks, durations = np.zeros((len(lines), 7), dtype=np.int64), np.zeros(len(lines))
    # How long a block with these events lasts at least, s; most blocks share their events with others.
    ends = [
        {key: row.delay + row.duration(rf_raster) for key, row in rf.items()},
        *[{key: float(row.knots(grad_raster)[0][-1]) for key, row in gradients.items()}] * 3,
        {key: row.delay + row.samples * row.dwell for key, row in adc.items()},
    ]
    for n, (key, line, words) in enumerate(_rows(lines, columns, "block")):
        first = line.whole(words[1], "the duration")
        events = [line.whole(word, "an event's number") for word in words[2:]] + [0] * (8 - len(words))
        for event, library, what in zip(events, known, words_of):
            if event and event not in library:
                raise line.wrong(f"block {key} plays {what} {event}, and there is no such {what}")
        least = max((end[event] for event, end in zip(events, ends) if event), default=0.0)
        if version < (1, 4, 0):
            if first and first not in delays:
                raise line.wrong(f"block {key} waits for delay {first}, and there is no such delay")
            durations[n] = max(least, delays.get(first, 0.0))
        else:
            durations[n] = first * rasters["BlockDurationRaster"]
            if least > durations[n] + 1e-9:
                raise line.wrong(
                    f"block {key} lasts {durations[n] * 1e6:g} µs, but its events end after {least * 1e6:g} µs"
                )
        if durations[n] > LONGEST_SCAN:
            raise line.wrong(f"block {key} lasts {durations[n]:g} s, longer than a day")
        blocks[n] = key, *events
    if durations.sum() > LONGEST_SCAN:
        raise ModelError(f"{name} lasts {durations.sum():g} s, longer than a day.")
    return Tables(
        version, blocks, durations, rf, gradients, adc, lists, grad_raster, rf_raster,
        rasters["AdcRasterTime"], rasters["BlockDurationRaster"], definitions,
    )  # fmt: skip


def _with_edges(tables: Tables) -> Tables:
    """Arbitrary gradients before 1.5 do not say their first and last value: they follow from what was played before."""
    gradients = dict(tables.gradients)
    for axis in (2, 3, 4):
        before = 0.0
        for event, duration in zip(tables.blocks[:, axis], tables.durations):
            row = gradients.get(event)
            if not isinstance(row, Shaped):
                before = 0.0
                continue
            if np.isnan(row.first):
                wave = row.waveform
                # The middle of the last step is half a step away from the end: go on as straight as before.
                last = wave[-1] if len(wave) < 2 else 1.5 * wave[-1] - 0.5 * wave[-2]
                row = gradients[event] = replace(row, first=before if row.delay == 0 else 0.0, last=float(last))
            end = row.knots(tables.gradient_raster)[0][-1]
            before = row.last if end > duration - 1e-9 else 0.0
    unplayed = {
        key: replace(row, first=0.0, last=0.0)
        for key, row in gradients.items()
        if isinstance(row, Shaped) and np.isnan(row.first)
    }
    return replace(tables, gradients=gradients | unplayed)
