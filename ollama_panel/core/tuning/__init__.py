"""The tuner's decisions: which trials to make, what was measured, and what follows. Pure.

* task: what is asked for: model, pool, goal, bounds, workload and budget. trial: one trial, and what it measured.
  choice: what of it is chosen where that is left open.
* planner: the next trial of a history, or the verdict: the algorithm. space: what may be tried, and what fits.
* findings: what the trials have found so far, and the best. conclusion: the verdict in words.
* reasons: why each trial is made. outlook: what is planned, and what is left out.
* statistics: means of batches with their intervals, and percentiles over all requests. curve: what each step gives.
* workload: how long the requests of a trial are, from those of the user or from a preset. prompts: their texts; seeded:
  what is made up for them. wave: what the clients of a trial have seen, and the measurement that follows.
  conditions: what the machine did meanwhile, and whether that has disturbed it.
* placement: which workers measure a trial. quiet: when a tuning that traffic keeps interrupting goes on.
* steps: these, as a chart shows them. report: a tuning as text and as CSV.
* record: a tuning as front ends see it. validity: whether what it has measured still holds. whatif: what a pool would
  give with other settings.
* profile: a complete set of settings of a pool, and where it is from. profiles: what is done with them. profile_file:
  one as a file.
"""
