"""Pump, cannula and graft as one column of blood, driven by a rotor with inertia."""

from __future__ import annotations

from proband.devices.lvad.graft import kink_loss
from proband.devices.lvad.hydraulics import friction_loss, pump_head
from proband.devices.lvad.inlet import covered_share, either, rising
from proband.devices.lvad.shaft import blade_torque, clot_torque, friction_torque
from proband.devices.lvad.viscosity import blood_viscosity
from proband.model import *
from proband.units import *

mPa_s = ms * Pa
loss = mmHg / L_min**2


@path
def rotor(
    p_in        = end(mmHg, "where the inlet cannula sits"),
    p_out       = end(mmHg, "where the graft ends"),
    flow        = state(0.0,    L_min, "through the pump"),
    rotor_speed = state(5400.0, rpm,   "of the rotor"),
    current     = reads(A,     "motor current that makes torque"),
    powered     = reads(one,   "whether the driveline carries power", otherwise=1.0),
    transmural  = reads(mmHg,  "wall pressure of the chamber that holds the inlet, inside minus outside"),
    volume      = reads(mL,    "blood in the chamber that holds the inlet", otherwise=1000.0),
    bulge       = reads(mL,    "volume by which the septum bulges out of that chamber; below zero it comes over the inlet", otherwise=0.0),
    haematocrit = reads(one,   "share of red cells", otherwise=0.37),
    thrombus    = command(0.0, one, "clot on the rotor, 1 fills its gaps", low=0, high=1),
    kink        = command(0.0, one, "share of the graft's section that is lost", low=0, high=0.98),
    clamp       = command(0.0, one, "clamp on the graft, 1 is closed", low=0, high=1),
    a      = param(1e-6, mmHg / rpm**2,        "head per speed squared",                         "data sheet"),
    R1     = param(0.0,  mmHg / (rpm * L_min), "loss of head per speed and flow",                "data sheet"),
    R2     = param(1.0,  loss,                 "loss of head per flow squared",                  "data sheet"),
    Rrec   = param(1.0,  loss,                 "rise of head by recirculation",                  "data sheet"),
    kinf   = param(1e-4, L_min / rpm,          "flow per speed below which blood recirculates",  "data sheet"),
    R_stop = param(10.0, loss,                 "of the standing rotor",                          "data sheet"),
    N_run  = param(3000, rpm,                  "lowest speed of the running fit",                "data sheet"),
    corner = param(0.1,  one,                  "share of the flow kinf N over which running back begins", "assumed: smooth for the solver", low=0),
    R_over = param(0.0,  loss,                 "loss of head beyond the flow k_over N, per square of it", "assumed: not known of this make", low=0),
    k_over = param(1e-3, L_min / rpm,          "flow per speed beyond which the blades are overloaded", "assumed: not known of this make"),
    R_mu   = param(0.6,  mmHg / L_min / mPa_s, "loss of head per flow and viscosity",
                   "assumed: 1 mPa s more costs 3 mmHg at 5 L/min, about 5 % of the head"),
    N_fit  = param(5400, rpm,                  "speed at which the running fit holds this friction", "data sheet"),
    L      = param(17.0, mmHg * s * s / L, "inertance of the blood in the pump",        "data sheet"),
    L_per  = param(13.0, mmHg * s * s / L, "inertance of cannula and graft",            "data sheet"),
    R_per  = param(0.1,  loss,                 "of cannula and graft",                           "data sheet"),
    R_clot = param(3.0,  loss,                 "of a rotor full of clot",
                   "assumed: true flow falls by a fifth at an unchanged pressure difference"),
    rho     = param(1060.0,  kg / m3, "density of blood", "Kenner 1989 Basic Res Cardiol 84:111"),
    A_graft = param(154.0,   mm2,     "section of the graft", "14-mm graft, as all makes here use"),
    tau_c   = param(5.0,     ms,      "time in which a closed clamp, or an empty chamber, stops the flow",
                    "assumed: shorter than a beat, five steps of the solver"),
    R_suck  = param(6.0, mmHg * s / mL, "resistance of an inlet that the wall covers",
                    "assumed: leaves less than 1 L/min at 80 mmHg, and decays slower than the 1-ms step"),
    p_open  = param(3.0,  mmHg, "transmural pressure at which the wall begins to give way",
                    "assumed: a dilated ventricle then still holds 120 mL; the 1 mmHg (absolute) of Simaan 2009 would wait until 70 mL"),
    p_shut  = param(-5.0, mmHg, "transmural pressure at which it covers the inlet", "assumed: a flaccid wall needs a few mmHg to be drawn in"),
    V_open  = param(25.0, mL, "volume at which opposite walls begin to meet at the inlet", "assumed: about the volume of a cannula in its pocket"),
    V_shut  = param(5.0,  mL, "volume at which they cover it, and below which it runs dry", "assumed: an empty chamber"),
    S_open  = param(-8.0, mL, "bulge at which a septum that comes over begins to meet the inlet",
                    "assumed: 4 mm in the middle of a cap of 38 cm²; cannulas lean towards the septum more or less"),
    S_shut  = param(-25.0, mL, "bulge at which it covers the inlet", "assumed: 13 mm, the cannula's radius and a little more"),
    mu_plasma = param(1.2, mPa_s, "viscosity of plasma at 37 °C", "Késmárky 2008 Clin Hemorheol Microcirc 39:243"),
    mu_ref    = param(3.52, mPa_s, "viscosity for which the head is given", "assumed: of usual blood analogues, and of the haematocrit above"),
    J      = param(2e-6, kg * m2,                "inertia of the rotor",                             "data sheet"),
    k_E    = param(1e-4, N * mm / (rpm * L_min), "torque per speed and flow",                        "data sheet"),
    k_Q    = param(0.05, N * mm / L_min**2,      "loss of that torque per flow squared",             "data sheet"),
    Q_soft = param(0.75, L_min,                  "rounding of the corner at zero flow",              "assumed: smooth for the solver"),
    k_d    = param(7e-8, N * mm / rpm**2,        "disc friction",                                    "data sheet"),
    k_v    = param(4e-5, N * mm / (rpm * mPa_s), "shear in the gaps",                                "data sheet"),
    k_clot = param(1.1e-3, N * mm / rpm,         "friction of a rotor full of clot",                 "data sheet"),
    T_c    = param(0.3,  N * mm,                 "dry friction",                                     "assumed: a rotor without power stands within a second or two"),
    N_c    = param(160., rpm,                    "speed over which dry friction turns its sign",     "assumed: smooth for the solver"),
    k_t    = param(10.0, N * mm / A,             "torque per current, and voltage per speed",        "data sheet"),
    R_w    = param(1.0,  Ohm,                    "of the winding",                                   "data sheet"),
    P_0    = param(1.2,  W,                      "electronics and bearing",                          "data sheet"),
):  # fmt: skip
    """(L + L_per) dQ/dt = p_in − p_out + H − losses, and J dω/dt = k_t I − T."""
    viscosity = blood_viscosity(haematocrit, mu_plasma)
    rise = (
        pump_head(flow, rotor_speed, a, R1, R2, Rrec, kinf, R_stop, N_run, corner, R_over, k_over)
        - friction_loss(flow, rotor_speed, viscosity, R_mu, mu_ref, N_fit, Q_soft)
        - R_clot * thrombus * (flow * abs(flow))
    )
    covered = either(covered_share(transmural, volume, p_open, p_shut, V_open, V_shut), rising(bulge, S_open, S_shut))
    forward = positive(flow)
    losses = (R_per + kink_loss(kink, rho, A_graft)) * (flow * abs(flow)) + R_suck * covered * forward
    # A clamp is a resistance whose worth grows without bound as it closes: at 1 the flow only dies away.
    drive = (p_in - p_out + rise - losses) * ((1 - clamp) / (L + L_per)) - flow * (clamp / tau_c)
    # And an empty chamber has nothing to give, whatever pulls at it; blood may still run back into it.
    empty = rising(volume, V_shut, 0 * V_shut)
    d_flow = drive - empty * (positive(drive) + forward / tau_c)

    torque = (
        blade_torque(flow, rotor_speed, k_E, k_Q, Q_soft)
        + friction_torque(rotor_speed, viscosity, k_d, k_v, T_c, N_c)
        + clot_torque(rotor_speed, thrombus, k_clot)
    )
    head = rise - L * d_flow
    electrical = k_t * rotor_speed * current + R_w * current * current
    return gives(
        flow=flow,
        d_flow=d_flow,
        d_rotor_speed=(k_t * current - torque) / J,
        head=(head, mmHg, "pressure rise across the pump alone"),
        torque=(torque, N * mm, "that the blood and the bearings ask of the motor"),
        power=(positive(electrical) + P_0 * powered, W, "electrical power, as the console shows it"),
        hydraulic_power=(head * flow, W, "that the blood receives"),
        suction=(covered, one, "share of the inlet that the wall covers"),
        viscosity=(viscosity, mPa_s, "of the blood"),
    )
