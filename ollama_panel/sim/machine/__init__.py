"""The simulated machine: instances, runners, slots, memory and time, as a discrete-event model. Pure."""
