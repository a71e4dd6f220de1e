import pytest

from ollama_panel.core.ollama.versions import NO_VERSION, numbers


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("0.24.0", (0, 24, 0)),
        ("0.33.0-rc2", (0, 33, 0)),
        ("v0.9", (0, 9)),
        ("0.0.0", NO_VERSION),
        ("", ()),
        ("dev", ()),
    ],
)
def test_a_version_is_its_first_three_numbers(version: str, found: tuple[int, ...]) -> None:
    assert numbers(version) == found


def test_versions_are_compared_as_numbers() -> None:
    assert NO_VERSION < numbers("0.9.6") < numbers("0.24.0") < (0, 30) < numbers("0.30.0")
