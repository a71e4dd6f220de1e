"""The English templates about how a tuning goes on, by level; see `templates`."""

INFO = {
    "tuning.measures_at": "{instance} measures with other settings; the former ones come back in every case.",
    "tuning.measures_beside": "One more worker of {pool} measures beside those that serve.",
    "tuning.goes_first": "Requests of your programs go first: when one comes, measuring stops at once.",
    "tuning.interrupted": "A request came: the measurement is repeated.",
    "tuning.worker_ended": "{instance} has ended meanwhile: the measurement is repeated.",
    "tuning.gives_way": "Requests are under way: measuring goes on {seconds:seconds} after the last one.",
    "tuning.waits_until": "Requests have interrupted a measurement {times:count} times: it goes on at {time}, or when "
    "you resume it.",
    "tuning.panel_ended": "The panel ended during trial {trial:count}; your settings are in force.",
    "tuning.worker_stopped": "{instance} was stopped: start it, then resume the tuning.",
    "tuning.twin_stopped": "{instance}, which measured, was stopped: resume the tuning to start it again.",
    "tuning.pool_changed": "The settings of {pool} have changed: tune again.",
    "tuning.program_changed": "Ollama has changed: tune again.",
    "tuning.machine_changed": "The machine or {model} has changed: tune again.",
    "tuning.superseded": "Another tuning was begun.",
}

WARNING = {
    "tuning.short_time": "About {trials:count} of {planned:count} trials fit into {time:seconds}: what is best "
    "may not be among them.",
    "tuning.unreadable": "The tuning {file} cannot be read ({reason}); the file is kept.",
    "tuning.killed_often": "The panel was killed {times:count} times during this trial: it is not made again.",
    "tuning.spilled_layers": "{layers:count} of {whole:count} layers are on the GPU: the model does not fit with "
    "{settings}.",
    "tuning.spilled": "{gpu:bytes} of {size:bytes} are on the GPU: the model does not fit with {settings}.",
    "tuning.fewer_slots": "Ollama answers {slots:count} requests at a time, and not {wanted:count}.",
    "tuning.worker_missing": "{instance} does not run as the trial needs it.",
}

ERROR = {
    "tuning.none": "No tuning is under way.",
    "tuning.none_paused": "No tuning is paused.",
    "tuning.running": "A tuning of {pool} with {model} is under way: wait for its end, or cancel it.",
    "tuning.unknown": "There is no tuning {tuning}.",
    "tuning.no_verdict": "The tuning {tuning} has found no settings.",
    "tuning.no_model": "There is no model {model}.",
    "tuning.no_workers": "{pool} has no workers: give it one.",
    "tuning.no_room": "{model} does not fit into the memory.",
    "tuning.remote": "{model} runs in the cloud, where no setting of this machine counts.",
    "tuning.other_models": "{pool} is for other models than {model}.",
    "tuning.embeds": "{model} makes embeddings, and {pool} is not for these.",
    "tuning.answers": "{pool} is for embeddings, which {model} does not make.",
    "tuning.no_embeddings": "{model} makes no embeddings: choose another goal and other requests.",
    "tuning.model_gone": "{model} was removed.",
    "tuning.broken": "The tuner has failed: {error}",
}
