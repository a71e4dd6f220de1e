import pytest

from ollama_panel.core.applying.shown import difference, without_secrets

SECRET = "sk-live-0123456789"


@pytest.mark.parametrize(
    "line",
    [
        f'Environment="HF_TOKEN={SECRET}"',
        f"Environment=HF_TOKEN={SECRET}",
        f"Environment='A=b' 'HF_TOKEN={SECRET}'",
        f"HF_TOKEN={SECRET}",
        f'export HF_TOKEN="{SECRET}"',
        f'      HF_TOKEN: "{SECRET}"',
        f"      - HF_TOKEN={SECRET}",
        f'  HF_TOKEN = "{SECRET}";',
        f"<key>HF_TOKEN</key><string>{SECRET}</string>",
        f"<key>HF_TOKEN</key>\n    <string>{SECRET}</string>",
        f"HTTPS_PROXY=http://ann:{SECRET}@proxy:3128",
        f'http-request set-header Authorization "Bearer {SECRET}"',
    ],
)
def test_secrets_of_every_kind_of_file_are_not_shown(line: str) -> None:
    shown = without_secrets(f"before\n{line}\nafter\n")
    assert SECRET not in shown
    assert (shown.split("\n")[0], shown.split("\n")[-2:]) == ("before", ["after", ""])


@pytest.mark.parametrize("line", ['Environment="OLLAMA_HOST=a:1"', "# tokens: 4096", "  ports:", "a = 1"])
def test_the_rest_is_shown_as_it_is(line: str) -> None:
    assert without_secrets(f"{line}\r\n") == f"{line}\r\n"


def test_what_an_export_has_itself_is_no_secret() -> None:
    line = "A_KEY=not-secret-at-all"
    assert without_secrets(f"{line}\nB_KEY=something-else\n", f"{line}\n") == f"{line}\nB_KEY=(hidden)\n"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\r\n", "a\n", ["-a^M", "+a"]),
        ("a", "a\n", [" a", "-\\ No newline at end of file"]),
        ("a\n", "a", [" a", "+\\ No newline at end of file"]),
        ("a\u2028b\n", "a\u2028c\n", ["-a\u2028b", "+a\u2028c"]),
        ("", "a\n", ["+a"]),
    ],
)
def test_ends_of_lines_are_shown(before: str, after: str, lines: list[str]) -> None:
    assert list(difference(before, after, "old", "new")[3:]) == lines
