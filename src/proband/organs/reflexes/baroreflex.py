"""The arterial baroreflex, from the stretch of the arteries to the firing of the nerves: Ursino 1998."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def baroreflex(
    sensed  = state(90.0, mmHg, "arterial pressure as the receptors feel it"),
    aortic  = reads(mmHg, "pressure in the aortic arch"),
    carotid = reads(mmHg, "pressure in the carotid sinus"),
    around_aorta = reads(mmHg, "pressure around the aortic arch", otherwise=-3.0),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    raised  = reads(mmHg, "by how much other receptors raise the range", otherwise=0.0),
    height  = param(7.0,    cm,   "how far the arch lies above the heart when upright", "assumed: its top is behind the second rib, the heart's middle at the fourth space"),
    chest_at_rest = param(-3.0, mmHg, "pressure in the chest that belongs to the set point", "Heldt 2004"),
    P_n     = param(92.0,   mmHg, "pressure in the middle of the range", "Ursino 1998"),
    share   = param(0.54,   one,  "of the carotid sinus in the whole", "assumed: about half; in man the arch carries as much (Ferguson 1985, as remembered)", low=0, high=1),
    k_a     = param(11.758, mmHg, "width of the range",      "Ursino 1998"),
    f_min   = param(2.52,   one/s,  "lowest afferent firing",  "Ursino 1998"),
    f_max   = param(47.78,  one/s,  "highest afferent firing", "Ursino 1998"),
    tau_p   = param(2.076,  s,    "of the receptors' low pass", "Ursino 1998"),
    quick   = param(0.3,    one,  "share of the pulse that the centre feels beside the mean",
                    "assumed; Ursino 1998 has τ_z/τ_p = 3.1, which makes the centre a switch at a pulse pressure of 50 mmHg", low=0),
    f_es_inf = param(2.1,    one/s, "sympathetic firing at high pressure", "Ursino 1998"),
    f_es_0   = param(16.11,  one/s, "sympathetic firing at low pressure",  "Ursino 1998"),
    f_es_min = param(2.66,   one/s, "sympathetic firing that has no effect", "Ursino 1998"),
    k_es     = param(0.0675, s,   "steepness of the sympathetic answer", "Ursino 1998"),
    f_ev_0   = param(3.2,    one/s, "vagal firing at low pressure",  "Ursino 1998"),
    f_ev_inf = param(6.3,    one/s, "vagal firing at high pressure", "Ursino 1998"),
    f_cs_0   = param(25.0,   one/s, "afferent firing in the middle of the vagal answer", "Ursino 1998"),
    k_ev     = param(7.06,   one/s, "width of the vagal answer", "Ursino 1998"),
    resting_tone  = param(1.100, one, "sympathetic tone at P_n", "from the rows above"),
    resting_vagal = param(4.767, one/s, "vagal firing at P_n",     "from the rows above"),
):  # fmt: skip
    """Stretch receptors at the arch and the carotid sinus drive one centre; the answers are told as the change from rest."""
    pressure = share * carotid + (1 - share) * (aortic - gradient * height - around_aorta + chest_at_rest)
    felt = sensed + quick * (pressure - sensed)
    x = exp(limited((felt - P_n - raised) / k_a, -30.0, 30.0))
    f_cs = (f_min + f_max * x) / (1 + x)
    f_es = f_es_inf + (f_es_0 - f_es_inf) * exp(-k_es * f_cs)
    tone = log(maximum(f_es - f_es_min, 0 / s) * (1 * s) + 1)
    y = exp((f_cs - f_cs_0) / k_ev)
    f_ev = (f_ev_0 + f_ev_inf * y) / (1 + y)
    return gives(
        d_sensed=(pressure - sensed) / tau_p,
        sympathetic=(tone - resting_tone, one, "sympathetic tone, change from rest"),
        vagal=(f_ev - resting_vagal, 1 / s, "vagal firing, change from rest"),
    )
