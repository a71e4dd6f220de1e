"""Guides for client libraries; tests/e2e/test_connect.py runs them."""

import pytest

from tests.core.connect.readers import exported
from tests.core.connect.test_guides import KEY, URL, endpoint, guide


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_a_library_that_refuses_to_start_without_a_key_gets_a_placeholder(name: str) -> None:
    python, javascript, environment = guide(name, endpoint()).ways
    assert 'api_key="none"' in python.text
    assert 'apiKey: "none"' in javascript.text
    assert "none" in exported(environment).values()


def test_time_outs_are_seconds_in_python_and_milliseconds_in_javascript() -> None:
    python, javascript, _ = guide("openai", endpoint()).ways
    assert "timeout=600," in python.text
    assert "timeout: 600000," in javascript.text


def test_programs_with_these_libraries_inside_are_pointed_here_by_variables() -> None:
    assert exported(guide("openai", endpoint(KEY)).ways[2]) == {
        "OPENAI_BASE_URL": f"{URL}/v1",
        "OPENAI_API_KEY": KEY,
    }
    assert exported(guide("anthropic", endpoint(KEY)).ways[2]) == {"ANTHROPIC_BASE_URL": URL, "ANTHROPIC_API_KEY": KEY}
