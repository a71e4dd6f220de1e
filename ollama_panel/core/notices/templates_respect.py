"""The templates about respect."""

INFO: dict[str, str] = {
    # How the machine is
    "power.battery": "from its battery",
    "power.mains": "from the mains",
    "power.saved": "saving power",
    "heat.nominal": "none to speak of",
    "heat.fair": "warm",
    "heat.serious": "slowed down by heat",
    "heat.critical": "critically hot",
    "keep_awake.reason": "Requests to language models run",
    "keep_awake.serving": "Serves clients of language models",
    "keep_awake.silent": "the system has not answered within {seconds:count} s",
    "keep_awake.no_service": "the system has nothing to ask for it",
    "keep_awake.no_answer": "no answer",
    "keep_awake.no_bus": "no bus that can be used",
    "keep_awake.refused": "{service}: {reason}",
    "keep_awake.failed": "The machine may go to sleep while requests run ({reason}). If it does, set the system not to "
    "sleep by itself.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
