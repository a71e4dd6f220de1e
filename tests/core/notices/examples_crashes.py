"""Values for the notices about crashes."""

from ollama_panel.core.notices import Value, notice

EXAMPLES: dict[str, dict[str, Value]] = {
    "crash.some_library": {},
    "crashed": {"instances": ("chat-1",), "why": notice("crash.memory")},
    "crashed.again": {"instances": ("chat-1",), "times": 3, "why": notice("crash.memory")},
    "crashed.runner": {"model": "llama3.1:8b", "instances": ("chat-1",), "why": notice("crash.fault")},
    "crashed.runner_again": {
        "model": "llama3.1:8b",
        "instances": ("chat-1",),
        "times": 2,
        "why": notice("crash.fault"),
    },
    "doctor.crashed": {"instances": ("chat-1",)},
    "doctor.crashed_runner": {"model": "llama3.1:8b"},
    "crash.memory": {},
    "crash.gpu_memory": {},
    "crash.illegal_instruction": {},
    "crash.driver_lost": {},
    "crash.disk_full": {},
    "crash.library_missing": {"library": "libcublas.so.12"},
    "crash.model_unknown": {},
    "crash.model_broken": {},
    "crash.fault": {},
    "crash.panic": {},
    "crash.killed": {"signal": "SIGKILL"},
    "crash.terminated": {"signal": "SIGTERM"},
    "crash.ended": {},
    "crash.unknown": {},
}
