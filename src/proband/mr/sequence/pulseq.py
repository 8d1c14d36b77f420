"""Between our tables and pypulseq's Sequence, both ways, without going through a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.sequence.limits import Limits
from proband.mr.sequence.tables import ADC, RF, USES, Label, Shaped, SoftDelay, Tables, Trapezoid, Trigger


def from_pulseq(seq) -> Tables:
    """The tables of a `pypulseq.Sequence`."""
    from pypulseq.supported_labels_rf_use import get_supported_labels

    shapes = {key: _plain(packed) for key, packed in seq.shape_library.data.items()}
    rf = {}
    for key, (
        amplitude,
        magnitude,
        turns,
        time,
        centre,
        delay,
        ppm,
        phase_ppm,
        frequency,
        phase,
    ) in seq.rf_library.data.items():
        signal = amplitude * shapes[magnitude] * np.exp(2j * np.pi * shapes[turns])
        times = shapes[time] * seq.rf_raster_time if time > 0 else None
        use = USES[seq.rf_library.type.get(key) or "u"]
        rf[key] = RF(
            signal,
            times,
            float(centre),
            float(delay),
            float(ppm),
            float(phase_ppm),
            float(frequency),
            float(phase),
            use,
        )
    gradients: dict[int, Trapezoid | Shaped] = {}
    for key, row in seq.grad_library.data.items():
        if seq.grad_library.type[key] == "t":
            gradients[key] = Trapezoid(*(float(x) for x in row))
        else:
            amplitude, first, last, shape, time, delay = row
            times = shapes[time] * seq.grad_raster_time if time > 0 else None
            gradients[key] = Shaped(
                amplitude * shapes[shape], times, float(first), float(last), float(delay), time == -1
            )
    adc = {}
    for key, row in seq.adc_library.data.items():
        samples, dwell, delay, ppm, phase_ppm, frequency, phase, shape = (float(x) for x in row[:8])
        modulation = 2 * np.pi * shapes[int(shape)] if shape else None
        adc[key] = ADC(int(samples), dwell, delay, ppm, phase_ppm, frequency, phase, modulation)
    names = get_supported_labels()

    def decoded(kind: int, ref: int):
        name = seq.get_extension_type_string(kind)
        if name in ("LABELSET", "LABELINC"):
            library = seq.label_set_library if name == "LABELSET" else seq.label_inc_library
            value, label = library.data[ref]
            return Label(names[int(label) - 1], int(value), name == "LABELINC")
        if name == "TRIGGERS":
            sort, channel, delay, duration = seq.trigger_library.data[ref]
            return Trigger(int(sort), int(channel), float(delay), float(duration))
        if name == "DELAYS":
            return SoftDelay(*seq.soft_delay_library.data[ref])
        raise ModelError(f"Extension {name} is not known.")

    extensions = {}
    for key in seq.extensions_library.data:
        found, at = [], key
        while at:
            kind, ref, at = (int(x) for x in seq.extensions_library.data[at])
            found.append(decoded(kind, ref))
        extensions[key] = tuple(found)
    keys = list(seq.block_events)
    blocks = np.array([[key, *seq.block_events[key][1:7]] for key in keys], dtype=np.int64).reshape(-1, 7)
    durations = np.array([seq.block_durations[key] for key in keys])
    return Tables(
        (1, 5, 0), blocks, durations, rf, gradients, adc, extensions, seq.grad_raster_time, seq.rf_raster_time,
        seq.adc_raster_time, seq.block_duration_raster, dict(seq.definitions),
    )  # fmt: skip


def _plain(packed: np.ndarray) -> np.ndarray:
    from proband.mr.sequence.shapes import decompress

    return decompress(np.asarray(packed[1:], dtype=float), int(packed[0]), "a shape of the sequence")


def to_pulseq(tables: Tables, limits: Limits | None = None):
    """A `pypulseq.Sequence` that plays the same, to be written or looked at."""
    import pypulseq as pp
    from pypulseq.compress_shape import compress_shape

    limits = limits or Limits()
    seq: Any = pp.Sequence(limits.system)  # its annotations are narrower than what it takes
    seq.grad_raster_time, seq.rf_raster_time = tables.gradient_raster, tables.rf_raster
    seq.adc_raster_time, seq.block_duration_raster = tables.adc_raster, tables.block_raster
    rasters = {
        "GradientRasterTime": tables.gradient_raster,
        "RadiofrequencyRasterTime": tables.rf_raster,
        "AdcRasterTime": tables.adc_raster,
        "BlockDurationRaster": tables.block_raster,
    }
    for key, value in {**tables.definitions, **rasters}.items():
        seq.set_definition(key, list(value) if isinstance(value, tuple) else value)

    def shape(samples: np.ndarray) -> int:
        packed = compress_shape(np.asarray(samples, dtype=float))
        return seq.shape_library.find_or_insert(np.concatenate([[packed.num_samples], packed.data]))[0]

    for key, row in tables.rf.items():
        size = np.abs(row.signal)
        top = _top(float(size.max()))
        turns = np.angle(row.signal) / (2 * np.pi) % 1.0
        time = 0 if row.times is None else shape(row.times / tables.rf_raster)
        offsets = (row.frequency_ppm, row.phase_ppm, row.frequency, row.phase)
        data = (top if size.any() else 0.0, shape(size / top), shape(turns), time, row.center, row.delay, *offsets)
        seq.rf_library.insert(key, data, row.use[0])
    for key, row in tables.gradients.items():
        if isinstance(row, Trapezoid):
            seq.grad_library.insert(key, (row.amplitude, row.rise, row.flat, row.fall, row.delay), "t")
            continue
        signed = row.waveform[int(np.argmax(np.abs(row.waveform)))]
        time = -1 if row.half_raster else 0 if row.times is None else shape(row.times / tables.gradient_raster)
        top = _top(float(signed))
        wave = shape(row.waveform / top)
        seq.grad_library.insert(key, (top if signed else 0.0, row.first, row.last, wave, time, row.delay), "g")
    for key, row in tables.adc.items():
        turn = 0 if row.modulation is None else shape(row.modulation / (2 * np.pi))
        offsets = (row.frequency_ppm, row.phase_ppm, row.frequency, row.phase)
        seq.adc_library.insert(key, (row.samples, row.dwell, row.delay, *offsets, turn, seq.system.adc_dead_time))

    lists = {key: _register(seq, rows) for key, rows in tables.extensions.items()}
    for block, duration in zip(tables.blocks, tables.durations):
        # Durations before 1.4 need not lie on the raster of today's files: the block ends at the next step.
        ticks = np.ceil(duration / tables.block_raster - 1e-6)
        key = len(seq.block_events) + 1
        seq.block_events[key] = np.array([0, *block[1:6], lists.get(block[6], 0)], dtype=np.int32)
        seq.block_durations[key] = float(ticks * tables.block_raster)
    seq.next_free_block_ID = len(seq.block_events) + 1
    return seq


def _top(largest: float) -> float:
    """An amplitude that the file's six digits hold, no smaller than the largest sample: what is over goes into the shape, which
    has nine. 1 where all is nothing."""
    if not largest:
        return 1.0
    digit = 10.0 ** (np.floor(np.log10(abs(largest))) - 5)
    return float(f"{np.copysign(np.ceil(abs(largest) / digit - 1e-6) * digit, largest):.6g}")


def _register(seq, rows) -> int:
    """The number of an extension list in a pypulseq sequence."""
    from pypulseq.supported_labels_rf_use import get_supported_labels

    names = list(get_supported_labels())
    following = 0
    for row in reversed(rows):
        if isinstance(row, Label):
            kind = "LABELINC" if row.increment else "LABELSET"
            library = seq.label_inc_library if row.increment else seq.label_set_library
            if row.name not in names:
                raise ModelError(f"Label {row.name} cannot be written; known are {', '.join(names)}.")
            data = (row.value, names.index(row.name) + 1)
        elif isinstance(row, Trigger):
            kind, library, data = "TRIGGERS", seq.trigger_library, (row.kind, row.channel, row.delay, row.duration)
        else:
            kind, library = "DELAYS", seq.soft_delay_library
            data = (row.number, row.offset, row.factor, row.hint)
        ref = library.find_or_insert(new_data=data)[0]
        link = (seq.get_extension_type_ID(kind), ref, following)
        following = seq.extensions_library.find_or_insert(new_data=link)[0]
    return following
