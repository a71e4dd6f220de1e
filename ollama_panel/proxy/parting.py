"""Decides whether a request for embeddings is sent in parts.

All others pass as they are: with one input, in a form that is not surely read as Ollama reads it, with `keep_alive` 0,
which would unload the model after each part, or where parts gain nothing (`core.embedding_parts`).
"""

import msgspec

from ollama_panel.core.embedding_parts import divide
from ollama_panel.core.records import Job
from ollama_panel.proxy.body_storage import Body
from ollama_panel.proxy.embedding_inputs import Inputs, inputs_of
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate

LONG_BYTES = 65_536
"""In a longer body the inputs may be more than were counted, because a list with many commas is not looked into."""


def parts_of(exchange: Exchange, job: Job, body: Body, gate: Gate) -> tuple[Job, Inputs, list[tuple[int, int]]] | None:
    """Return the job, its inputs and their parts (see `divide`); None if the request is to stay whole."""
    if exchange.route.action != "embed" or (job.items < 2 and job.body_bytes < LONG_BYTES) or job.keep_alive_s == 0:
        return None
    places = gate.places(job)
    if places is None or (places.free < 2 and not job.bulk) or exchange.request.headers.get("Content-Encoding"):
        return None
    inputs = inputs_of(body.view())
    parts = divide(inputs.sizes(), places, bulk=job.bulk) if inputs is not None else []
    if inputs is None or not parts:
        return None
    return msgspec.structs.replace(job, items=len(inputs.spans)), inputs, parts
