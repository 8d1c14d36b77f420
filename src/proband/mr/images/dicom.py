"""Enhanced MR DICOM: one multi-frame object an image, with its geometry, units and nothing private.

The objects say DERIVED, since they come from a simulation and not from a patient; what the sequence was is written where
the image's `info` tells it (keys TR, TE in s, flip_angle in degrees, SAR of the whole body in W/kg, anatomy). All identifiers follow from the content
and a seed: the same image makes the same file."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.space import Grid

ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
# UCUM codes of the units that maps come in, and what one of ours is in them.
UNITS = {"1": ("1", "no units", 1.0), "s": ("ms", "millisecond", 1e3), "ms": ("ms", "millisecond", 1.0), "Hz": ("Hz", "Hertz", 1.0), "T": ("uT", "microtesla", 1e6), "rad": ("rad", "radian", 1.0), "deg": ("deg", "degree", 1.0), "m2/s": ("mm2/s", "square millimeter per second", 1e6), "%": ("%", "percent", 1.0), "ppm": ("[ppm]", "parts per million", 1.0), "W/kg": ("W/kg", "watt per kilogram", 1.0)}  # fmt: skip
ANATOMY = {"head": ("69536005", "Head"), "abdomen": ("818983003", "Abdomen"), "knee": ("72696002", "Knee"), "heart": ("80891009", "Heart"), "body": ("38266002", "Entire body")}  # fmt: skip


def _uid(*parts: object) -> str:
    """A UID under 2.25 (a UUID as a number, DICOM PS3.5 B.2) that follows from these parts."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join(map(str, ('proband', *parts)))).int}"


def write_dicom(
    image: Image,
    file: str | Path,
    *,
    study: str = "study",
    patient: str = "Virtual^Patient",
    B0: float = 3.0,
    series_number: int = 1,
    seed: int = 0,
    when: datetime = datetime(2000, 1, 1),
) -> Path:
    """Write an image of slices and, if it has them, frames in time. A complex image is written as its magnitude.

    Raises ModelError for numbers that are not finite, a sheared grid or a unit that has no code."""
    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    path = Path(file)
    volume, orientation, positions, spacing, thickness = _frames(image)
    stored, slope, intercept = _stored(image, volume)
    code, meaning, factor = _unit(image)
    digest = hashlib.sha256(np.ascontiguousarray(stored).tobytes() + image.grid.affine.tobytes()).hexdigest()
    slices, times = volume.shape[0], volume.shape[1]
    info = image.info
    B0 = float(info.get("B0", B0))  # type: ignore[arg-type]
    stamp = when.strftime("%Y%m%d%H%M%S.000000")

    meta: Any = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ENHANCED_MR
    meta.MediaStorageSOPInstanceUID = _uid(seed, study, series_number, image.name, digest)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = _uid("implementation")
    meta.ImplementationVersionName = "PROBAND"
    ds: Any = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = ENHANCED_MR, meta.MediaStorageSOPInstanceUID
    ds.InstanceCreationDate = ds.StudyDate = ds.SeriesDate = ds.ContentDate = stamp[:8]
    ds.InstanceCreationTime = ds.StudyTime = ds.SeriesTime = ds.ContentTime = stamp[8:14]
    ds.AcquisitionDateTime = stamp
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = patient, "VIRTUAL", "", "O"
    ds.PatientIdentityRemoved, ds.DeidentificationMethod = "YES", "Simulated: no person is behind it"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = _uid(seed, study), _uid(seed, study, series_number)
    ds.StudyID, ds.AccessionNumber, ds.ReferringPhysicianName = "1", "", ""
    ds.Modality, ds.SeriesNumber, ds.InstanceNumber = "MR", int(series_number), 1
    ds.SeriesDescription, ds.PatientPosition = image.name[:64], "HFS"
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = _uid(seed, study, "frame of reference"), ""
    ds.Manufacturer, ds.ManufacturerModelName = "Proband", "virtual scanner"
    ds.DeviceSerialNumber, ds.SoftwareVersions = "0", _version()
    ds.ImageType = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]
    ds.PixelPresentation, ds.VolumetricProperties = "MONOCHROME", "VOLUME"
    ds.VolumeBasedCalculationTechnique = "NONE"
    ds.ComplexImageComponent, ds.AcquisitionContrast = "MAGNITUDE", "UNKNOWN"
    ds.ContentQualification, ds.ImageComments = "RESEARCH", "Simulated by Proband; not for diagnosis"
    ds.BurnedInAnnotation, ds.LossyImageCompression, ds.PresentationLUTShape = "NO", "00", "IDENTITY"
    ds.ResonantNucleus, ds.MagneticFieldStrength, ds.KSpaceFiltering = "1H", B0, "NONE"
    ds.ApplicableSafetyStandardAgency = "IEC"
    ds.AcquisitionContextSequence = []
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns = stored.shape[2:]
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 0
    ds.NumberOfFrames = slices * times

    organisation = _uid(seed, study, series_number, "dimensions")
    ds.DimensionOrganizationSequence = [_item(DimensionOrganizationUID=organisation)]
    ds.DimensionIndexSequence = [
        _item(DimensionOrganizationUID=organisation, DimensionIndexPointer=pointer, FunctionalGroupPointer=0x00209111, DimensionDescriptionLabel=label)
        for pointer, label in ((0x00209056, "Stack ID"), (0x00209057, "In-Stack Position"), (0x00209128, "Temporal Position"))
    ]  # fmt: skip

    anatomy = ANATOMY.get(str(info.get("anatomy", "body")), ANATOMY["body"])
    mapping = _item(
        LUTLabel=code[:16],
        LUTExplanation=f"{image.name} in {meaning}"[:64],
        RealWorldValueFirstValueMapped=0,
        RealWorldValueLastValueMapped=65535,
        RealWorldValueSlope=slope * factor,
        RealWorldValueIntercept=intercept * factor,
        MeasurementUnitsCodeSequence=[_item(CodeValue=code, CodingSchemeDesignator="UCUM", CodeMeaning=meaning)],
    )
    mapping["RealWorldValueFirstValueMapped"].VR = mapping["RealWorldValueLastValueMapped"].VR = "US"
    low, high = float(stored.min()), float(stored.max())
    shared = Dataset()
    shared.PixelMeasuresSequence = [_item(SliceThickness=_ds(thickness), SpacingBetweenSlices=_ds(thickness), PixelSpacing=[_ds(s) for s in spacing])]  # fmt: skip
    shared.PlaneOrientationSequence = [_item(ImageOrientationPatient=[_ds(v) for v in orientation])]
    region = _item(CodeValue=anatomy[0], CodingSchemeDesignator="SCT", CodeMeaning=anatomy[1])
    shared.FrameAnatomySequence = [_item(AnatomicRegionSequence=[region], FrameLaterality="U")]
    shared.PixelValueTransformationSequence = [_item(RescaleIntercept=_ds(intercept * factor), RescaleSlope=_ds(slope * factor), RescaleType="US")]  # fmt: skip
    centre, width = _ds(factor * (slope * (low + high) / 2 + intercept)), _ds(max(factor * slope * (high - low), 1e-6))
    shared.FrameVOILUTSequence = [_item(WindowCenter=centre, WindowWidth=width)]
    shared.RealWorldValueMappingSequence = [mapping]
    kind = _item(FrameType=list(ds.ImageType), PixelPresentation="MONOCHROME", VolumetricProperties="VOLUME", VolumeBasedCalculationTechnique="NONE", ComplexImageComponent="MAGNITUDE", AcquisitionContrast="UNKNOWN")  # fmt: skip
    shared.MRImageFrameTypeSequence = [kind]
    if "TE" in info:
        shared.MREchoSequence = [_item(EffectiveEchoTime=float(info["TE"]) * 1e3)]  # type: ignore[arg-type]
    if "TR" in info and "flip_angle" in info and "SAR" in info:  # the group is whole or absent
        timing = _item(RepetitionTime=_ds(float(info["TR"]) * 1e3), FlipAngle=_ds(float(info["flip_angle"])))  # type: ignore[arg-type]
        timing.EchoTrainLength = timing.RFEchoTrainLength = timing.GradientEchoTrainLength = 1
        mode = "IEC_NORMAL" if B0 <= 3 else "IEC_FIRST_LEVEL"
        timing.OperatingModeSequence = [_item(OperatingModeType="STATIC FIELD", OperatingMode=mode)]
        absorbed = float(info["SAR"])  # type: ignore[arg-type]
        timing.SpecificAbsorptionRateSequence = [
            _item(SpecificAbsorptionRateDefinition="IEC_WHOLE_BODY", SpecificAbsorptionRateValue=absorbed)
        ]
        shared.MRTimingAndRelatedParametersSequence = [timing]
    cardiac = image.frame_times is not None and bool(info.get("gated", False))
    if cardiac:
        ds.CardiacSynchronizationTechnique = "RETROSPECTIVE"
        ds.CardiacSignalSource = "ECG"
        period = float(info.get("period", 1.0)) * 1e3  # type: ignore[arg-type]
        ds.CardiacBeatRejectionTechnique = "NONE"
        ds.LowRRValue = ds.HighRRValue = round(period)
    ds.SharedFunctionalGroupsSequence = [shared]

    frames = []
    for k in range(slices):
        for t in range(times):
            content = _item(DimensionIndexValues=[1, k + 1, t + 1], StackID="1", InStackPositionNumber=k + 1, TemporalPositionIndex=t + 1)  # fmt: skip
            content.FrameAcquisitionNumber = 1
            content.FrameReferenceDateTime = content.FrameAcquisitionDateTime = stamp
            content.FrameAcquisitionDuration = 0.0
            group = _item(FrameContentSequence=[content])
            group.PlanePositionSequence = [_item(ImagePositionPatient=[_ds(v) for v in positions[k]])]
            if cardiac and image.frame_times is not None:
                delay = float(image.frame_times[t]) * 1e3
                group.CardiacSynchronizationSequence = [_item(NominalCardiacTriggerDelayTime=delay, RRIntervalTimeNominal=period)]  # fmt: skip
            frames.append(group)
    ds.PerFrameFunctionalGroupsSequence = frames
    ds.PixelData = np.ascontiguousarray(stored).astype("<u2").tobytes()
    ds.save_as(path, enforce_file_format=True)
    return path


def read_dicom(file: str | Path) -> Image:
    """An Enhanced MR object that holds one stack. Raises ModelError for other objects, damaged files and mixed geometry."""
    import pydicom
    from pydicom.config import disable_value_validation

    path = Path(file)
    if not path.is_file():
        raise ModelError(f"there is no DICOM file {path}.")
    try:
        with disable_value_validation():
            ds: Any = pydicom.dcmread(path)
            if ds.get("SOPClassUID") != ENHANCED_MR:
                raise ModelError(f"{path} is no Enhanced MR image (SOP class {ds.get('SOPClassUID', 'missing')}).")
            return _image_of(ds, path)
    except ModelError:
        raise
    except Exception as problem:  # a foreign reader fails in many ways; all mean that the file cannot be used
        lines = str(problem).strip().splitlines() or [type(problem).__name__]
        raise ModelError(f"{path} is not a whole DICOM file: {lines[0].rstrip('.')}.") from None


def _image_of(ds: Any, path: Path) -> Image:
    shared = ds.SharedFunctionalGroupsSequence[0]
    frames = ds.PerFrameFunctionalGroupsSequence
    count = int(ds.NumberOfFrames)
    if len(frames) != count or count < 1:
        raise ModelError(f"{path} speaks of {count} frames, but describes {len(frames)}.")
    pixels = ds.pixel_array.reshape(count, int(ds.Rows), int(ds.Columns))
    measures = shared.PixelMeasuresSequence[0]
    row_step, column_step = (float(v) for v in measures.PixelSpacing)
    orientation = np.array([float(v) for v in shared.PlaneOrientationSequence[0].ImageOrientationPatient]).reshape(2, 3)
    where = np.array([[float(v) for v in f.PlanePositionSequence[0].ImagePositionPatient] for f in frames])
    index = np.array([[int(v) for v in f.FrameContentSequence[0].DimensionIndexValues] for f in frames])
    slices, times = int(index[:, -2].max()), int(index[:, -1].max())
    if slices * times != count or len({tuple(i) for i in index}) != count or index.min() < 1:
        raise ModelError(f"the frames of {path} do not make one stack of slices over time.")
    mapping = shared.RealWorldValueMappingSequence[0]
    slope, intercept = float(mapping.RealWorldValueSlope), float(mapping.RealWorldValueIntercept)
    code = str(mapping.MeasurementUnitsCodeSequence[0].CodeValue)
    ours = next(((unit, factor) for unit, (c, _, factor) in UNITS.items() if c == code), None)
    if ours is None:
        raise ModelError(f"{path} is in {code}, a unit that is not known here.")
    data = np.zeros((pixels.shape[2], pixels.shape[1], slices, times))
    corner = np.full((slices, 3), np.nan)
    for frame, (k, t), place in zip(pixels, index[:, -2:] - 1, where, strict=True):
        data[:, :, k, t] = frame.T * slope + intercept
        corner[k] = place
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = orientation[0] * column_step, orientation[1] * row_step
    normal = np.cross(orientation[0], orientation[1]) * float(measures.SliceThickness)
    affine[:3, 2] = (corner[-1] - corner[0]) / (slices - 1) if slices > 1 else normal
    if slices > 1 and np.abs(corner - corner[0] - np.arange(slices)[:, None] * affine[:3, 2]).max() > 0.01:
        raise ModelError(f"the slices of {path} are not evenly spaced.")
    affine[:3, 3] = corner[0]
    affine = np.diag([-1e-3, -1e-3, 1e-3, 1]) @ affine
    if not (np.isfinite(affine).all() and abs(np.linalg.det(affine[:3, :3])) > 0 and np.isfinite(data).all()):
        raise ModelError(f"{path} has no place in the world, or numbers that are not finite.")
    data /= ours[1]
    info: dict[str, object] = {"B0": float(ds.MagneticFieldStrength)}
    grid = Grid((int(pixels.shape[2]), int(pixels.shape[1]), slices), affine)
    return Image(data[..., 0] if times == 1 else data, grid, str(ds.SeriesDescription), ours[0], info=info)


def _frames(image: Image) -> tuple[np.ndarray, list[float], np.ndarray, tuple[float, float], float]:
    """Pixels (slices, times, rows, columns), orientation, a position for each slice (mm, LPS), spacing and thickness (mm)."""
    data = np.asarray(image.data)
    if data.ndim not in (3, 4) or data.shape[:3] != image.grid.shape:
        raise ModelError(
            f"image {image.name!r} has shape {data.shape}, which does not fit its grid {image.grid.shape}."
        )
    if np.iscomplexobj(data):
        data = np.abs(data)
    data = data.astype(float)
    if not np.isfinite(data).all():
        raise ModelError(f"image {image.name!r} holds numbers that are not finite and was not written.")
    data = data.reshape(*data.shape[:3], -1)
    affine = np.diag([-1e3, -1e3, 1e3, 1]) @ image.grid.affine  # m, RAS → mm, LPS
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    unit = affine[:3, :3] / edges
    if np.abs(unit.T @ unit - np.eye(3)).max() > 1e-4:
        raise ModelError(f"the grid of image {image.name!r} is sheared; DICOM needs right angles.")
    # As a reader looks: columns go to the left or back, rows to the back or the feet.
    for axis in (0, 1):
        main = int(np.abs(unit[:, axis]).argmax())
        if unit[main, axis] * (-1 if main == 2 else 1) < 0:
            affine[:3, 3] += affine[:3, axis] * (data.shape[axis] - 1)
            affine[:3, axis] *= -1
            unit[:, axis] *= -1
            data = np.flip(data, axis)
    positions = affine[:3, 3] + np.arange(data.shape[2])[:, None] * affine[:3, 2]
    orientation = [*unit[:, 0], *unit[:, 1]]
    return data.transpose(2, 3, 1, 0), orientation, positions, (float(edges[1]), float(edges[0])), float(edges[2])


def _stored(image: Image, volume: np.ndarray) -> tuple[np.ndarray, float, float]:
    low, high = min(0.0, float(volume.min())), float(volume.max())
    slope = (high - low) / 65535 if high > low else 1.0
    return np.round((volume - low) / slope).astype(np.uint16), slope, low


def _unit(image: Image) -> tuple[str, str, float]:
    if image.unit not in UNITS:
        raise ModelError(f"image {image.name!r} is in {image.unit!r}; DICOM has codes here for {', '.join(UNITS)}.")
    return UNITS[image.unit]


def _item(**values: Any) -> Any:
    from pydicom.dataset import Dataset

    item = Dataset()
    for name, value in values.items():
        setattr(item, name, value)
    return item


def _ds(value: float) -> str:
    """A decimal string, at most 16 characters long."""
    value = float(value) + 0.0
    for digits in range(15, 3, -1):
        text = f"{value:.{digits}g}"
        if len(text) <= 16:
            return text
    return f"{value:.3e}"


def _version() -> str:
    from proband import __version__

    return __version__
