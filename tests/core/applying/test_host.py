import pytest

from ollama_panel.core.applying.host import HostFacts, facts_of, is_host, place_of
from ollama_panel.core.notices.render import render


@pytest.mark.parametrize(
    ("printed", "facts"),
    [
        ("Linux\n0\n/root\nyes\n", HostFacts()),
        ("welcome!\nDarwin\n501\n/Users/ann\nno\n", HostFacts("Darwin", 501, "/Users/ann", root=False)),
        ("Linux\n0\n/\nyes\n", HostFacts(home="/")),
        ("", None),
        ("This account is not available.\n", None),
        ("MINGW64_NT-10.0\nann\nC:\\Users\\ann\nno\n", None),
    ],
)
def test_the_answer_of_a_machine(printed: str, facts: HostFacts | None) -> None:
    assert facts_of(printed) == facts


def test_root_needs_no_sudo() -> None:
    assert (HostFacts().sudo, HostFacts(uid=1000).sudo) == ("", "sudo ")


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("box", True),
        ("ann@box.lan", True),
        ("ssh://ann@box:2222", True),
        ("", False),
        ("-oProxyCommand=reboot", False),
        ("box reboot", False),
        ("box\nreboot", False),
        ("box;reboot", False),
        ("$(reboot)@box", False),
        ("`reboot`", False),
        ("fe80::1%eth0", True),
    ],
)
def test_what_ssh_would_take_for_an_option_is_no_host(text: str, possible: bool) -> None:
    assert is_host(text) is possible


def test_a_host_in_a_sentence() -> None:
    assert (render(place_of("")), render(place_of("ann@box"))) == ("on this machine", "on ann@box")
