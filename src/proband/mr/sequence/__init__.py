"""What the scanner plays: Pulseq files, a library of sequences, pulse design, undersampling.

from proband.mr.sequence import build, read, sequences

sequences()                                    # what there is, with the table of options of each
scan = build("spoiled_gre", limits, TE=0.005)  # from the library
scan = read("mine.seq", limits)                # or a Pulseq file of version 1.2 to 1.5
scan.check()                                   # refused: which block, which limit, by how much
scan.timeline, scan.trajectory, scan.info      # what the spins meet, where the samples lie, the protocol
"""

from proband.mr.sequence.catalogue import build, sequences
from proband.mr.sequence.hardware import check_hardware
from proband.mr.sequence.limits import Limits
from proband.mr.sequence.mr_sequence import MRSequence, read

__all__ = ["Limits", "MRSequence", "build", "check_hardware", "read", "sequences"]
