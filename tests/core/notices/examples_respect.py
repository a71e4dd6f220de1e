"""Values for the notices about respect."""

from ollama_panel.core.notices import Value, notice

EXAMPLES: dict[str, dict[str, Value]] = {
    "power.battery": {},
    "power.mains": {},
    "power.saved": {},
    "heat.nominal": {},
    "heat.fair": {},
    "heat.serious": {},
    "heat.critical": {},
    "keep_awake.failed": {"reason": notice("keep_awake.silent", seconds=30)},
    "keep_awake.reason": {},
    "keep_awake.serving": {},
    "keep_awake.silent": {"seconds": 30},
    "keep_awake.no_service": {},
    "keep_awake.no_answer": {},
    "keep_awake.no_bus": {},
    "keep_awake.refused": {"service": "org.freedesktop.login1", "reason": "Permission denied"},
}
