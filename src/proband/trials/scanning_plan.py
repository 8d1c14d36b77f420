"""A scan trial checked before anything is played: names, units and files as the imaging wing takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proband.model import ModelError, did_you_mean
from proband.trials.extras import need_extra
from proband.trials.refusal import Refused
from proband.trials.scanning import OF_FILES, Metal, Number, Scan, ScanTrial
from proband.units import UnitError, parse_quantity

if TYPE_CHECKING:
    from proband.mr.phantom.implants import Implant
    from proband.mr.scans.protocol import Protocol
    from proband.mr.scans.subject import Subject

FINEST, COARSEST = 1e-3, 50e-3  # m, voxels of the fields: finer ones take hours, on coarser ones no organ is seen


@dataclass(frozen=True)
class ScanPlan:
    """What will be scanned. `patients` and `steps` are what every result has: one patient, one scan after the other."""

    trial: ScanTrial
    subject: Subject
    protocols: tuple[Protocol, ...]
    measures: tuple[Number, ...]

    patients: int = 1

    @property
    def steps(self) -> tuple[Protocol, ...]:
        return self.protocols

    def protocol(self, name: str) -> Protocol:
        return next(p for p in self.protocols if p.name == name)


def prepare(trial: ScanTrial) -> ScanPlan:
    """Raises Refused, one sentence with its place, for what cannot be scanned as it is written."""
    from proband.mr.scans.quantities import quantity

    need_extra()
    subject = _subject(trial)
    protocols = tuple(_protocol(trial, name, scan) for name, scan in trial.scans.items())
    known = [p.name for p in protocols]
    for protocol in protocols:
        if protocol.truth and protocol.truth not in known:
            raise Refused(
                f"{trial.place.say(('scans', protocol.name, 'truth'))}there is no scan {protocol.truth!r}{did_you_mean(protocol.truth, known)}."
            )
    numbers = []
    for i, m in enumerate(trial.measures):
        number = Number(m.measure)
        units = []
        for scan, what, region in number.terms:
            where = trial.place.say(("measures", i))
            if scan not in known:
                raise Refused(
                    f"{where}there is no scan {scan!r}{did_you_mean(scan, known)}; there are {', '.join(known)}."
                )
            try:
                found = quantity(what)
            except ModelError as problem:
                raise Refused(f"{where}{problem}") from None
            if region and not found.region:
                raise Refused(f"{where}{what} is of the whole image, not of a region; leave ({region}) out.")
            units.append(found.unit)
        if len(units) == 2 and units[0] != units[1]:
            raise Refused(
                f"{trial.place.say(('measures', i))}{number.text} puts {units[0]} beside {units[1]}; both must have one unit."
            )
        numbers.append(number)
    plan = ScanPlan(trial, subject, protocols, tuple(numbers))
    for i, criterion in enumerate(trial.criteria):
        from proband.trials.scanning_result import unit_of

        unit = unit_of(Number(criterion.measure))
        for bound in (criterion.at_least, criterion.at_most):
            if bound is not None and parse_quantity(bound).dimension != unit.dimension:
                raise Refused(
                    f"{trial.place.say(('criteria', i))}{bound} is no bound of {criterion.measure}, which is in {unit.symbol}."
                )
    return plan


def _subject(trial: ScanTrial) -> Subject:
    from proband.mr import phantom
    from proband.mr.scans.subject import Subject, known_options

    lying, say = trial.patient, trial.place.say
    options: dict[str, Any] = {}
    if lying.phantom:
        if lying.phantom not in phantom.names():
            raise Refused(
                f"{say(('patient', 'phantom'))}there is no phantom {lying.phantom!r}{did_you_mean(lying.phantom, phantom.names())}; there are {', '.join(phantom.names())}."
            )
        known = known_options(lying.phantom)
        for name, value in lying.options.items():
            if name not in known:
                raise Refused(
                    f"{say(('patient', 'options', name))}phantom {lying.phantom} has no option {name!r}{did_you_mean(name, known)}; it has {', '.join(known)}."
                )
            options[name] = _plain(value, f"{say(('patient', 'options', name))}")
    if lying.circulation:
        from proband.trials.library import Library

        Library().find_patient(lying.circulation)
    number = lambda text: parse_quantity(text).si  # noqa: E731
    if lying.fields_voxel and not FINEST <= number(lying.fields_voxel) <= COARSEST:
        raise Refused(
            f"{say(('patient', 'fields_voxel'))}{lying.fields_voxel} is not right; fields are computed on voxels of {1e3 * FINEST:g} to {1e3 * COARSEST:g} mm."
        )
    return Subject(
        phantom=lying.phantom,
        options=options,
        labels=_file(trial, lying.labels, ("patient", "labels")) if lying.labels else "",
        tissues={int(k): v for k, v in lying.tissues.items()},
        shares={k: _file(trial, v, ("patient", "shares", k)) for k, v in lying.shares.items()},
        length=lying.length,
        table=number(lying.table),
        circulation=lying.circulation,
        moment=number(lying.moment),
        coarse=number(lying.fields_voxel) if lying.fields_voxel else None,
        implants=tuple(_implant(metal, say(("patient", "implants", n))) for n, metal in enumerate(lying.implants)),
    )


def _implant(metal: Metal, where: str) -> Implant:
    from proband.mr.phantom.implants import Implant

    x, y, z = (parse_quantity(c).si for c in metal.at)
    length = parse_quantity(metal.length).si if metal.length else None
    if length is not None and not length > 0:
        raise Refused(f"{where}an implant's length must be above zero; leave it out for a ball.")
    try:
        return Implant(metal.material, (x, y, z), parse_quantity(metal.diameter).si, length or 0.0, metal.axis)
    except ModelError as problem:
        raise Refused(f"{where}{problem}") from None


def _file(trial: ScanTrial, name: str, path: tuple[Any, ...]) -> str:
    found = trial.folder / name
    if not found.is_file():
        raise Refused(f"{trial.place.say(path)}there is no file {str(found)!r}.")
    return str(found)


def _protocol(trial: ScanTrial, name: str, scan: Scan) -> Protocol:
    from proband.mr.reconstruction import methods
    from proband.mr.reconstruction.reconstruct import check_options
    from proband.mr.scanner.sheet import scanner, scanners
    from proband.mr.scans.protocol import Protocol
    from proband.mr.sequence import sequences

    say = lambda *path: trial.place.say(("scans", name, *path))  # noqa: E731
    if scan.scanner not in scanners():
        raise Refused(
            f"{say('scanner')}there is no scanner {scan.scanner!r}{did_you_mean(scan.scanner, scanners())}; there are {', '.join(scanners())}."
        )
    arrays = scanner(scan.scanner).arrays
    if scan.array not in arrays:
        raise Refused(
            f"{say('array')}{scan.scanner} has no array {scan.array!r}{did_you_mean(scan.array, arrays)}; it has {', '.join(arrays)}."
        )
    options: dict[str, Any] = {}
    table: Mapping[str, Any] = {}
    if scan.sequence:
        library = sequences()
        if scan.sequence not in library:
            raise Refused(
                f"{say('sequence')}there is no sequence {scan.sequence!r}{did_you_mean(scan.sequence, library)}; there are {', '.join(library)}."
            )
        table = library[scan.sequence].options
        for key, value in scan.options.items():
            if key not in table:
                raise Refused(
                    f"{say('options', key)}{scan.sequence} has no option {key!r}{did_you_mean(key, table)}; it has {', '.join(table)}."
                )
            options[key] = _option(value, table[key].unit, say("options", key))
    for key, value in scan.options.items() if scan.file else ():
        options[key] = _option(value, OF_FILES[key], say("options", key))
        if not isinstance(options[key], tuple) or not 2 <= len(options[key]) <= 3 or min(options[key]) <= 0:
            raise Refused(f"{say('options', key)}{value} is not right; write two or three {'lengths' if key == 'fov' else 'whole numbers'} above zero.")  # fmt: skip
    if scan.reconstruction.method not in methods():
        raise Refused(
            f"{say('reconstruction', 'method')}there is no method {scan.reconstruction.method!r}{did_you_mean(scan.reconstruction.method, methods())}; there are {', '.join(methods())}."
        )
    own = {k: v for k, v in scan.reconstruction.options.items() if k not in ("maps", "virtual_coils")}
    try:
        check_options(scan.reconstruction.method, own)
    except ModelError as problem:
        raise Refused(f"{say('reconstruction', 'options')}{problem}.") from None
    # Of a slice with twelve, what diffusion's lobes should dephase comes back, and the coefficient is a quarter too low.
    points = scan.points or ((2, 2, 24) if "b_values" in table else (2, 2, 12))
    for a, p in zip(scan.anatomy, points):
        if p % a:
            raise Refused(
                f"{say('points')}points {list(points)} must be whole multiples of anatomy {list(scan.anatomy)}."
            )
    share = lambda text: parse_quantity(text).si  # noqa: E731
    return Protocol(
        name=name,
        scanner=scan.scanner,
        sequence=scan.sequence,
        file=_file(trial, scan.file, ("scans", name, "file")) if scan.file else "",
        options=options,
        array=scan.array,
        slew=share(scan.slew),
        shim=scan.shim,
        adjust=tuple(scan.adjust),
        heat=share(scan.heat),
        mode=scan.mode,
        part=scan.part,
        plane=scan.plane,
        turn=tuple(parse_quantity(a).si for a in scan.turn),
        offset=_metres(scan.offset, say("offset")),
        anatomy=scan.anatomy,
        points=points,
        margin=scan.margin,
        precision=scan.precision,
        gradients=scan.gradients,
        receiver=scan.receiver,
        t2_prime=scan.t2_prime,
        noise=scan.noise,
        truth=scan.truth,
        method=scan.reconstruction.method,
        reconstruction={
            k: _plain(v, say("reconstruction", "options", k)) for k, v in scan.reconstruction.options.items()
        },
        seed=trial.seed if scan.seed is None else scan.seed,
    )


def _metres(text: str, where: str) -> float:
    quantity = parse_quantity(text)
    if quantity.dimension != parse_quantity("1 m").dimension:
        raise Refused(f"{where}{text} is no length; write it as in '-20 mm'.")
    return float(quantity.si)


# Bare numbers would be read in SI, which nobody means who writes TR: 20; angles stand in degrees in every protocol.
DIMENSIONS = {"m": "mm", "s": "ms", "s each": "ms", "Hz": "Hz", "Hz/pixel": "Hz", "T": "µT", "T/m": "mT/m"}

# What a table's unit is called in a quantity, where they differ.
SPELT = {
    "Hz/pixel": "Hz",
    "cycles/voxel": "1",
    "s each": "s",
    "": "1",
    "lines": "1",
    "beats": "1",
    "beats each": "1",
    "samples": "1",
}


def _option(value: Any, unit: Any, where: str) -> Any:
    """A line of a sequence's table: text with a unit becomes the number that the table has."""
    if isinstance(unit, tuple) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(_option(v, unit, where) for v in value)
    if isinstance(value, (int, float)):
        if unit in DIMENSIONS and value:
            raise Refused(f"{where}{value} is without a unit; write it as in '{value} {DIMENSIONS[unit]}'.")
        return value
    spelt = SPELT.get(unit, unit)
    if not unit and not _plain_number(value):
        raise Refused(f"{where}{value!r} is no plain number, which is what stands here.")
    try:
        quantity, one = parse_quantity(value), parse_quantity(f"1 {spelt}".removesuffix(" 1"))
    except UnitError as problem:
        raise Refused(f"{where}{problem}") from None
    if quantity.dimension != one.dimension:
        raise Refused(f"{where}{value} is in another unit than {unit}; write it as in '1 {spelt}'.")
    return quantity.si / one.si


def _plain_number(text: str) -> bool:
    try:
        return not any(parse_quantity(text).dimension)
    except UnitError:
        return False


def _plain(value: Any, where: str) -> Any:
    """Words stay words, quantities become SI numbers."""
    if isinstance(value, (list, tuple)):
        return tuple(_plain(v, where) for v in value)
    if not isinstance(value, str):
        return value
    try:
        return parse_quantity(value).si
    except UnitError:
        if value[:1].isdigit():
            raise Refused(f"{where}{value!r} is neither a word nor a number with a unit that is known.") from None
        return value


def option_table(rows: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """A sequence's table for people: name, value with unit, meaning."""
    found = []
    for name, row in rows.items():
        unit = " or ".join(row.unit) if isinstance(row.unit, tuple) else row.unit
        found.append((name, f"{row.value} {unit}".strip(), row.meaning))
    return found
