"""Removes secrets from everything that leaves the panel: its status endpoint, reports, diagnostics."""

import re
from collections.abc import Mapping

import msgspec

from ollama_panel.core.settings.tree import Settings

HIDDEN = "(hidden)"

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTHORIZATION|COOKIE", re.IGNORECASE)
_LOGIN = re.compile(r"(?<=://)[^/@\s]+@")


def text(value: str) -> str:
    """Return `value` without the user name and password in URLs."""
    return _LOGIN.sub(f"{HIDDEN}@", value)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables; the values of those with a secret-sounding name are hidden."""
    return {name: HIDDEN if _SECRET_NAME.search(name) else text(value) for name, value in variables.items()}


def settings(whole: Settings) -> Settings:
    """Return settings that may be shown to others: without digests of keys and secrets in environments."""
    keys = tuple(msgspec.structs.replace(key, digest=HIDDEN) for key in whole.proxy.api_keys)
    pools = tuple(msgspec.structs.replace(pool, environment=environment(pool.environment)) for pool in whole.pools)
    proxy = msgspec.structs.replace(whole.proxy, api_keys=keys)
    return msgspec.structs.replace(whole, proxy=proxy, pools=pools)
