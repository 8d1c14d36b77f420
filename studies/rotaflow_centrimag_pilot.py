"""The speed at which a Rotaflow moves blood through a loop of 250 mmHg (J Extra Corpor Technol, a pilot study of blood trauma)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Two loops of bovine blood (haematocrit 25 %, 25 °C), 250 ± 10 mmHg across the pump at 4.2 ± 0.25 L/min: the pump alone between two reservoirs."
SPEEDS = (2500, 3000, 3500, 4000)
HEAD, FLOW = 250.0, 4.2


def speed():
    import numpy as np

    from proband.benches import side_by_side
    from proband.benches.ecmo_pump import ecmo_pump_curve
    from proband.devices.ecmo.pumps import pump_of
    from proband.engine import Engine

    curve = ecmo_pump_curve(pump_of("rotaflow").component, SPEEDS, (FLOW,), run=side_by_side(Engine))
    heads = [point["head_mmHg"] for point in curve]
    return float(np.interp(np.sqrt(HEAD), np.sqrt(heads), SPEEDS))  # heads go with the square of speed


def experiment(lab: Lab):
    found = lab.bench(speed)
    return lambda: {"rotaflow-250": found()}


if __name__ == "__main__":
    tell(__file__)
