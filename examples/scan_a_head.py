"""A slice through a head with a plaque in the 3 T scanner: signal, noise and contrast, and what safety says of it."""

import sys

from proband.trials import loads

voxel, n = (sys.argv[1], sys.argv[2]) if len(sys.argv) > 2 else ("4 mm", "128")
trial = loads(f"""
patient: {{phantom: head, options: {{lesion: 12 mm}}, table: 21 mm, fields_voxel: {voxel}}}
scans:
  flash:
    scanner: scanner_3t
    sequence: spoiled_gre
    options: {{matrix: [{n}, {n}], TR: 20 ms, flip: 20, dummies: 60}}
    part: head
    mode: first level
    points: [1, 1, 12]
    anatomy: [1, 1, 2]
measures:
  - flash.snr(white_matter)
  - flash.snr(grey_matter)
  - flash.cnr(lesion)
  - flash.duration
  - flash.head_sar
  - flash.nerve_stimulation
""")
result = trial.run()
for measure in result.measures:
    print(f"{measure}: {result.number(measure):.3g} {result.unit(measure)}")
