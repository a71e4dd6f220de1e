"""What the proxy is told by the settings."""

import msgspec

from ollama_panel.core.settings.tree import ApiKey, KeyRule, ProxySettings
from ollama_panel.proxy.access_rules import is_loopback

MEBIBYTE = 1024 * 1024


class ProxyOptions(msgspec.Struct, frozen=True):
    """Everything but `host` and `port` may change while the proxy runs. Times in seconds, 0 = none; sizes in bytes.

    `port` 0 = a free one, chosen at start.
    """

    host: str = "127.0.0.1"
    port: int = 0
    heartbeat: bool = True
    heartbeat_plain: bool = False
    request_timeout_s: float = 0.0
    header_timeout_s: float = 30.0
    body_timeout_s: float = 120.0
    max_body_bytes: int = 512 * MEBIBYTE
    connections_per_client: int = 20_000
    management: bool = True
    key_needed: bool = False
    api_keys: tuple[ApiKey, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    identify_processes: bool = True

    @classmethod
    def of(cls, settings: ProxySettings) -> "ProxyOptions":
        """Return the options that `settings` stand for."""
        same = {name: getattr(settings, name) for name in cls.__struct_fields__ if hasattr(settings, name)}
        return cls(
            **same,
            max_body_bytes=settings.max_body_mib * MEBIBYTE,
            key_needed=needs_key(settings),
        )


def needs_key(settings: ProxySettings) -> bool:
    """Say whether clients must show a key: always, never, or when the proxy can be reached from elsewhere."""
    if settings.require_key is KeyRule.AUTO:
        return not is_loopback(settings.host)
    return settings.require_key is KeyRule.ALWAYS


def concerns(settings: ProxySettings) -> tuple[str, ...]:
    """Return what a user should know about who can reach the proxy with these settings, as sentences."""
    if is_loopback(settings.host):
        return ()
    if not needs_key(settings):
        return (
            f"Everybody who can reach {settings.host}:{settings.port} can use and change your models without a key.",
        )
    if not settings.api_keys:
        return (
            f"The proxy on {settings.host}:{settings.port} wants API keys, but there is none: nobody can use it yet.",
        )
    return ()
