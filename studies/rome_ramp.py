"""The Rome ramp test of HeartMate 3, with the right ventricle in view.

38 outpatients, stable for at least six months on the pump. The speed was raised from the set one towards 6,400 rpm; in 30 the test
was stopped by suction, in the other eight by a septum far to the left and an inner diameter below 3 cm; three reached 6,400 rpm. Flow, wedge,
arterial pressure and pulsatility index were compared before the test and at the speed that was set after it. How that speed was chosen
is not told; here it is the last one without suction, 200 rpm below the first with it."""

import numpy as np

from proband.evidence.scoring import Lab, direction, moved
from proband.evidence.scoring.bodies import PUMP, with_heartmate3
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "38 patients: 40 persons that differ, about the supported patient, whose hearts, heart rates, cannulas, vessels and blood volume scatter (assumed; as in the whole "
    "systems' cohort, which has the published spread of filling pressures). Suction: 5 % of the inlet covered. No change: within 10 %."
)
SPEEDS = range(5200, 6401, 200)
PEOPLE = 40
ARTERIOLES = ("upper_body_arterioles", "kidney_arterioles", "gut_arterioles", "hepatic_artery", "lower_body_arterioles")
VEINS = {"splanchnic": 0.4, "lower_body": 0.4, "liver": 0.2}  # where blood is added or taken
SUCTION = 0.05  # share of the inlet that the wall covers for a moment
SMALL = 35.0  # mL, a ventricle of 3 cm (Teichholz)


def people(lab: Lab) -> list[dict[str, float]]:
    """Rows of each person."""
    body = lab.body("hfref_supported")
    random = np.random.default_rng(38)
    normal = random.standard_normal((8, PEOPLE))

    def own(row):
        return body.value(row).to(body.row(row)[1].unit)

    def scattered(k, middle, spread):
        return middle * np.exp(spread * normal[k])

    blood = 550 * np.clip(normal[0], -1.6, 1.6)  # mL; nobody is ramped who is in shock
    rows = {f"{v}.volume": own(f"{v}.volume") + share * blood for v, share in VEINS.items()}
    rows |= {r: scattered(1, own(r), 0.35) for r in ("pulmonary_arterioles.R", "pulmonary_venules.R")}
    rows |= {f"{a}.R": scattered(2, own(f"{a}.R"), 0.15) for a in ARTERIOLES}
    rows["left_ventricle.E_max"] = np.clip(scattered(3, 0.60, 0.30), 0.3, 1.2)  # Burkhoff 2005: 0.4–1.2
    rows["right_ventricle.E_max"] = scattered(4, own("right_ventricle.E_max"), 0.25)
    rows["left_ventricle.k_E"] = scattered(5, own("left_ventricle.k_E"), 0.15)
    rows["baroreflex.P_n"] = own("baroreflex.P_n") + 8 * normal[6]
    rows["sinus_nerves.T_0"] = np.clip(
        scattered(7, own("sinus_nerves.T_0"), 0.30), 0.5, 1.2
    )  # 68 ± 22 /min (PMC10947813)
    rows["lvad.rotor.p_open"] = 1 + 5 * random.random(PEOPLE)  # mmHg; hearts and cannulas differ
    rows["lvad.rotor.S_open"] = -4 - 8 * random.random(PEOPLE)  # mL; and so does how far they lean to the septum
    return [{row: float(values[i]) for row, values in rows.items()} for i in range(PEOPLE)]


def experiment(lab: Lab):
    ramps = []
    for rows in people(lab):
        start = {"lvad.speed": SPEEDS[0], "lvad.low_speed_limit": SPEEDS[0]}
        person = lab.person("hfref_supported", {**rows, **start}, changed=with_heartmate3, watch=PUMP)
        ramps.append(
            [person.set("lvad.speed", n).set("lvad.low_speed_limit", n).wait(25 * s).measure(15 * s) for n in SPEEDS]
        )

    def stopped_by(w):
        if w.most("lvad.suction") > SUCTION:
            return "suction"
        return "small" if w("left_end_diastolic_volume") < SMALL else ""

    def until_stopped(ramp):
        """The steps before the test was stopped, and why it was."""
        for i, w in enumerate(ramp):
            if why := stopped_by(w):
                return ramp[:i], why
        return ramp, ""

    def ends(quantity):
        """The mean at the set speed and at the last one."""
        seen = [r for r, _ in map(until_stopped, ramps) if len(r) > 1]
        if not seen:
            return np.nan, np.nan
        return float(np.mean([r[0](quantity) for r in seen])), float(np.mean([r[-1](quantity) for r in seen]))

    def change(quantity):
        first, last = ends(quantity)
        return direction(last - first)

    def share(why):
        return 100 * float(np.mean([w == why for _, w in map(until_stopped, ramps)]))

    return lambda: {
        "rome-flow": change("lvad.estimated_flow"),
        "rome-wedge": change("wedge"),
        "rome-map": moved(*ends("mean_arterial"), "mmHg"),
        "rome-pi": moved(*ends("lvad.pulsatility_index"), "1"),
        "rome-suction": share("suction"),
        # 30 + 8 were stopped, those at 6,400 rpm among them: who was not stopped before has reached it
        "rome-6400": 100 * float(np.mean([len(free) >= len(SPEEDS) - 1 for free, _ in map(until_stopped, ramps)])),
    }


if __name__ == "__main__":
    tell(__file__)
