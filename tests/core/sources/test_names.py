from ollama_panel.core.sources import names


def test_what_every_program_has_is_no_setting() -> None:
    assert [name for name in ("HOME", "PATH", "LC_ALL", "X_A", "OLLAMA_HOST") if names.is_setting(name)] == [
        "X_A",
        "OLLAMA_HOST",
    ]


def test_of_what_every_program_may_have_only_ollamas_counts() -> None:
    assert names.is_ollamas("OLLAMA_DEBUG")
    assert names.is_ollamas("CUDA_VISIBLE_DEVICES")
    assert names.is_ollamas("HSA_OVERRIDE_GFX_VERSION_1")
    assert not names.is_ollamas("X_A")


def test_a_variable_is_the_servers_alone_its_clients_or_of_both() -> None:
    given = ("OLLAMA_NUM_PARALLEL", "OLLAMA_HOST", "OLLAMA_API_KEY", "OLLAMA_MODEL", "OLLAMA_BASE_URL", "OLLAMA_X", "X")
    assert [name for name in given if names.is_servers_alone(name)] == ["OLLAMA_NUM_PARALLEL"]
    assert names.is_clients("OLLAMA_BASE_URL")


def test_the_choice_of_cards_is_the_servers_and_of_other_programs() -> None:
    name = "CUDA_VISIBLE_DEVICES"
    assert (names.is_servers(name), names.is_servers_alone(name)) == (True, False)
