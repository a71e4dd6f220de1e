"""What the proxy is told by the settings."""

import msgspec

from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.settings.tree import ApiKey, KeyRule, ProxySettings
from ollama_panel.proxy.access_rules import is_loopback

_USUAL = ProxySettings()


class ProxyOptions(msgspec.Struct, frozen=True):
    """Everything but `host` and `port` may change while the proxy runs. Times in seconds, 0 = none; sizes in bytes.

    `port` 0 = a free one, chosen at start. `of` names every field, so that a setting that is renamed fails.
    """

    host: str = _USUAL.host
    port: int = 0
    heartbeat: bool = _USUAL.heartbeat
    heartbeat_plain: bool = _USUAL.heartbeat_plain
    request_timeout_s: float = _USUAL.request_timeout_s
    header_timeout_s: float = _USUAL.header_timeout_s
    body_timeout_s: float = _USUAL.body_timeout_s
    max_body_bytes: int = _USUAL.max_body_mib * MIB
    connections_per_client: int = _USUAL.connections_per_client
    management: bool = _USUAL.management
    key_needed: bool = False
    api_keys: tuple[ApiKey, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    identify_processes: bool = True

    @classmethod
    def of(cls, settings: ProxySettings) -> "ProxyOptions":
        """Return the options that `settings` stand for."""
        return cls(
            host=settings.host,
            port=settings.port,
            heartbeat=settings.heartbeat,
            heartbeat_plain=settings.heartbeat_plain,
            request_timeout_s=settings.request_timeout_s,
            header_timeout_s=settings.header_timeout_s,
            body_timeout_s=settings.body_timeout_s,
            max_body_bytes=settings.max_body_mib * MIB,
            connections_per_client=settings.connections_per_client,
            management=settings.management,
            key_needed=needs_key(settings),
            api_keys=settings.api_keys,
            allowed_hosts=settings.allowed_hosts,
            allowed_origins=settings.allowed_origins,
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
