"""The facts of a machine as a file."""

import msgspec

from ollama_panel.core.doctor.facts import Facts, MachineFacts
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot


def test_facts_are_the_same_after_a_file() -> None:
    facts = Facts(1.0, "", MachineFacts(cores=8), snapshot=Snapshot(2.0, Settings()))
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts
