"""What `proband --help` says. A test holds it against the commands themselves."""

HELP = """\
Proband, an open virtual test laboratory: a medical device meets virtual patients, and evidence comes out.

Usage: proband COMMAND [ARGUMENTS]

  run TRIAL               run a trial (a YAML file, or the name of a shipped one) and keep what came out in out/TRIAL
  scan TRIAL              the same for a trial in the MR scanner: k-space, images, numbers, report
  recon FILE --out DIR    an image of raw data in an MRD file
  replay DIR              run the same record again and compare every bit
  list WHAT               patients, devices, trials, signals; phantoms, scanners, sequences; alone, the first three
  show NAME               a patient, a device, a part or a trial: its table, equations and sources
  test NAME               a type test on a bench instead of a patient, as in pump-curve
  validate                the scoreboard against published numbers
  bench                   how fast the laboratory is on this machine
  schema                  the JSON Schema of a trial, for editors

  --json                  with any command: one JSON document on standard output, all else on standard error
  --help, --version       also: proband COMMAND --help

Examples:

  proband run lvad_ramp
  proband run my_trial.yaml --out out/mine --overwrite
  proband replay out/lvad_ramp
  proband show heartmate3
  proband test pump-curve --device heartmate3 --speeds 5000,6000 --json

Exit codes: 0 done, 1 a test, replay or check did not come out as it should, 2 refused before any work,
3 disk full, 4 every patient failed, 130 stopped by hand.

Research use only, not a medical device. Product names belong to their owners; values are published, digitised
or assumed, as each row says."""

EXAMPLES = {
    "run": (
        "proband run lvad_ramp",
        "proband run my_trial.yaml --out out/mine --overwrite",
        "proband run my_cohort.yaml --out out/cohort --resume",
    ),
    "scan": (
        "proband scan mr_brain_3t_vs_5t --out out/brain",
        "proband scan my_scan.yaml --out out/mine --resume",
    ),
    "recon": (
        "proband recon out/brain/three/kspace.mrd --out out/again",
        "proband recon raw.mrd --method l1-wavelet --out out/cs",
    ),
    "replay": ("proband replay out/lvad_ramp", "proband replay out/lvad_ramp --json"),
    "list": ("proband list", "proband list patients", "proband list signals --of lvad_ramp", "proband list sequences"),
    "show": (
        "proband show heartmate3",
        "proband show hfref_severe --json",
        "proband show left_ventricle --of hfpef",
        "proband show scanner_5t",
    ),
    "test": (
        "proband test pump-curve --device heartmate3 --speeds 5000,6000",
        "proband test pump-curve --device hvad --speeds 2600 --flows 0,2,4 --json",
        "proband test dynamic-loop --device heartmate2 --speeds 9000",
        "proband test mr --json",
    ),
    "validate": (
        "proband validate",
        "proband validate --only smith_1987 leonetti-sv",
        "proband validate --json > scoreboard.json",
    ),
    "bench": ("proband bench", "proband bench breath --json", "proband bench mr"),
    "schema": ("proband schema > trial.schema.json",),
}


def example(command: str) -> str:
    """How a command is written, one per line."""
    return "\n".join(["Examples:", "", *(f"  {line}" for line in EXAMPLES[command])])
