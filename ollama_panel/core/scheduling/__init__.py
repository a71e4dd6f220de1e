"""The scheduler: one pure state machine, `Dispatcher.step(event, now) -> actions`; times are integer microseconds.

* dispatcher: takes the events and passes them on; the views that the snapshot reads. messages: events and actions.
* placing: which waiting request goes to which free slot. It asks batch_isolation (why a slot may stay free), residency
  (which models stay in memory), prefix_affinity and cached_prefix (which instance has a conversation in its prefix
  cache), limiter (the concurrency limit) and option_profiles (one set of load options for each model).
* in_flight: the requests at an instance. retry: retries, back-off, circuit breaker. slot_probe: how many slots exist.
* deadlines: heartbeats, expiry, back-off. timers: all behind one. waiting_deadlines: those of a waiting request.
* queue: what waits. fairness: fair queuing. shares: no starvation of batch work. waiting: why a request waits.
* estimate and times: how long things take, learned from finished requests.
* fleet: the instances and their models. model_state and ticket: the state machines of a model and of a request.
* state: all of it together. policy: its settings. event_log: a log of its steps, and the replay of a log.
"""
