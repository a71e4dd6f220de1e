"""The first run: what was found on this machine, what is advised, and what it would change. Pure."""
