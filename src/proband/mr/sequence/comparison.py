"""Do two timelines play the same?"""

from __future__ import annotations

import numpy as np

from proband.mr.sequence.timeline import Timeline

#: A file keeps six digits of an amplitude and a phase, and times to the nanosecond.
DIGITS, NANOSECOND = 1e-5, 1.5e-9


def differences(a: Timeline, b: Timeline) -> list[str]:
    """One phrase for each thing that differs beyond what a `.seq` file can hold; empty where they play the same."""
    found = []
    if abs(a.duration - b.duration) > NANOSECOND:
        found.append(f"duration {a.duration:g} s against {b.duration:g} s")
    if len(a.pulses) != len(b.pulses):
        found.append(f"{len(a.pulses)} pulses against {len(b.pulses)}")
    for n, (p, q) in enumerate(zip(a.pulses, b.pulses)):
        turn = abs(np.angle(np.exp(1j * (p.phase - q.phase))))
        if (
            p.use != q.use
            or p.wave.shape != q.wave.shape
            or max(abs(p.start - q.start), abs(p.step - q.step)) > NANOSECOND
            or np.abs(p.wave - q.wave).max(initial=0) > DIGITS * np.abs(p.wave).max(initial=0)
            or abs(p.frequency - q.frequency) > DIGITS * max(abs(p.frequency), 1.0)
            or turn > 2 * DIGITS
        ):
            found.append(f"pulse {n} at {p.start:g} s ({p.use} against {q.use})")
    for axis, g, h in zip("xyz", a.gradients, b.gradients):
        if bool(len(g.times)) != bool(len(h.times)):
            found.append(f"gradient {axis} is played in one of them only")
        elif len(g.times):
            t = np.union1d(g.times, h.times)
            t = np.concatenate([t + 2 * NANOSECOND, t - 2 * NANOSECOND, (t[1:] + t[:-1]) / 2])
            away = np.abs(np.interp(t, g.times, g.values, 0, 0) - np.interp(t, h.times, h.values, 0, 0)).max()
            if away > 5 * DIGITS * np.abs(g.values).max():
                found.append(f"gradient {axis} by {away * 1e3:g} mT/m")
    if len(a.readouts) != len(b.readouts):
        found.append(f"{len(a.readouts)} readouts against {len(b.readouts)}")
    for n, (r, s) in enumerate(zip(a.readouts, b.readouts)):
        turn = abs(np.angle(np.exp(1j * (r.phase - s.phase))))
        times = max(abs(r.start - s.start), abs(r.dwell - s.dwell))
        if r.samples != s.samples or dict(r.labels) != dict(s.labels) or times > NANOSECOND or turn > 2 * DIGITS:
            found.append(f"readout {n} at {r.start:g} s ({dict(r.labels)} against {dict(s.labels)})")
    if len(a.triggers) != len(b.triggers) or np.abs(np.subtract(a.triggers, b.triggers)).max(initial=0) > NANOSECOND:
        found.append("triggers")
    return found
