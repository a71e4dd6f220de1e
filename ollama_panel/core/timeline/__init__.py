"""What happened to every request: `Timeline.fold(event, actions, now)` turns the scheduler's steps into records.

* timeline: takes the steps, and has the records that the snapshot shows.
* entry: one request as it is now. counts: how many wait, run and have ended, and how fast. cuts: whose prompt was cut.
  client_book: what each client did in the last ten minutes.
* parts: the seconds in the queue, for load, prompt and answer. waits: what held a request up. reasons: that in words.
* class_counts: how each class fares. last_change: what the last change of the settings has brought.

Everything is in the events and the actions, so the replay of an event log gives the same records.
"""
