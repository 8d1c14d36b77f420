"""Every sequence is judged before it plays: what is allowed, what is not, where, by how much, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.safety.acoustics import loudness
from proband.mr.safety.limits import SHORT, SIX_MINUTES, SOURCES, TEN_SECONDS, Limits, limits
from proband.mr.safety.nerves import default_law, safe, slews
from proband.mr.safety.windows import worst_mean, worst_rms
from proband.mr.scanner.fields import Fields
from proband.mr.scanner.observation import points_of
from proband.mr.scanner.scanner import GAMMA, Scanner
from proband.mr.scanner.shimming import Shim, quadrature
from proband.mr.sequence.timeline import Timeline

OVERESTIMATE = 0.05  # of the observation points
SLACK = 1.0005  # rounding of rasters is no offence


class SafetyRefusal(ModelError):
    """A sequence beyond a limit. `record` holds all that was judged."""

    def __init__(self, sentence: str, record: SafetyRecord):
        super().__init__(sentence)
        self.record = record


@dataclass(frozen=True)
class Finding:
    """One limit and what the sequence does to it. `time` in s where it is worst; `block` counts from 1 as Pulseq does."""

    name: str
    value: float
    limit: float | None  # none: a figure only
    unit: str
    time: float | None
    block: int | None
    source: str
    allowed: bool


@dataclass(frozen=True)
class SafetyRecord:
    """What was allowed and why. `notes` says what could not be judged, and on what assumptions."""

    scanner: str
    mode: str
    static_field_mode: str
    duration: float
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return all(f.allowed for f in self.findings)

    def finding(self, name: str) -> Finding:
        """One finding by name. Raises ModelError where it was not judged."""
        for f in self.findings:
            if f.name == name:
                return f
        raise ModelError(f"{name!r} was not judged; there are {', '.join(f.name for f in self.findings)}.")

    def as_dict(self) -> dict:
        """Plain numbers, lists and words, as JSON takes them."""
        made = asdict(self) | {"allowed": self.allowed}
        return made | {"findings": [asdict(f) for f in self.findings], "notes": list(self.notes)}

    @property
    def worst(self) -> Finding | None:
        """What is farthest beyond its limit; None where all are kept."""
        bad = [f for f in self.findings if not f.allowed and f.limit is not None]
        return max(bad, key=lambda f: f.value / f.limit if f.limit else np.inf, default=None)

    def sentence(self) -> str:
        """Which block, which limit, by how much: of the worst offence."""
        f = self.worst
        if f is None:
            return f"the sequence keeps every limit of {self.scanner} in the {self.mode} mode."
        assert f.limit is not None
        where = "" if f.time is None else f" at {f.time:.4f} s"
        where = where if f.block is None else f" in block {f.block}{where}"
        over = f"{f.value / f.limit - 1:.0%} above" if f.limit > 0 else "above"
        return (
            f"the sequence is refused{where}: {f.name} is {f.value:.4g} {f.unit}, {over} the limit of {f.limit:.4g} {f.unit} "
            f"({f.source})."
        )


def check(
    timeline: Timeline,
    scanner: Scanner,
    fields: Fields | None = None,
    mode: str = "normal",
    shim: Shim | None = None,
    region: str = "trunk",
) -> SafetyRecord:
    """Judges a sequence; raises SafetyRefusal, one sentence, where it is beyond a limit.

    `fields` are those of the patient: without them SAR is not judged, and the record says so. `shim` spreads one-channel
    pulses and scales them (quadrature where none is given); `region` is "head", "trunk" or "limbs", for local SAR."""
    record = supervise(timeline, scanner, fields, mode, shim, region)
    if not record.allowed:
        raise SafetyRefusal(record.sentence(), record)
    return record


def supervise(
    timeline: Timeline,
    scanner: Scanner,
    fields: Fields | None = None,
    mode: str = "normal",
    shim: Shim | None = None,
    region: str = "trunk",
) -> SafetyRecord:
    """As `check`, but what is beyond a limit is only written into the record."""
    allowed = limits(mode)
    if region not in ("head", "trunk", "limbs"):
        raise ModelError(f"there is no region {region!r}; local SAR is judged for 'head', 'trunk' or 'limbs'.")
    findings: list[Finding] = []
    notes: list[str] = []

    def note(name, value, limit, unit, time=None, source="", factor=1.0):
        value = float(value)
        ok = bool(np.isfinite(value)) and (limit is None or value <= limit * SLACK)
        time = None if time is None else float(time)
        findings.append(Finding(name, value * factor, None if limit is None else limit * factor, unit, time,
                                _block(timeline, time), source, ok))  # fmt: skip

    _static_field(scanner, note, notes)
    _gradients(timeline, scanner, note)
    _nerves(timeline, scanner, allowed, note, notes)
    _pulses(timeline, scanner, fields, allowed, shim, region, note, notes)
    note(
        "loudness", loudness(timeline, scanner.gradients), None, "dB(A)", source="assumed: one resonance, see acoustics"
    )
    static = "normal" if scanner.field <= limits("normal").B0 else "first level"
    return SafetyRecord(scanner.name, allowed.mode, static, timeline.duration, tuple(findings), tuple(notes))


def _block(timeline: Timeline, time: float | None) -> int | None:
    """The Pulseq block that plays at a time, from 1."""
    if time is None or timeline.blocks is None or len(timeline.blocks) < 2:
        return None
    at = int(np.searchsorted(timeline.blocks, time + 1e-9, side="right"))
    return int(np.clip(at, 1, len(timeline.blocks) - 1))


Note = Callable[..., None]


def _static_field(scanner: Scanner, note: Note, notes: list[str]) -> None:
    note("static field", scanner.field, limits("first level").B0, "T", source=SOURCES["B0"])
    if scanner.field > limits("normal").B0:
        notes.append(
            f"{scanner.field:g} T is above {limits('normal').B0:g} T: every examination is in the first-level controlled mode "
            "for the static field and needs medical supervision."
        )


def _gradients(timeline: Timeline, scanner: Scanner, note: Note) -> None:
    coils = scanner.gradients
    sheet = f"data sheet of {scanner.name}"
    for name, w in zip("xyz", timeline.gradients):
        if len(w.times) < 2:
            continue
        at = int(np.abs(w.values).argmax())
        note(f"gradient {name}", abs(w.values[at]), coils.maximum, "mT/m", w.times[at], sheet, 1e3)
        slew = np.abs(np.diff(w.values)) / np.maximum(np.diff(w.times), 1e-9)
        at = int(slew.argmax())
        note(f"slew {name}", slew[at], coils.slew * 1.001, "T/m/s", w.times[at], sheet)
        rms, time = worst_rms(w.times, w.values, coils.rms_window)
        note(f"rms gradient {name}", rms, coils.rms, "mT/m", time, sheet, 1e3)


def _nerves(timeline: Timeline, scanner: Scanner, allowed: Limits, note: Note, notes: list[str]) -> None:
    """By the scanner's own model; where its sheet has none, the standard's default law is the limit, beside it only a figure."""
    knots, slew = slews(timeline)
    if not slew.any():
        return
    own = scanner.gradients.nerves
    if own:
        share = safe(knots, slew, own)
        at = int(share.argmax())
        note("nerve stimulation", share[at], allowed.stimulation, "%", knots[at + 1],
             f"SAFE-type model of the data sheet of {scanner.name}; {SOURCES['stimulation']}", 100)  # fmt: skip
        notes.append(
            "nerve stimulation is judged by the SAFE-type model of the data sheet; the default law is a figure beside it."
        )
    else:
        notes.append(
            "the data sheet has no model of nerve stimulation, so the standard's default law is the limit: 20 T/s (1 + 0.36 ms/t)."
        )
    law = default_law(knots, slew)
    at = int(law.argmax())
    limit = None if own else allowed.stimulation
    note("nerve stimulation by the default law", law[at], limit, "%", knots[at],
         "IEC 60601-2-33 default from memory: 20 T/s (1 + 0.36 ms/t), with an assumed arm of 0.30 m", 100)  # fmt: skip


def _pulses(timeline, scanner, fields, allowed, shim, region, note, notes) -> None:
    if not timeline.pulses:
        return
    if fields is None:
        notes.append("SAR and transmit power were not judged: no fields of a patient were given.")
        return
    if shim is None:
        inside = np.abs(fields.transmit).sum(0) > 0
        inside &= np.linalg.norm(fields.grid.points(), axis=-1) < 0.1
        shim = quadrature(fields, inside if inside.any() else np.ones(fields.grid.shape, bool))
        notes.append(
            "no shim was given: pulses are taken as quadrature, with B1+ referred to its mean within 10 cm of the isocentre."
        )
    times, which, drives, peaks, own = _drives(timeline, shim)
    order = np.argsort(times, kind="stable")
    times, which = times[order], which[order]

    amplifier = scanner.transmitter
    brought = amplifier.power * amplifier.cable
    sheet = f"data sheet of {scanner.name}, at the coil"
    worst = int(peaks[which].argmax())
    note("peak power of a channel", peaks[which[worst]], brought, "kW", times[worst], sheet, 1e-3)
    mean, begin = worst_mean(times, own[which], TEN_SECONDS, timeline.duration)
    at = int(mean.argmax())
    note("mean power of a channel", mean[at], brought * amplifier.duty, "W", begin[at], sheet)

    points = points_of(fields, OVERESTIMATE)
    rows = [("whole-body SAR", fields.absorbed_global, allowed.whole_body, SOURCES["whole_body"])]
    if fields.absorbed_head is not None:
        rows.append(("head SAR", fields.absorbed_head, allowed.head, SOURCES["head"]))
    if fields.absorbed_partial is not None:
        exposed = fields.exposed_mass / fields.body_mass
        rows.append(
            ("partial-body SAR", fields.absorbed_partial, allowed.partial_body(exposed), SOURCES["partial_body"])
        )
    top = allowed.local_limbs if region == "limbs" else allowed.local_trunk
    source = f"{SOURCES['local']}; {len(points.matrices)} observation points, at most {OVERESTIMATE:.0%} of the worst drive too much"
    for window, factor, words in ((SIX_MINUTES, 1.0, "over 6 min"), (TEN_SECONDS, SHORT, "over 10 s")):
        for name, Q, limit, why in rows:
            energy = _energy(drives, Q[None])[which]
            mean, begin = worst_mean(times, energy, window, timeline.duration)
            note(f"{name} {words}", mean[0], limit * factor, "W/kg", begin[0], why)
        mean, begin = _worst_local(times, which, _energy(drives, points.matrices), window, timeline.duration)
        note(f"local SAR {words}", mean, top * factor, "W/kg", begin, source)


def _drives(timeline: Timeline, shim: Shim):
    """When each pulse is (n,), which of the distinct ones it is (n,), and of those ∫ a a^H dt (u, c, c), the peak power
    of any channel (u,) and each channel's energy (u, c); a in √W."""
    c = len(shim.weights)
    seen: dict[tuple[int, int], int] = {}
    which, matrices, peaks = [], [], []
    for pulse in timeline.pulses:
        key = (id(pulse.wave), round(pulse.step * 1e12))
        if key not in seen:
            wave = np.atleast_2d(pulse.wave)
            if len(wave) not in (1, c):
                raise ModelError(
                    f"the pulse at {pulse.start:.4f} s has {len(wave)} channels and the scanner has {c}; one or all were expected."
                )
            a = (shim.weights[:, None] * wave if len(wave) == 1 else wave) / (GAMMA * shim.reference)
            if not np.isfinite(a).all():
                raise ModelError(f"the pulse at {pulse.start:.4f} s holds a value that is not a number.")
            seen[key] = len(matrices)
            matrices.append(a @ a.conj().T * pulse.step)
            peaks.append(float(np.max(np.abs(a) ** 2, initial=0.0)))
        which.append(seen[key])
    M = np.array(matrices)
    own = np.real(np.diagonal(M, axis1=1, axis2=2))
    return np.array([p.start for p in timeline.pulses]), np.array(which), M, np.array(peaks), own


def _energy(drives: np.ndarray, Q: np.ndarray) -> np.ndarray:
    """∫ a^H Q a dt of each distinct pulse in each matrix, (u, q), J/kg."""
    return np.real(np.einsum("qij,uji->uq", Q, drives, optimize=True))


def _worst_local(times, which, energy, window, duration) -> tuple[float, float]:
    """The worst observation point; taken a few at a time, so that many pulses need little memory."""
    worst, when = 0.0, 0.0
    some = max(1, 4_000_000 // max(len(times), 1))
    for q in range(0, energy.shape[1], some):
        mean, begin = worst_mean(times, energy[:, q : q + some][which], window, duration)
        at = int(mean.argmax())
        if mean[at] > worst:
            worst, when = float(mean[at]), float(begin[at])
    return worst, when
