"""Examples of the notices of macOS, Windows, Nix and Ansible."""

from ollama_panel.core.notices import Value, notice

EXAMPLES: dict[str, dict[str, Value]] = {
    "export.launchd.title": {},
    "export.launchd.summary": {},
    "export.launchd.worker": {"worker": "chat-1"},
    "export.launchd.copy": {"folder": "~/Library/LaunchAgents"},
    "export.launchd.unload": {},
    "export.launchd.load": {},
    "export.launchd.check": {"folder": "~/Library/Logs"},
    "export.launchd.app": {"target": "launchd-app", "worker": "chat-1"},
    "export.launchd.no_path": {"program": "ollama"},
    "export.launchd_app.title": {},
    "export.launchd_app.summary": {},
    "export.launchd_app.worker": {"worker": "chat-1"},
    "export.launchd_app.load": {},
    "export.launchd_app.check": {},
    "export.launchd_app.others": {"target": "launchd", "file": "local.ollamapanel.worker.chat-1.plist"},
    "export.plist": {},
    "export.homebrew.title": {},
    "export.homebrew.summary": {},
    "export.homebrew.worker": {"worker": "chat-1"},
    "export.homebrew.formula": {},
    "export.homebrew.version": {"version": "6.0.15"},
    "export.homebrew.copy": {"folder": "~/.homebrew/services"},
    "export.homebrew.restart": {},
    "export.homebrew.check": {},
    "export.homebrew.others": {"target": "launchd"},
    "export.homebrew.file": {},
    "export.no_blanks": {"name": "MOTD", "pool": "chat", "place": notice("export.homebrew.file")},
}
