"""A profile as a file, to be taken to another machine or given to other people: JSON, without secrets."""

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import codec, forms, json_text
from ollama_panel.core.tuning.profile import Profile, ProfileSource
from ollama_panel.core.tuning.profiles import valid, without_secrets

FORMAT = "ollama-panel-profile"
VERSION = 1
MOST_BYTES = 4 << 20
"""A profile with all trials of a tuning has some tens of thousands."""


class _File(msgspec.Struct, frozen=True):
    """The content of a file; `panel` is the version of the panel that has written it."""

    format: str
    version: int
    panel: str
    profile: Profile


def file_name(profile: Profile) -> str:
    """Return the name that a file with a profile has unless somebody chooses another one."""
    plain = "".join(one if one.isalnum() or one in "-_" else "-" for one in profile.name).strip("-")
    return f"{plain[:60] or 'profile'}.profile.json"


def written(profile: Profile, panel: str) -> bytes:
    """Return the content of a file with a profile."""
    content = _File(FORMAT, VERSION, panel, profile)
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def read(raw: bytes) -> Profile:
    """Return the profile in a file. Raises PanelError, with one sentence, if it has none, or none that is valid.

    Its provenance stays: it says on which machine it was measured.
    """
    if len(raw) > MOST_BYTES:
        raise PanelError(notice("profiles.no_file", reason=notice("profiles.too_long")))
    content = json_text.decode(raw)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PanelError(notice("profiles.no_file", reason=notice("profiles.other_format", format=FORMAT)))
    if content.get("version") != VERSION:
        newer = forms.quoted(str(content.get("panel", "?")))
        raise PanelError(notice("profiles.no_file", reason=notice("profiles.other_version", panel=newer)))
    return of_content(content.get("profile"))


def of_content(content: object) -> Profile:
    """Return an imported profile from JSON. Raises PanelError, with one sentence, if it is none, or not valid."""
    if not isinstance(content, dict) or not isinstance(content.get("settings"), dict):
        raise PanelError(notice("profiles.no_file", reason=notice("profiles.no_settings")))
    settings = codec.pool(content["settings"])
    known = {**content, "settings": msgspec.to_builtins(settings), "source": ProfileSource.IMPORTED.value}
    try:
        profile = msgspec.convert(known, Profile)
    except msgspec.ValidationError as error:
        raise PanelError(notice("profiles.no_file", reason=f"{error}.")) from error
    return valid(msgspec.structs.replace(profile, settings=without_secrets(settings)))
