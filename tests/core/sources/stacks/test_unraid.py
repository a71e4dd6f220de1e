import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading

VARIABLE = '<Config Name="x" Target="{}" Default="{}" Type="Variable">{}</Config>\n'


def unraid(body: str, repository: str = "ollama/ollama", **_: str) -> Reading:
    text = f"""\
<?xml version="1.0"?>
<Container version="2">
<Name>ollama</Name>
<Repository>{repository}</Repository>
<Network>bridge</Network>
{body}</Container>
"""
    return reading(SourceKind.UNRAID, text, path="my-ollama.xml")


def test_a_template_is_a_server() -> None:
    found = unraid(
        VARIABLE.format("A", "", "1")
        + VARIABLE.format("B", "2", "")
        + VARIABLE.format("C", "3", "&lt;x&gt; y")
        + '<Config Target="11434" Default="11434" Type="Port">11500</Config>\n'
        + '<Config Target="/root/.ollama" Type="Path">/mnt/user/appdata/ollama</Config>\n'
        + "<ExtraParams>--gpus=all --memory 8g -e D='x y'</ExtraParams>\n"
    )
    [server] = found.servers
    assert server.variables == {"A": "1", "B": "2", "C": "<x> y", "D": "x y"}
    assert (server.name, server.ports, server.gpu) == ("ollama", ("11500",), True)
    assert (server.memory_limit, server.folders) == (8 * 1024**3, {"/root/.ollama": "/mnt/user/appdata/ollama"})
    assert [(one.name, one.place.line) for one in server.assignments] == [("A", 6), ("B", 7), ("C", 8), ("D", 11)]


def test_a_device_gives_the_card() -> None:
    assert unraid('<Config Type="Device">/dev/kfd</Config>').servers[0].gpu is True
    assert unraid("").servers[0].gpu is False


def test_another_program_is_a_client() -> None:
    found = unraid(VARIABLE.format("OLLAMA_BASE_URL", "", "http://x"), "ghcr.io/open-webui/open-webui")
    assert (found.servers, [one.fate for one in found.others]) == ((), [Fate.CLIENT])


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("loopback-in-container", VARIABLE.format("OLLAMA_HOST", "", "127.0.0.1")),
        ("loopback-in-container", VARIABLE.format("OLLAMA_HOST", "localhost", "")),
        ("loopback-in-container", "<ExtraParams>-e OLLAMA_HOST=127.0.0.1:11434</ExtraParams>"),
        ("wrong-port", '<Config Target="8080" Type="Port">11434</Config>'),
        ("wrong-port", '<Config Target="80" Default="11434" Type="Port"></Config>'),
        ("wrong-port", VARIABLE.format("OLLAMA_HOST", "", ":1") + '<Config Target="11434" Type="Port">1</Config>'),
    ],
)
def test_a_mistake_is_named(code: str, body: str) -> None:
    assert codes(unraid(body)) == [code]


def test_what_is_right_is_silent() -> None:
    body = VARIABLE.format("OLLAMA_HOST", "", "0.0.0.0") + '<Config Target="11434" Type="Port">1</Config>'
    assert codes(unraid(body)) == []


@pytest.mark.parametrize("text", ["", "<Container>", "<Container><Name>x</Name></Container>", "{}"])
def test_what_is_no_template_says_so(text: str) -> None:
    assert reading(SourceKind.UNRAID, text).problem is not None
