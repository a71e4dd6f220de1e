"""What happened to every request: `Timeline.fold(event, actions, now)` turns the scheduler's steps into records.

* timeline: takes the steps, and has the records that the snapshot shows.
* entry: one request as it is now. counts: how many wait, run and have ended, and how fast. cuts: whose prompt was cut.

Everything is in the events and the actions, so the replay of an event log gives the same records.
"""
