"""A scan trial is data, too: who lies in the scanner, what is scanned, what is measured, what would count as a pass.

    patient: {phantom: head}
    scans:
      standard: {scanner: scanner_3t, sequence: spoiled_gre, options: {matrix: [128, 128]}}
    measures: [standard.snr(white_matter), standard.nrmse]
"""  # fmt: skip

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, LiteralString

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from proband.trials.amounts import Amount, written
from proband.trials.refusal import Refused
from proband.trials.words import Name, Words, Written, json_schema, readable
from proband.units import parse_quantity

# A number with its unit, a word, a truth value, or a list of these: what a sequence, a phantom or a method can be asked for.
Setting = Any
SETTING = {"anyOf": [{"type": ["string", "number", "boolean", "null"]}, {"type": "array"}]}
Settings = Annotated[dict[Name, Setting], WithJsonSchema({"type": "object", "additionalProperties": SETTING})]


def _length(value: Any) -> str:
    text = written(value)
    if parse_quantity(text).dimension != parse_quantity("1 m").dimension:
        raise PydanticCustomError("amount", "{said} is no length; write it as in '5 mm'", {"said": text})
    return text


def _share(value: Any) -> str:
    text = written(value)
    quantity = parse_quantity(text)
    if any(quantity.dimension) or not 0 < quantity.si <= 1:
        raise PydanticCustomError(
            "amount", "{said} is no share; write it as in '50 %', above 0 and at most 100 %", {"said": text}
        )
    return text


Length = Annotated[str, BeforeValidator(_length), WithJsonSchema({"type": ["string", "number"], "description": "A length with its unit.", "examples": ["5 mm"]})]  # fmt: skip
Share = Annotated[
    str,
    BeforeValidator(_share),
    WithJsonSchema({"type": ["string", "number"], "description": "A share.", "examples": ["50 %"]}),
]


def _three(each: Callable[[Any], Any], wrong: LiteralString) -> BeforeValidator:
    """Three of something; `each` reads one, and gives None for what is none."""

    def read(value: Any) -> Any:
        found = tuple(map(each, value)) if isinstance(value, (list, tuple)) and len(value) == 3 else (None,)
        if None in found:
            raise PydanticCustomError("amount", wrong, {"said": repr(value)})
        return found

    return BeforeValidator(read)


def _three_schema(each: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"type": "array", "items": each, "minItems": 3, "maxItems": 3})


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 64 else None


def _angle(value: Any) -> str | None:
    text = written(value)
    return text if parse_quantity(text).dimension == parse_quantity("1 deg").dimension else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


WRITTEN = {"type": ["string", "number"]}  # with its unit
Three = Annotated[
    tuple[int, int, int],
    _three(_count, "{said} is not right; write three whole numbers from 1 to 64, as in [2, 2, 12]"),
    _three_schema({"type": "integer", "minimum": 1, "maximum": 64}),
]
Angles = Annotated[
    tuple[str, str, str],
    _three(_angle, "{said} is not right; write three angles, as in [20 deg, 0 deg, 0 deg]"),
    _three_schema(WRITTEN),
]
Place = Annotated[
    tuple[str, str, str],
    _three(_length, "{said} is not right; write three lengths, as in [0 mm, 20 mm, 40 mm]"),
    _three_schema(WRITTEN),
]
Direction = Annotated[
    tuple[float, float, float],
    _three(_number, "{said} is no direction; write three numbers, as in [0, 0, 1]"),
    _three_schema({"type": "number"}),
]


class Metal(Words):
    """An implant: it has no signal and displaces the static field. What pulses heat in it is not simulated."""

    material: Name = Field(description="What it is made of (`proband show implants`).")
    at: Place = Field(description="Its middle in the patient's axes: right, forward, to the head.")
    diameter: Length = Field(description="Of the ball, or of the rod.")
    length: Length | None = Field(None, description="Of a rod; left out: a ball.")
    axis: Direction = Field((1.0, 0.0, 0.0), description="Where a rod points, as in [0, 0, 1] for along the bore.")


class Lying(Words):
    """Who lies in the scanner: a phantom, or a patient from NIfTI files."""

    phantom: str = Field("", description="Name of a phantom (`proband list phantoms`).")
    options: Settings = Field(
        default_factory=dict, description="What the phantom can be asked for, as in lesion: 8 mm."
    )
    labels: str = Field("", description="A NIfTI label map, beside the trial.")
    tissues: dict[str, Name] = Field(default_factory=dict, description="The tissue of each number in the label map.")
    length: Literal["", "mm", "meter", "micron"] = Field(
        "", description="The unit of length of NIfTI files that do not say theirs."
    )
    shares: dict[Name, str] = Field(
        default_factory=dict, description="A NIfTI map of its share of a voxel for each tissue."
    )
    circulation: str = Field(
        "", description="The patient of the circulation whose heart beats (phantom beating_heart)."
    )
    moment: Amount = Field(
        "0 s", description="For a heart that is not filmed: how long after end of diastole it is scanned."
    )
    implants: list[Metal] = Field(default_factory=list, description="Metal in the patient.")
    table: Length = Field("0 mm", description="The patient's z that the table brings into the isocentre.")
    fields_voxel: Length | None = Field(
        None, description="Edge of the voxels on which fields are computed; left out: the phantom's."
    )

    @model_validator(mode="after")
    def _one(self) -> Lying:
        given = [k for k in ("phantom", "labels", "shares") if getattr(self, k)]
        if len(given) != 1:
            raise PydanticCustomError(
                "words", "a patient in the scanner is either a phantom, or labels with tissues, or shares ({given})",
                {"given": f"given are {', '.join(given)}" if given else "none is given"},
            )  # fmt: skip
        if bool(self.labels) != bool(self.tissues):
            raise PydanticCustomError(
                "words", "a label map needs both labels (the file) and tissues (what each number is)"
            )
        for number in self.tissues:
            if not re.fullmatch(r"\d+", number):
                raise PydanticCustomError(
                    "words", "{said} is no label; write tissues as in '3': grey_matter", {"said": number}
                )
        if self.circulation and self.phantom != "beating_heart":
            raise PydanticCustomError("words", "only the phantom beating_heart takes a patient of the circulation")
        return self


class Image(Words):
    """How the image is made of k-space."""

    method: str = Field("auto", description="fft, cg-sense, grappa, l1-wavelet, …; auto: by the sampling.")
    options: Settings = Field(default_factory=dict, description="Of the method, as in regularisation: 0.004.")


OF_FILES = {"fov": "m", "matrix": ""}  # what a Pulseq file may be asked for, and in which unit


class Scan(Words):
    """One scan: where, what, how it is played, how its image is made."""

    scanner: Name = Field("scanner_3t", description="Name of a scanner (`proband list scanners`).")
    array: str = Field("head", description="The receive array.")
    sequence: str = Field("", description="Name of a sequence of the library (`proband list sequences`).")
    file: str = Field(
        "",
        description="A Pulseq file instead, beside the trial; options fov and matrix say which image it makes where it does not.",
    )
    options: Settings = Field(default_factory=dict, description="Of the sequence, as in TE: 5 ms.")
    slew: Share = Field(
        "40 %",
        description="Share of the gradients' slew that a sequence of the library uses (nerves allow less than amplifiers).",
    )
    shim: Literal["quadrature", "static", "kt-points", "spokes"] = Field(
        "quadrature", description="How the transmit channels play together."
    )
    adjust: list[Name] = Field(
        default_factory=list,
        description="Tissues to which the transmitter is calibrated, and it and the static field are shimmed, as in [heart]; left out: all within the image.",
    )
    heat: Share = Field("100 %", description="Most SAR of a static shim, as a share of quadrature's.")
    mode: Literal["normal", "first level"] = Field("normal", description="Operating mode after IEC 60601-2-33.")
    part: Literal["head", "trunk", "limbs"] = Field("trunk", description="Part of the body, for local SAR.")
    plane: Literal["sequence", "short_axis"] = Field(
        "sequence", description="As the sequence has it, or turned into the heart's short axis."
    )
    turn: Angles = Field(
        ("0 deg", "0 deg", "0 deg"),
        description="Of the slices about the patient's x, y and z, one after the other, as in [20 deg, 0 deg, 0 deg].",
    )
    offset: Amount = Field("0 mm", description="Of the slices along their normal, as in -20 mm.")
    anatomy: Three = Field((2, 2, 2), description="Voxels of anatomy in one of the image, along read, phase and slice.")
    points: Three | None = Field(
        None,
        description="Spins in one voxel of the image, along read, phase and slice; none: [2, 2, 12], and for diffusion [2, 2, 24].",
    )
    margin: float = Field(0.5, ge=0, le=3, description="Of a slice's thickness, played beyond it on both sides.")
    precision: Literal["float32", "float64"] = Field("float32", description="Of the spins.")
    gradients: Literal["ideal", "real"] = Field(
        "ideal",
        description="As demanded, or delayed, with eddy currents and the fields beside them, and bent far from the isocentre.",
    )
    receiver: Literal["real", "ideal"] = Field(
        "real", description="With its decimation filter and a frequency that stays while the field drifts, or without."
    )
    t2_prime: Literal["by sequence", "rate", "lorentzian", "none"] = Field(
        "by sequence", description="How field gradients inside a voxel dephase."
    )
    noise: bool = Field(True, description="Whether the receivers are noisy.")
    truth: str = Field(
        "", description="The fully sampled scan whose noiseless image is this one's truth; left out: its own."
    )
    reconstruction: Image = Field(
        default_factory=lambda: Image.model_validate({}), description="How the image is made."
    )
    seed: int | None = Field(None, ge=0, lt=2**63, description="Of noise and heartbeat; left out: the trial's.")

    @model_validator(mode="after")
    def _one(self) -> Scan:
        if bool(self.sequence) == bool(self.file):
            raise PydanticCustomError(
                "words", "a scan needs either sequence (a name of the library) or file (a Pulseq file)"
            )
        if self.file and (other := sorted(set(self.options) - set(OF_FILES))):
            raise PydanticCustomError(
                "words",
                "a Pulseq file has no option {other}; it takes fov (two or three lengths) and matrix, where it does not say them itself",
                {"other": other[0]},
            )
        return self


_TERM = r"(?P<{0}scan>[A-Za-z_][\w\-]*)\.(?P<{0}quantity>\w+)(?:\(\s*(?P<{0}region>[\w ]+?)\s*\))?"
_MEASURE = re.compile(_TERM.format("a_") + r"(?:\s*(?P<sign>[/−-])\s*" + _TERM.format("b_") + r")?")


class Number:
    """A measure of scans, parsed: `five.snr(white_matter)`, or two of them over or less each other."""

    __slots__ = ("sign", "terms", "text")

    def __init__(self, text: str):
        found = _MEASURE.fullmatch(text.strip())
        if not found:
            raise Refused(
                f"{text!r} cannot be read; a measure of a scan is written scan.quantity or scan.quantity(region), as in "
                "standard.snr(white_matter), or two of them with / or - between them."
            )
        self.text = text.strip()
        self.sign = (found["sign"] or "").replace("−", "-")
        self.terms = [(found["a_scan"], found["a_quantity"], found["a_region"] or "")]
        if self.sign:
            self.terms.append((found["b_scan"], found["b_quantity"], found["b_region"] or ""))


class ScanMeasure(Words):
    """A measure and how a report calls it."""

    measure: Name = Field(description="scan.quantity or scan.quantity(region), or two of them with / or - between.")
    title: str = Field("", description="As the report calls it.")

    @model_validator(mode="after")
    def _read(self) -> ScanMeasure:
        readable(lambda: Number(self.measure))
        return self


def _as_measure(given: Any) -> Any:
    return {"measure": given} if isinstance(given, str) else given


class ScanCriterion(Words):
    """What would count as a pass: a measure within bounds."""

    measure: Name = Field(description="As in measures.")
    at_least: Amount | None = Field(None, description="Lower bound.")
    at_most: Amount | None = Field(None, description="Upper bound.")
    why: str = Field(description="Why this bound, with its source.")

    @model_validator(mode="after")
    def _bounded(self) -> ScanCriterion:
        readable(lambda: Number(self.measure))
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError("criterion", "a criterion needs at_least or at_most")
        return self


class ScanReport(Words):
    """Hints for the report."""

    title: str = Field("", description="Its heading.")
    summary: str = Field("", description="A paragraph in plain words: what was asked, of whom.")
    side_by_side: list[Name] = Field(default_factory=list, description="Scans shown beside each other; left out: all.")


class ScanTrial(Written):
    """A trial in the scanner: who, what is scanned, what is measured, what would count as a pass."""

    name: str = Field("trial", pattern=r"^[A-Za-z0-9_\-]+$", description="A short name; left out: the file's.")
    patient: Lying = Field(description="Who lies in the scanner.")
    common: Annotated[Settings, WithJsonSchema({"refers": "Scan"})] = Field(
        default_factory=dict, description="What all scans share; a scan's own lines go before, options are joined."
    )
    scans: dict[Annotated[str, Field(pattern=r"^[A-Za-z_][\w\-]*$")], Scan] = Field(
        min_length=1, description="The scans, by name, in this order."
    )
    measures: list[Annotated[ScanMeasure, BeforeValidator(_as_measure), WithJsonSchema({"anyOf": [{"type": "string"}, {"refers": "ScanMeasure"}]})]] = Field(
        min_length=1, description="What is measured."
    )  # fmt: skip
    criteria: list[ScanCriterion] = Field(default_factory=list, description="What would count as a pass.")
    seed: int = Field(0, ge=0, lt=2**63, description="All that is random follows from it.")
    report: ScanReport = Field(
        default_factory=lambda: ScanReport.model_validate({}), description="Hints for the report."
    )

    @model_validator(mode="before")
    @classmethod
    def _share(cls, data: Any) -> Any:
        """`common` is written into every scan; what is kept is the joined protocol."""
        if (
            not isinstance(data, Mapping)
            or not isinstance(data.get("common"), Mapping)
            or not isinstance(data.get("scans"), Mapping)
        ):
            return data
        common = data["common"]
        joined = {name: _joined(common, own) for name, own in data["scans"].items()}
        return {**{k: v for k, v in data.items() if k != "common"}, "scans": joined}

    @model_validator(mode="after")
    def _named(self) -> ScanTrial:
        for criterion in self.criteria:
            if criterion.measure not in [m.measure for m in self.measures]:
                raise PydanticCustomError(
                    "criterion",
                    "the criterion's measure {said} is not among the measures; write it there, too",
                    {"said": criterion.measure},
                )
        return self

    def run(self, **options: Any) -> Any:
        """Run it and return its result. See `proband.trials.scanning_run.run`."""
        from proband.trials.scanning_run import run

        return run(self, **options)


def schema() -> dict[str, Any]:
    """The JSON Schema of a trial in the scanner."""
    return json_schema(ScanTrial, ScanMeasure)


def _joined(common: Mapping[str, Any], own: Any) -> Any:
    if not isinstance(own, Mapping):
        return own
    both = {**common, **own}
    for key in ("options", "reconstruction"):
        if isinstance(common.get(key), Mapping) and isinstance(own.get(key), Mapping):
            both[key] = {**common[key], **own[key]}
    return both
