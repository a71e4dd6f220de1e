from ollama_panel.core.sources.machine import windows_commands


def test_words_are_taken_out_of_their_quotes() -> None:
    assert windows_commands.words('start "" "C:\\a b\\x.exe" /B -y="z w"') == (
        "start",
        "",
        "C:\\a b\\x.exe",
        "/B",
        "-y=z w",
    )


def test_the_app_starts_a_server_and_commands_ask_one() -> None:
    assert windows_commands.server(["ollama app.exe"]) == ("ollama app.exe",)
    assert windows_commands.server(["ollama", "run", "x"]) is None
    assert windows_commands.asks(["ollama", "run", "x"])
    assert not windows_commands.asks(["start", "ollama", "serve"])


def test_names() -> None:
    assert windows_commands.is_name("OLLAMA_HOST")
    assert not windows_commands.is_name("A B")
