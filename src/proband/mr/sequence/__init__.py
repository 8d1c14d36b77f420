"""What the scanner plays: Pulseq files, a library of sequences, pulse design, undersampling."""
