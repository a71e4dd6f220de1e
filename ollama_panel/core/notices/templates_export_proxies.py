"""The English templates of proxies in front of Ollama, by level; see `templates`."""

INFO = {
    # Steps and comments of every proxy
    "export.proxy.workers": (
        "Let the workers run without the panel, as services or containers, and see that each one answers with its "
        "version at its address in the file."
    ),
    "export.proxy.installed": (
        "Only if the first worker is the service that Ollama's installer made, or Ollama's app: it stays at {address}, "
        "so write that into {file}."
    ),
    "export.proxy.stop": "Quit the panel: it listens on the same address ({addresses}) while it runs.",
    "export.proxy.load": "Check the configuration and load it. Requests under way are finished by the old one.",
    "export.proxy.rebinding": (
        "Only names of this machine: Ollama checks that itself, but no longer sees by which name it was called."
    ),
    "export.proxy.origins": (
        "Web pages of other origins are let in by Ollama itself: set {variable} in the environment of the workers."
    ),
    "export.proxy.others": (
        "What needs no slot is asked of the first worker that runs: lists, downloads, changes of the store."
    ),
    "export.proxy.only_embeddings": "The workers of embeddings take no chats, and there is no other worker.",
    "export.proxy.new_key": "a new key",
    "export.proxy.refused_key": "This server needs an API key.",
    "export.proxy.busy": "No Ollama server took the request: all are busy, or none runs.",
    # HAProxy
    "export.haproxy.title": "HAProxy",
    "export.haproxy.summary": (
        "One address before all workers, with a queue in which who asks for much waits behind who asks for little."
    ),
    "export.haproxy.install": "Install HAProxy 2.6 or newer.",
    "export.haproxy.keys": (
        "Put the digest of each API key into {file}, where its name is: the file holds no keys, and opens to nobody "
        "before. This command prints the digest of a key."
    ),
    "export.haproxy.place": "Save it as {path}. It takes the place of the whole file that is there.",
    "export.haproxy.connections": "As many as may wait or be answered, and some for all that needs no slot.",
    "export.haproxy.buffer": (
        "So many bytes of a body are kept for each request that waits: a model is found in them, and a shorter body "
        "can be sent to another worker."
    ),
    "export.haproxy.hung_up": "Who has hung up leaves the queue, and no worker goes on with the answer.",
    "export.proxy.at_once": "Each word of an answer is sent on at once.",
    "export.proxy.again": "If a worker does not answer at all, another one is asked.",
    "export.proxy.times": "A load and a long answer take minutes, in which nothing may be sent.",
    "export.haproxy.turns": (
        "A client's next request takes its turn as if it had come {wait:seconds} later for each one that it has under "
        "way, batch work {longest:seconds} later."
    ),
    "export.proxy.host": "Ollama refuses the names of other machines.",
    "export.haproxy.digests": "SHA-256 of each API key: printf %s KEY | sha256sum",
    "export.haproxy.digest_of": "digest of {key}",
    "export.haproxy.models": "Models that have workers of their own.",
    "export.haproxy.slots": "maxconn: the slots of a worker. What exceeds them waits here, not in Ollama.",
    # nginx
    "export.nginx.title": "nginx",
    "export.nginx.summary": (
        "One address before all workers, without a queue of its own: what exceeds their slots waits in Ollama."
    ),
    "export.nginx.install": "Install nginx 1.18 or newer.",
    "export.nginx.keys": (
        "Put each API key into {file} in the place of KEY, and take the # before it away: the file holds no keys, and "
        "opens to nobody before."
    ),
    "export.nginx.place": "Save it as {path}, which nginx includes.",
    "export.nginx.connections": "Let nginx have enough connections: each request takes two.",
    "export.nginx.no_queue": (
        "No limit of connections to a worker is set: nginx without NGINX Plus lets no request wait, it would refuse "
        "it. Ollama lets requests wait, in the order in which they come."
    ),
    "export.nginx.least": "Each request goes to the worker with the fewest at that time.",
    "export.nginx.put_keys": "In the place of KEY stands an API key, without the # before its line.",
    "export.nginx.key_of": "the key {key}",
    "export.nginx.by_name": (
        "Clients come here by {path} behind the address: nginx does not see which model a request names."
    ),
}

WARNING: dict[str, str] = {}

ERROR = {
    "export.proxy.no_control": (
        'The name "{text}" has a line break or control character, which the configuration of a proxy cannot hold: take '
        "it out."
    ),
}
