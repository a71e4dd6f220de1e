"""Example values for the notices about programs that go past the panel, by code."""

from ollama_panel.core.notices import Value, notice

_RAG = notice("port.owner", name="rag_indexer.py", pid=4121)

EXAMPLES: dict[str, dict[str, Value]] = {
    "bypass.other_user": {"user": "ada"},
    "bypass.container": {"address": "172.17.0.2"},
    "bypass.container_behind": {"name": "docker-proxy"},
    "bypass.network": {"address": "192.168.1.7"},
    "bypass.log": {},
    "bypass.more": {"more": 2},
    "bypass.way_address": {"url": "http://127.0.0.1:11435"},
    "bypass.unknown": {},
    "bypass.seen": {
        "programs": (_RAG,),
        "urls": ("http://127.0.0.1:11434",),
    },
}
