"""Head of Rotaflow and DP3 over flow, as computed from the coefficients that the pumps here have."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "The pumps alone between two reservoirs."
SPEEDS = {"rotaflow": (1500, 2000, 2500, 3000, 3500, 4000), "dp3": (5000, 6000, 7000, 8000)}
FLOWS = (0.0, 2.0, 4.0, 5.0, 6.0)


def curves():
    from proband.benches import side_by_side
    from proband.benches.ecmo_pump import ecmo_pump_curve
    from proband.devices.ecmo.pumps import pump_of
    from proband.engine import Engine

    seen = {}
    for name, speeds in SPEEDS.items():
        for point in ecmo_pump_curve(pump_of(name).component, speeds, FLOWS, run=side_by_side(Engine)):
            seen[f"{name}-{point['speed_rpm']:g}-{point['flow_L_min']:g}"] = point["head_mmHg"]
    return seen


def experiment(lab: Lab):
    return lab.bench(curves)


if __name__ == "__main__":
    tell(__file__)
