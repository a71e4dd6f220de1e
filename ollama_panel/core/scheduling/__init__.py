"""The scheduler: one pure state machine, `Dispatcher.step(event, now) -> actions`, with integer microseconds for time.

* dispatcher: takes events in and passes them on; the views that the snapshot reads.
* placing: which waiting request goes to which free slot. It asks gates (why a slot may stay free), residency (which
  models stay in memory), routing (where a conversation lives), limiter (how many at once), options (one set of load
  options for each model).
* flights: what is at an instance. retry: what may be tried again. discover: how many slots there really are.
* deadlines: heartbeats, expiry, back-off. alarms: one heap behind one timer. watch: who is watched for what.
* queue: what waits. fairness: whose turn it is. shares: nobody is starved. waiting: why it waits.
* estimate and times: what things take, learned from finished requests.
* fleet: the instances and their models. state: all of it together. record: a log of it, and its replay.
"""
