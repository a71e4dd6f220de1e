"""Who can reach an address, and when a key is needed."""

import pytest

from ollama_panel.core.settings.exposure import is_loopback, requires_key
from ollama_panel.core.settings.tree import KeyRule, ProxySettings


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("box", False),
    ],
)
def test_only_this_machine_reaches_a_loopback_address(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


def test_a_key_is_needed_beyond_this_machine_unless_switched_off() -> None:
    assert not requires_key(ProxySettings())
    assert requires_key(ProxySettings(host="0.0.0.0"))
    assert not requires_key(ProxySettings(host="0.0.0.0", require_key=KeyRule.NEVER))
    assert requires_key(ProxySettings(require_key=KeyRule.ALWAYS))
