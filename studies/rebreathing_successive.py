"""The ventilatory response to carbon dioxide by rebreathing, three times in succession."""

from statistics import linear_regression

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import DRY, RESTED, WATCH, alveolar, tidal
from proband.evidence.scoring.study import tell
from proband.laws import gas
from proband.model import Body
from proband.organs import lungs
from proband.units import L, cmH2O, mmHg, s

COHORT = "12 healthy men, rebreathing: the man who breathes, four minutes to and from a bag of 6 L with 7 % of carbon dioxide in oxygen (Read 1967; the abstract tells neither bag nor gas), the first left out."
BAG = {"oxygen": 0.93, "carbon_dioxide": 0.07, "nitrogen": 0.0}
RATE = "respiratory_drive.rate"  # a capnograph counts no breaths where what is breathed in holds as much as what is breathed out


def with_a_bag(body: Body) -> Body:
    """A limp bag beside the room, and a tap between it and the mouth."""
    bag = lungs.airway_segment(V_0=6 * L, P_s=0.5 * cmH2O, volume=6 * L)
    body = body.attach(bag=bag, tap=lungs.mouth("bag", "airway", open=0.0))
    return body.filled({f"bag.{name}": share * DRY * mmHg / gas.RT for name, share in BAG.items()})


def experiment(lab: Lab):
    person = lab.person("breathing_man", changed=with_a_bag, watch=(*WATCH, RATE), settle=RESTED)
    person.set("mouth.open", 0.0).set("tap.open", 1.0).wait(60 * s)
    seen = [person.measure(15 * s) for _ in range(12)]

    def slope():
        """Of the straight line through ventilation by PCO2."""
        P, V = [alveolar(w, "PCO2") for w in seen], [w(RATE) * tidal(w) / 1000 for w in seen]
        return linear_regression(P, V).slope

    return lambda: {"rebreathing-slope": slope()}


if __name__ == "__main__":
    tell(__file__)
