"""Examples of the notices of proxies in front of Ollama."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "export.proxy.workers": {},
    "export.proxy.stop": {"addresses": ("127.0.0.1:11435", "127.0.0.1:11434")},
    "export.proxy.load": {},
    "export.proxy.rebinding": {},
    "export.proxy.origins": {"variable": "OLLAMA_ORIGINS"},
    "export.proxy.others": {},
    "export.proxy.only_embeddings": {},
    "export.proxy.new_key": {},
    "export.proxy.refused_key": {},
    "export.proxy.busy": {},
    "export.proxy.no_control": {"text": "two?lines"},
    "export.haproxy.title": {},
    "export.haproxy.summary": {},
    "export.haproxy.install": {},
    "export.haproxy.keys": {"file": "haproxy.cfg"},
    "export.haproxy.place": {"path": "/etc/haproxy/haproxy.cfg"},
    "export.haproxy.connections": {},
    "export.haproxy.buffer": {},
    "export.haproxy.hung_up": {},
    "export.haproxy.at_once": {},
    "export.haproxy.again": {},
    "export.haproxy.times": {},
    "export.haproxy.turns": {"wait": 5.0, "longest": 524.287},
    "export.haproxy.host": {},
    "export.haproxy.digests": {},
    "export.haproxy.digest_of": {"key": "laptop"},
    "export.haproxy.models": {},
    "export.haproxy.slots": {},
}
