"""One chain: sequence → limits and safety → Bloch on the voxel patient → noisy k-space of many coils → image.

`subject.Subject` says who lies in the scanner, `protocol.Protocol` what is scanned; `chain.scan(subject, protocol)` plays it and
gives a `finished.Finished`, of which `quantities.measure` tells the numbers.

What the chain leaves out: fields are those of a coarser grid than the spins; gradients play as demanded unless `gradients: real`;
concomitant fields, drift and the converter's filter are not played; blood does not flow unless a phantom says so."""
