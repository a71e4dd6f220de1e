"""The brain: one pure state machine, `Dispatcher.step(event, now) -> actions`, with integer microseconds for time."""
