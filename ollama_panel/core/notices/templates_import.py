"""The English templates about the import of configuration sources, by level; see `templates`."""

INFO: dict[str, str] = {
    # What is taken
    "import.workers": "Workers of the pool {pool}: {workers:count}, as {servers}.",
    "import.pool": "{server} becomes a worker of the pool {pool}, which keeps its number of workers.",
    "import.models": "The models {models} are meant for the pool {pool}.",
    "import.role": "The pool {pool} gets the use that the name of its server says.",
    "import.parallel": "{name}={value} becomes Parallel of the pool {pool}.",
    "import.context_length": "{name}={value} becomes Context length of the pool {pool}.",
    "import.environment": "{name}={value} goes into the environment of the pool {pool}.",
    "import.store": "{name}={value} becomes the models folder of all workers.",
    "import.origin": "Web pages of {origin} may call the panel.",
    # What is ignored, and why
    "import.address": "Workers have addresses of their own: clients use that of the panel, {url}.",
    "import.cards": "Each worker of the pool {pool} sees all cards, and loads a model where there is room.",
    "import.by_panel": "The panel sets it for its workers by itself.",
    "import.container_store": "The folder {path}, which has the container's models, becomes that of all workers.",
    "import.same_store": "The folder is the same for all workers.",
    "import.inside": "The folder {path} is inside the container; it is not known where it is on this machine.",
    "import.too_many": "{server} becomes no worker: the pool {pool} has {workers:count}, and no pool may have more.",
    "import.limit": "The container may use {bytes:bytes} of memory; workers of the panel have no such limit.",
    "import.empty": "It is empty, which is the same as not set.",
    "import.zero": "{name}=0 leaves the number to Ollama; the pool keeps its own.",
    "import.not_read": "No server of Ollama reads {name}.",
    "import.overruled": "Another line sets it to another value, which wins.",
    "import.of_client": "Only a client reads it, not the server.",
    "import.reaches_none": "It reaches no server.",
    "import.other_source": "It does not count here: {path} sets up the same server.",
    # What is offered
    "import.offer_network": "Listen for other machines, at {host}",
    "import.network_why": "The server does so. The panel asks clients on other machines for an API key, which Ollama "
    "does not: make one for each before they move.",
    "import.offer_origins": "Let all web pages call the panel (*)",
    "import.origins_why": "The server does so: any page that is open in a browser here can use the models. Better name "
    "the pages in the settings.",
}

WARNING: dict[str, str] = {
    "import.no_text": "{name} holds bytes that are no text in UTF-8, so its value is not known: "
    "save the file as UTF-8.",
}

ERROR: dict[str, str] = {
    "import.nothing": "Nothing in {sources} could be taken.",
    "import.none_here": "Nothing on this machine sets up a server of Ollama.",
    "import.what": "Name what to import: a path, a unit, a container, or auto.",
    "import.changed": "The sources or the settings have changed since the preview: look at it again.",
    "import.none_to_undo": "There is no import to undo.",
}
