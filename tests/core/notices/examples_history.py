"""Example values for the notices about the history, by code."""

from ollama_panel.core.notices import Value, notice

_PATH = "/var/lib/panel/history.sqlite"

EXAMPLES: dict[str, dict[str, Value]] = {
    "history.broken": {"reason": "file is not a database"},
    "history.newer": {"version": 3, "known": 1},
    "history.none_yet": {"path": _PATH},
    "history.started": {"version": "0.1.0"},
    "history.ended": {},
    "history.ready": {"instance": "chat-1"},
    "history.hung": {"instance": "chat-1"},
    "history.stopped": {"instance": "chat-1"},
    "history.settings": {"keys": ("pools.chat.parallel", "proxy.port")},
    "history.alert": {"told": notice("state.proxy_off")},
    "history.alert_over": {"told": notice("state.proxy_off")},
    "history.no_words": {"code": "gpu.melted"},
    "history.clock_back": {"by": 3600.0},
    "history.clock_ahead": {"by": 3600.0},
    "history.died": {"instance": "chat-1", "why": notice("process.exited", code=1)},
    "history.set_aside": {
        "why": notice("history.broken", reason="file is not a database"),
        "name": "history.sqlite.aside-1",
    },
    "history.not_written": {"reason": "database or disk is full"},
    "history.unreadable": {"path": _PATH, "why": "file is not a database"},
    "history.range": {"points": 2592000, "most": 20000},
    "history.series": {"name": "gpu.colour", "known": ("gpu.power_w", "system.cpu_percent")},
}
