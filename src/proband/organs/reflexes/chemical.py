"""What gases in arterial blood do to the heart and the vessels by way of the nerves: Ursino & Magosso 2000, Magosso & Ursino 2001.

Bodies that carry no gases have none of these parts, and their nerves are the baroreflex alone."""

from proband.model import *
from proband.units import *

dt = 100 * ms


@controller(period=100 * ms)
def chemical_drives(
    PO2    = reads(mmHg, "arterial partial pressure of oxygen", otherwise=95.0),
    PCO2   = reads(mmHg, "arterial partial pressure of carbon dioxide", otherwise=40.0),
    volume = reads(mL,   "gas in the lungs", otherwise=0.0),
    P_n    = param(39.0,  mmHg,  "PCO2 at rest", "given by the body at rest: no drive there"),
    f_max  = param(12.3,  one/s, "firing of the carotid bodies without oxygen", "Ursino & Magosso 2000", low=0),
    f_min  = param(0.835, one/s, "firing of the carotid bodies in plenty of oxygen", "Ursino & Magosso 2000", low=0),
    P_ac   = param(45.0,  mmHg,  "PO2 between the two", "Ursino & Magosso 2000"),
    k_ac   = param(29.27, mmHg,  "width between the two", "Ursino & Magosso 2000", low=0.1),
    K_H    = param(3.0,   one,   "how carbon dioxide multiplies it, per e-fold", "Magosso & Ursino 2001; the same at every PO2 (assumed)", low=0),
    f_n    = param(2.39,  one/s, "firing at rest", "from the rows above at a PO2 of 99 mmHg"),
    tau_ac = param(2.0,   s,     "time constant of the carotid bodies", "Ursino & Magosso 2000", low=0.2),
    G_ap   = param(11.6,  one/s, "firing of the lungs' stretch receptors per resting breath", "Ursino & Magosso 2000: 23.29 /s per litre, half a litre at rest", low=0),
    V_T    = param(500.0, mL,    "tidal volume at rest", "textbook", low=1),
    tau_ap = param(15.0,  s,     "over which breaths are felt", "assumed: some breaths (Ursino & Magosso 2000: 2 s after the tidal volume, which is a state there)", low=1),
    W_c    = param(2.0,   one,   "weight of the carotid bodies for the vessels", "fitted: the traffic to muscle falls by a fifth in oxygen (Seals 1991, as remembered); Ursino & Magosso 2000, after animals: 5"),
    W_ch   = param(1.0,   one,   "weight of the carotid bodies for the heart's sympathetic nerves", "Ursino & Magosso 2000"),
    W_cv   = param(0.2,   one,   "weight of the carotid bodies for the vagus of one who does not breathe", "Ursino & Magosso 2000"),
    W_b    = param(0.35,   one,   "weight of the carotid bodies against the vagus of one who breathes", "fitted: 65 to 61 beats a minute in oxygen (PMC5016570, 19 people); in man the vagus makes most of it (Shibata 2005, Koller 1988, as remembered)"),
    W_p    = param(0.34,  one,   "weight of the lungs' stretch for the vessels, which it relaxes", "Ursino & Magosso 2000"),
    W_pv   = param(0.025, one,   "weight of the lungs' stretch for the vagus, which it silences", "fitted: deep breaths at an unchanged PCO2 add 15 mL/min of output per L/min, seven people lying (McGregor 1962 J Appl Physiol 17:933); Ursino & Magosso 2000, after dogs: 0.103"),
    X_s    = param(5.99,  one/s, "drive on the vessels of centres without oxygen", "Ursino & Magosso 2000: 13.32 less 7.33", low=0),
    P_s    = param(30.0,  mmHg,  "PO2 of half of it", "Ursino & Magosso 2000"),
    k_s    = param(2.0,   mmHg,  "its width", "Ursino & Magosso 2000", low=0.1),
    X_h    = param(52.97, one/s, "drive on the heart of centres without oxygen", "Ursino & Magosso 2000: 3.59 + 49.38", low=0),
    P_h    = param(35.0,  mmHg,  "PO2 of half of it", "fitted: 13 % of oxygen add 1.1 beats a minute for each percent of saturation that is lost (Slutsky & Rebuck 1978 Am J Physiol 234:H129: 0.62 to 1.46, at a PCO2 held up); Ursino & Magosso 2000, after dogs: 45"),
    k_h    = param(6.0,   mmHg,  "its width", "Ursino & Magosso 2000", low=0.1),
    tau_i  = param(30.0,  s,     "time constant of the centres for oxygen", "Ursino & Magosso 2000", low=1),
    g_s    = param(0.0,   one/(s*mmHg), "drive on the vessels per PCO2", "assumed: none. Magosso & Ursino 2001 have 1.5, after animals; in man carbon dioxide lowers the resistance (Kiely 1996, as remembered)"),
    g_h    = param(0.5,   one/(s*mmHg), "drive on the heart per PCO2", "assumed: half of Magosso & Ursino 2001; 12 mmHg then add some 7 beats a minute (Kiely 1996, as remembered)"),
    P_most = param(20.0,  mmHg, "change of PCO2 beyond which nothing is added", "assumed: no one has measured further", low=1),
    tau_cc = param(20.0,  s,     "time constant of the centres for carbon dioxide", "Magosso & Ursino 2001", low=1),
    firing  = memory(2.39, one/s, "of the carotid bodies"),
    middle  = memory(2500., mL,   "the lungs' mean volume"),
    scatter = memory(3.1e4, mL*mL, "mean square of the volume about it"),
    starved_vessels = memory(0.0, one/s, "drive of starved centres on the vessels"),
    starved_heart   = memory(0.0, one/s, "drive of starved centres on the heart"),
    acid    = memory(0.0, mmHg, "PCO2 above that at rest, as the centres know it; none below"),
):  # fmt: skip
    """Carotid bodies (a sigmoid of PO2, multiplied by PCO2), the lungs' stretch, and centres that lack oxygen or have carbon
    dioxide: each drives the sympathetic nerves of vessels and heart, and the vagus. All drives are changes from rest.
    Too little carbon dioxide leaves the heart as it is: given back, it changed nothing in 12 men in hypoxia (Richardson, "Role of
    hypocapnia in the circulatory responses to acute hypoxia in man"), seven who overbreathed had more output without it (McGregor
    1962), and dogs' rate stayed (Am J Physiol 1964 206:1025). In one who breathes the carotid bodies silence the vagus, in one who
    does not they rouse it: then want of oxygen slows the heart (Daly 1986, shape).

    A sine of volume with amplitude a has the mean square a²/2, and so a tidal volume of √8 times its root."""
    x = exp(limited((PO2 - P_ac) / k_ac, -20.0, 20.0))
    told = (f_max + f_min * x) / (1 + x) * positive(1 + K_H * log(maximum(PCO2, 5 * mmHg) / P_n))
    firing = firing + (told - firing) * (dt / tau_ac)
    middle = middle + (volume - middle) * (dt / tau_ap)
    scatter = scatter + ((volume - middle) * (volume - middle) - scatter) * (dt / tau_ap)
    tidal = sqrt(8 * maximum(scatter, 1e-6 * mL * mL))
    stretch = G_ap * (tidal / V_T - 1)
    lack = X_s / (1 + exp(limited((PO2 - P_s) / k_s, -20.0, 20.0)))
    starved_vessels = starved_vessels + (lack - starved_vessels) * (dt / tau_i)
    lack = X_h / (1 + exp(limited((PO2 - P_h) / k_h, -20.0, 20.0)))
    starved_heart = starved_heart + (lack - starved_heart) * (dt / tau_i)
    acid = acid + (P_most * tanh(positive(PCO2 - P_n) / P_most) - acid) * (dt / tau_cc)
    carotid = firing - f_n
    breathes = minimum(tidal / V_T, 1.0)
    return gives(
        next_firing=firing,
        next_middle=middle,
        next_scatter=scatter,
        next_starved_vessels=starved_vessels,
        next_starved_heart=starved_heart,
        next_acid=acid,
        vessels=(W_c * carotid - W_p * stretch + starved_vessels + g_s * acid, 1 / s, "drive on the vessels' nerves"),
        heart=(W_ch * carotid + starved_heart + g_h * acid, 1 / s, "drive on the heart's sympathetic nerves"),
        vagus=(
            (W_cv * (1 - breathes) - W_b * breathes) * carotid - W_pv * stretch,
            1 / s,
            "what is added to the vagus",
        ),
        tidal=(tidal, mL, "tidal volume as the stretch receptors tell it"),
    )


def toned(base, drive, k_es, f_idle, f_most, resting_tone):
    """Tone, as a change from rest, of nerves that fire at `base` by the baroreflex and that chemistry drives as well."""
    firing = minimum(base * exp(limited(k_es * drive, -10.0, 10.0)), f_most)
    return log(positive(firing - f_idle) * (1 * s) + 1) - resting_tone


@signal(period=20 * ms)
def autonomic_nerves(
    sympathetic = reads(one,   "sympathetic tone that the baroreflex leaves, change from rest"),
    vagal       = reads(one/s, "vagal firing that the baroreflex leaves, change from rest"),
    to_vessels  = reads(one/s, "chemical drive on the vessels' nerves"),
    to_heart    = reads(one/s, "chemical drive on the heart's sympathetic nerves"),
    to_vagus    = reads(one/s, "what chemistry adds to the vagus"),
    resting_tone  = param(1.100, one,   "sympathetic tone at rest", "as in the baroreflex"),
    resting_vagal = param(4.767, one/s, "vagal firing at rest", "as in the baroreflex"),
    f_idle = param(0.56, one/s, "sympathetic firing that has no effect, above the lowest", "Ursino 1998: 2.66 less 2.10", low=0),
    f_most = param(57.9, one/s, "strongest sympathetic firing, above the lowest", "Ursino & Magosso 2000: 60 less 2.10", low=0),
    k_es   = param(0.0675, s,   "steepness of the sympathetic answer", "Ursino 1998", low=0),
):  # fmt: skip
    """Baroreceptors and chemistry add up in the exponent of the sympathetic firing, and so one multiplies the other's
    effect; in the vagus they simply add. Tones are read back into firing: tone = ln(f + 1 − f_idle)."""
    base = (exp(resting_tone + sympathetic) - 1) / (1 * s) + f_idle
    vessels = toned(base, to_vessels, k_es, f_idle, f_most, resting_tone)
    heart = toned(base, to_heart, k_es, f_idle, f_most, resting_tone)
    return gives(
        vessels=(vessels, one, "tone of the vessels, change from rest"),
        heart=(heart, one, "tone of the heart, change from rest"),
        vagus=(maximum(vagal + to_vagus, -resting_vagal), 1 / s, "vagal firing, change from rest"),
    )
