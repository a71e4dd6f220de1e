"""API keys: how they are made and kept, where a request shows them, and whose they are."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping

import msgspec

from ollama_panel.core.settings.tree import ApiKey

KEY_PREFIX = "op-"


def digest_of(key: str) -> str:
    """Return the digest of a key, to be stored. Plain SHA-256 is enough: keys are 256 random bits, not passwords."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def new_key(name: str) -> tuple[str, ApiKey]:
    """Return a new key, to be shown once, and its entry for the settings."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    return key, ApiKey(name, digest_of(key))


class PresentedKey(msgspec.Struct, frozen=True):
    """The API key in a request, and the name of the header it came in; both "" if there is none."""

    key: str = ""
    header: str = ""


def presented_key(headers: Mapping[str, str]) -> PresentedKey:
    """Return the key from `Authorization: Bearer` (Ollama, OpenAI) or `X-API-Key` (Anthropic)."""
    bearer = headers.get("Authorization", "")
    if bearer[:7].lower() == "bearer ":
        return PresentedKey(bearer[7:].strip(), "Authorization")
    key = headers.get("X-API-Key", "")
    return PresentedKey(key, "X-API-Key") if key else PresentedKey()


def find_key(presented: str, keys: Iterable[ApiKey]) -> ApiKey | None:
    """Return the entry of a presented key, or None if it is unknown. Takes the same time for every entry."""
    if not presented:
        return None
    digest = digest_of(presented)
    found = None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found
