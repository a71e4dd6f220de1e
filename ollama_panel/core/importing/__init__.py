"""Configuration sources become settings of the panel: pools, and what of it goes where. Pure."""
