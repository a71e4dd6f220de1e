"""What is said about a key that is no setting."""

import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.unknown import flaw, no_such

KNOWN = ("proxy.port", "proxy.host")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("proxy.prt", 'There is no setting "proxy.prt"; the nearest is "proxy.port".'),
        ("x", 'There is no setting "x"; there are proxy.port and proxy.host.'),
        (
            "scheduling.token_time_ms",
            "scheduling.token_time_ms is an SLO of each pool now, in tokens per second: 50 milliseconds for each token "
            "are 20 as pools.chat.slo_token_rate.",
        ),
    ],
)
def test_it_says_what_to_write_instead(key: str, told: str) -> None:
    assert render(no_such(key, KNOWN)) == told


def test_in_a_file_it_follows_the_key() -> None:
    assert render(flaw("proxy.prt")) == "is not a setting"
    assert render(flaw("scheduling.token_time_ms")).startswith("is an SLO of each pool now")
