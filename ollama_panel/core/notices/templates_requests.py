"""The English templates about requests (why they wait, fail or are refused), by level; see `templates`."""

INFO = {
    # Why a request waits
    "waiting.paused": "Paused by the user.",
    "waiting.no_instance": "No Ollama instance is running.",
    "waiting.pool_left_out": (
        "A mistake in the settings file leaves out the pool for this request, which waits until it is corrected."
    ),
    "waiting.stopped": "{instance} is stopped: this request waits until you start it.",
    "waiting.all_stopped": "{instances} are stopped: this request waits until you start one of them.",
    "waiting.starting": "{instance} is not answering yet.",
    "waiting.all_starting": "{instances} are not answering yet.",
    "waiting.restarting": "{instance} takes no new requests before its restart.",
    "waiting.all_restarting": "{instances} take no new requests before their restarts.",
    "waiting.loading": "{model} is being loaded at {instances}.",
    "waiting.loading_other": "{loading} is being loaded; {model} comes next.",
    "waiting.silent": "The process of {instance} for {model} does not answer: restart {instance}.",
    "waiting.all_silent": "The processes of {instances} for {model} do not answer: restart these instances.",
    "waiting.broken": "{instance} failed several times; no requests go there until it is tried again.",
    "waiting.all_broken": "{instances} failed several times; no requests go there until they are tried again.",
    "waiting.slot": "The one slot of {model} is taken.",
    "waiting.slots": "All {slots:count} slots of {model} are taken.",
    "waiting.kept_for_chats": "The free slot of {model} is kept for chats: batch work waits.",
    "waiting.urgent_first": "{taken} More urgent requests go first: {number:count}.",
    "waiting.client_limit": "{client} already runs as many requests as it may at once: {limit:count}.",
    "waiting.no_memory": "{taken} There is no memory left for it at {instances}.",
    "waiting.memory": "{model} waits for other models to make room in memory.",
    "waiting.context": (
        "{model} runs with a context of {tokens:count} tokens; this request needs {needed:count} and waits for its "
        "turn."
    ),
    "waiting.context_fixed": (
        "{model} runs with a context of {tokens:count} tokens; this request cannot ask for one and waits for its turn."
    ),
    "waiting.own_context": (
        "{model} runs with its own context; this request needs {needed:count} tokens and waits for its turn."
    ),
    "waiting.own_context_fixed": (
        "{model} runs with its own context; this request cannot ask for one and waits for its turn."
    ),
    "waiting.retry": "Tried again in {seconds:seconds}: {cause}",
    # Why a request took long
    "slow.behind": "Waited {seconds:seconds} behind {number:count} of {client}.",
    "slow.behind_others": "Waited {seconds:seconds} behind {number:count} of {client} and {others:count} of others.",
    "slow.slot": "Waited {seconds:seconds} for a free slot.",
    "slow.paused": "Waited {seconds:seconds} while the queue was paused.",
    "slow.down": "Waited {seconds:seconds} while no instance answered.",
    "slow.loading": "Waited {seconds:seconds} while {model} was being loaded.",
    "slow.limit": "Waited {seconds:seconds} because {client} runs {limit:count} at once at most.",
    "slow.again": "Lost {seconds:seconds} in attempts that came to nothing: {cause}",
    "slow.cold": "The model was cold: loading {model} took {seconds:seconds}.",
    "slow.cold_and_prompt": "The model was cold: loading {model} and reading the prompt took {seconds:seconds}.",
    "slow.prompt": "Prompt of {tokens:count} tokens: reading it took {seconds:seconds}.",
    "slow.prompt_unknown": "Reading the prompt took {seconds:seconds}.",
    "slow.answer": "Answer of {tokens:count} tokens: {seconds:seconds}, {rate:number} tokens/s.",
    "slow.answer_unknown": "The answer took {seconds:seconds}.",
    "slow.inside": (
        "Ollama itself let it wait for {seconds:seconds}: it had no free slot, because others use this server past the "
        "panel or because it has fewer slots than it was set to."
    ),
    "slow.proxy": "{seconds:seconds} passed in the panel and on the ways to its client and to Ollama.",
    "slow.cut": "Prompt of {tokens:count} tokens, cut to {kept:count}: its beginning is lost.",
    "slow.cut_to": "Prompt cut to {kept:count} tokens: its beginning is lost.",
    "slow.cut_unknown": "The prompt was cut: its beginning is lost.",
    # Why a request lost its slot
    "preempted.chat": "A chat goes first.",
    "preempted.instance_gone": "Instance {instance} is gone.",
    "preempted.load_timeout": "{model} was still not loaded at {instance}.",
    "request.client_left": "The client left.",
    "request.client_stalled": "The client took nothing of its answer for {limit:seconds}, and was cut off.",
}

WARNING = {
    # An error of Ollama, passed on
    "answer.error": "{instance} answered with the status {status}; the client has its error.",
    # Who can reach the proxy
    "proxy.open_to_all": "Everybody who can reach the proxy can use and change your models without a key.",
    "proxy.no_key_yet": (
        "The proxy wants API keys, but there is none: nobody can use it until ollama-panel keys add NAME makes one."
    ),
}

ERROR = {
    "gpu_yield.cut": "The answer was cut off, because the models made room for other programs.",
    # Refusals of the scheduler; their codes and those of the proxy are part of the interface: see README.md
    "queue.full": "The queue is full: {waiting:count} waiting. Try again later, or raise the queue limit.",
    "queue.full_bytes": (
        "The queue is full: {waiting:count} waiting, {size:bytes} together. Try again later, or send shorter requests."
    ),
    "queue.dropped": (
        "The queue is full: {waiting:count} waiting. This client has the most requests in it; this one was pushed out "
        "for another client's. Try again later, or send fewer requests at once."
    ),
    "queue.dropped_bytes": (
        "The queue is full: {waiting:count} waiting, {size:bytes} together. Most of that is this client's; this one "
        "was pushed out for another client's. Try again later, or send shorter requests, or fewer at once."
    ),
    "queue.timeout": (
        "No slot became free within {waited:seconds}. Try again later, or raise the longest wait in the panel's "
        "settings."
    ),
    "request.no_instance": (
        "No Ollama instance is running. Start one in the panel, or raise the number of workers of a pool."
    ),
    "request.pool_left_out": (
        "A mistake in the settings file leaves out the pool for this request. Correct it; ollama-panel status says "
        "where it is."
    ),
    "request.workers_down": (
        "No worker that may answer this request is running: {instances}. Start one in the panel, or see in its log why "
        "it does not run."
    ),
    "request.no_worker": (
        "No worker may answer this request: the pool {pool} has 0 workers. Give it one in the panel, or by "
        "ollama-panel settings set pools.{pool}.workers 1."
    ),
    "request.no_workers": (
        "No worker may answer this request: the pools {pools} have 0 workers. Give one of them a worker in the panel."
    ),
    "request.no_pool": (
        "No worker may answer this request: there are only workers for embeddings. Add a pool for chats in the panel, "
        "or let chats use these: ollama-panel settings set scheduling.chats_on_embedding on."
    ),
    "context.too_long": (
        "A context of {tokens:count} tokens for {model} does not fit into this machine's memory; at most "
        "{longest:count} do. Ask for a smaller num_ctx, or lower the parallel requests of the pool."
    ),
    "request.cancelled": "The request was cancelled in Ollama Panel.",
    "request.id_in_use": "Request {request} is already under way. Give every request an id of its own.",
    "request.failed": "Ollama failed: {cause}",
    "request.failed_again": "Ollama could not answer in {tries:count} attempts: {cause}",
    # Why an attempt at an instance failed
    "attempt.failed": "The attempt failed ({kind}).",
    "attempt.error": 'The instance answered with the error "{error}".',
    "attempt.no_connection": 'There is no connection to the instance: "{reason}".',
    "attempt.no_connection_in_time": "The instance did not accept a connection in time.",
    "attempt.closed": "The instance closed the connection without an answer.",
    "attempt.closed_by_error": 'The instance closed the connection without an answer: "{reason}".',
    "attempt.broken_off": "The instance broke off its answer.",
    "attempt.broken_off_by_error": 'The instance broke off its answer: "{reason}".',
    "attempt.no_final_event": "The instance's answer ended before its final event.",
    "attempt.not_http": 'The instance\'s answer is not valid HTTP: "{reason}".',
    "attempt.headers_too_long": "The instance's headers are too long.",
    "attempt.timeout": "It took longer than the panel's limit of {limit:number} s.",
    # Refusals of the proxy: the connection, HTTP
    "access.too_many_connections": (
        "Too many connections from {client}: close some, or raise the limit in the panel's settings."
    ),
    "access.key_needed": "This panel wants an API key that it knows: send it as Authorization: Bearer KEY.",
    "access.scope": "The API key {key} does not open this: it needs the scope {scope}.",
    "access.foreign_page": "Web pages of other origins get nothing from the panel's own API.",
    "access.management_off": "{method} {path} is switched off in this panel's settings.",
    "http.invalid": 'This is not a valid HTTP request: "{reason}".',
    "http.unreadable": "This is not a valid HTTP request.",
    "http.version": "The panel speaks HTTP/1.0 and 1.1 only: use one of them.",
    "http.transfer_encoding": "HTTP/1.0 has no Transfer-Encoding: send Content-Length, or use HTTP/1.1.",
    "http.connect": "The panel is no tunnel to other hosts: send it the request itself.",
    "http.host": "The request needs exactly one Host header.",
    "http.expect": "The panel cannot meet Expect: {expected}.",
    "http.header_too_long": "The request has too many headers, or a header or a path beyond {limit:bytes}.",
    "http.headers_too_long": "The request's headers are longer than {limit:bytes} together.",
    "http.headers_late": "The request's headers did not come in time.",
    "body.too_long": "The request body is longer than {limit:bytes}, the panel's limit.",
    "body.late": "The request body came too slowly, or nothing of it for {limit:number} s.",
    "body.invalid": 'The request body is not valid HTTP: "{reason}".',
    "body.framing": "The request body is not valid HTTP: its framing is broken.",
    "body.no_room": (
        "The panel holds {size:bytes} of other request bodies and has no room for more. Try again later, or send "
        "shorter requests."
    ),
    "body.no_storage": (
        'The panel cannot keep the request body in its temporary folder: "{reason}". Try again later, or make room '
        "there (TMPDIR)."
    ),
    "embedding.answer_too_long": (
        "The embeddings of all inputs take more than {limit:bytes}, as much as the panel keeps. Send fewer "
        "inputs at once."
    ),
    "panel.no_path": "The panel has no {path}; it has {paths}.",
    "panel.method": "{path} takes {methods} only.",
    "api.json": "The body cannot be read: {cause}",
    "api.name_twice": "The body has the name {name} twice in one object.",
    "api.body": "The body is not what this takes: {reason}.",
    "api.content_type": "The body must be JSON, with Content-Type: application/json, not {given}.",
    "api.parameters": "The parameters are not what this takes: {reason}.",
    "api.parameter_twice": "The parameter {name} is given twice.",
    "api.changed_meanwhile": "It has been changed since it was read: read it again, and change that.",
    "request.unknown": "There is no request {request}, or it ended long ago.",
    "request.not_waiting": "Request {request} does not wait any more: it has begun, or has ended.",
    "request.ended": "Request {request} has ended already: {state}.",
    "panel.error": "The panel failed at this request; its log says why.",
}
