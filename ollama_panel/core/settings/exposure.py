"""Who can reach an address that is listened on, and whether a key is needed there."""

from ipaddress import ip_address

from ollama_panel.core.settings.tree import KeyRule, ProxySettings


def is_loopback(host: str) -> bool:
    """Return whether listening on `host` means that only this machine can connect."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def requires_key(settings: ProxySettings) -> bool:
    """Return whether clients must present an API key: always, never, or if other machines can reach the proxy."""
    if settings.require_key is KeyRule.AUTO:
        return not is_loopback(settings.host)
    return settings.require_key is KeyRule.ALWAYS
