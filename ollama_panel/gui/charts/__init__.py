"""Live charts: ring buffers of samples, and what draws them."""
