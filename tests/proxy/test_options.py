"""Every setting of the proxy reaches it, or is known to be somebody else's."""

import msgspec
import pytest

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import ApiKey, ProxySettings, Settings
from ollama_panel.proxy.options import ProxyOptions

ELSEWHERE = {"enabled", "queue_limit", "queue_timeout_s"}
"""What the engine and the scheduler read."""

OTHER_VALUES = {
    "enabled": "off",
    "host": "0.0.0.0",
    "port": "12345",
    "queue_limit": "5",
    "queue_timeout_s": "5",
    "request_timeout_s": "7",
    "heartbeat": "off",
    "heartbeat_plain": "on",
    "header_timeout_s": "7",
    "body_timeout_s": "7",
    "max_body_mib": "7",
    "connections_per_client": "7",
    "management": "off",
    "require_key": "always",
    "allowed_hosts": "box.example",
    "allowed_origins": "http://box.example",
}


@pytest.mark.parametrize("name", [field.name for field in msgspec.structs.fields(ProxySettings)])
def test_every_setting_is_passed_on(name: str) -> None:
    if name == "api_keys":
        changed = msgspec.structs.replace(ProxySettings(), api_keys=(ApiKey("laptop", "0" * 64),))
    else:
        changed = codec.set(Settings(), f"proxy.{name}", OTHER_VALUES[name]).proxy
    assert changed != ProxySettings()
    assert (ProxyOptions.of(changed) == ProxyOptions.of(ProxySettings())) is (name in ELSEWHERE)


def test_the_defaults_are_those_of_the_settings_but_for_the_port() -> None:
    assert ProxyOptions.of(ProxySettings()) == msgspec.structs.replace(ProxyOptions(), port=ProxySettings().port)
