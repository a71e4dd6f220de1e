"""Live charts: ring buffers of samples, and the widgets that draw them."""
