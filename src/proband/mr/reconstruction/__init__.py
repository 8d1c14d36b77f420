"""From k-space to images and maps."""
