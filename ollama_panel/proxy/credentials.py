"""API keys: how they are made and kept, where a request shows them, and whose they are."""

import binascii
import hashlib
import hmac
import secrets
from base64 import b64decode
from collections.abc import Iterable

import msgspec
from multidict import MultiMapping

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import NewKey
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import forms
from ollama_panel.core.settings.tree import SCOPES, ApiKey, Scope
from ollama_panel.core.settings.tree_values import Label

KEY_PREFIX = "op-"


def digest_of(key: str) -> str:
    """Return the digest of a key, to be stored. Plain SHA-256 is enough: keys are 256 random bits, not passwords."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def new_key(
    name: str, request_class: RequestClass | None = None, scopes: tuple[Scope, ...] = SCOPES
) -> tuple[str, ApiKey]:
    """Return a new key, to be shown once, and its entry for the settings."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    return key, ApiKey(name, digest_of(key), request_class, scopes)


def made_key(wanted: NewKey) -> tuple[str, ApiKey]:
    """Return a new key as it is wanted, and its entry for the settings. Raises PanelError without a proper name."""
    if forms.problem(Label, wanted.name):
        raise PanelError(notice("keys.no_name"))
    return new_key(wanted.name, wanted.request_class, wanted.scopes)


class PresentedKey(msgspec.Struct, frozen=True):
    """A key that a request shows, and the name of the header it came in, in lower case."""

    key: str
    header: bytes


def presented_keys(headers: MultiMapping[str]) -> list[PresentedKey]:
    """Return all that may be a key: many clients send a placeholder beside it.

    `Authorization: Bearer` (Ollama, OpenAI), the password of `Authorization: Basic` (RFC 7617: URLs with a login), and
    `X-API-Key` (Anthropic).
    """
    shown = list[PresentedKey]()
    for value in headers.getall("Authorization", ()):
        scheme, _, rest = value.partition(" ")
        if scheme.lower() == "bearer":
            shown.append(PresentedKey(rest.strip(), b"authorization"))
        elif scheme.lower() == "basic":
            shown.append(PresentedKey(_password(rest), b"authorization"))
    for value in headers.getall("X-API-Key", ()):
        shown.append(PresentedKey(value.strip(), b"x-api-key"))
    return [one for one in shown if one.key]


def _password(login: str) -> str:
    """Return the password of a Basic login; "" if it cannot be read."""
    try:
        return b64decode(login.strip(), validate=True).decode("utf-8", "surrogateescape").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def is_key(presented: str, digest: str) -> bool:
    """Return whether a presented key has a digest, in the same time whichever it is."""
    return hmac.compare_digest(digest_of(presented).encode(), digest.encode())


def find_key(presented: str, keys: Iterable[ApiKey]) -> ApiKey | None:
    """Return the entry of a presented key, or None if it is unknown. Takes the same time for every entry."""
    digest = digest_of(presented).encode()
    found = None
    for key in keys:
        if hmac.compare_digest(key.digest.encode(), digest):
            found = key
    return found
