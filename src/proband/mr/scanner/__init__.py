"""The machine: data sheets, magnet, gradients, transmit and receive fields, analogue-to-digital conversion."""
