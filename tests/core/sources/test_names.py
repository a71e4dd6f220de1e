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


def test_the_address_is_read_by_both_and_others_by_one() -> None:
    assert names.is_servers_alone("OLLAMA_KEEP_ALIVE")
    assert not names.is_servers_alone("OLLAMA_HOST")
    assert not names.is_servers_alone("OLLAMA_API_KEY")
    assert names.is_clients("OLLAMA_BASE_URL")
