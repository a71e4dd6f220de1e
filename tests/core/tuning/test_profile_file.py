"""A profile as a file: written, read, and refused with one sentence."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.tuning import profile_file, profiles
from ollama_panel.core.tuning.profile import ProfileSource
from tests.fakes.tunings import HERE, POOL, tuning

TUNED = profiles.of_tuning("chat: balanced", tuning())
WRITTEN = profile_file.written(TUNED, "0.9.0")


def changed(**changes: object) -> bytes:
    """Return the file with other fields of its profile."""
    content = msgspec.json.decode(WRITTEN)
    content["profile"] |= changes
    return msgspec.json.encode(content)


def test_what_is_written_is_read_again_as_an_imported_profile() -> None:
    found = profile_file.read(WRITTEN)
    assert found == msgspec.structs.replace(TUNED, source=ProfileSource.IMPORTED)
    assert WRITTEN.startswith(b'{\n  "format": "ollama-panel-profile",\n  "version": 1,')


def test_the_file_is_named_after_the_profile() -> None:
    assert profile_file.file_name(TUNED) == "chat--balanced.profile.json"
    assert profile_file.file_name(profiles.of_pool("../..", POOL, HERE)) == "profile.profile.json"


def test_a_secret_in_a_file_is_not_taken() -> None:
    """Somebody may have written it there by hand."""
    settings = msgspec.to_builtins(POOL) | {"environment": {"HF_TOKEN": "hf_abcdefgh", "OLLAMA_DEBUG": "1"}}
    assert profile_file.read(changed(settings=settings)).settings.environment == {"OLLAMA_DEBUG": "1"}


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "It is not valid JSON: line 1, column 1: the text ends too early"),
        (b'{"format": "ollama-panel-profile",}', "It is not valid JSON: line 1, column 34: "),
        (b"[]", 'This is no profile of the panel: its "format" is not "ollama-panel-profile".'),
        (b'{"version": 2, "pools": []}', 'This is no profile of the panel: its "format" is not'),
        (
            b'{"format": "ollama-panel-profile", "version": 7, "panel": "2.0.0"}',
            "This is no profile of the panel: Ollama Panel 2.0.0 has written it, whose profiles this version",
        ),
        (
            b'{"format": "ollama-panel-profile", "version": 1}',
            "This is no profile of the panel: it has no settings of a pool.",
        ),
        (changed(settings={"name": "chat", "parallel": 0}), "pools.chat.parallel must be"),
        (changed(settings={"name": "Chat!"}), "name must be"),
        (changed(name=""), "name must be"),
        (changed(name=7), "This is no profile of the panel: Expected `str`, got `int` - at `$.name`."),
        (changed(outcomes=[{}]), "This is no profile of the panel: Object missing required field `trial`"),
        (b" " * (5 << 20), "This is no profile of the panel: it is far too long."),
    ],
)
def test_a_file_that_is_none_is_refused_with_one_sentence(raw: bytes, told: str) -> None:
    with pytest.raises(PanelError) as refused:
        profile_file.read(raw)
    assert str(refused.value).startswith(told)
    assert "\n" not in str(refused.value)
