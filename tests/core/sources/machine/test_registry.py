from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Fate, SourceKind
from tests.core.sources.machine.readings import codes_of, fates, reading

USER = "HKEY_CURRENT_USER\\Environment\n"


def test_variables_of_the_user_reach_what_is_started_later() -> None:
    text = f"{USER}    OLLAMA_HOST    REG_SZ    0.0.0.0\n    OLLAMA_MODELS    REG_EXPAND_SZ    %USERPROFILE%\\m\n"
    found = reading(SourceKind.REGISTRY, "reg query", text)
    assert found.variables == {"OLLAMA_HOST": "0.0.0.0", "OLLAMA_MODELS": "%USERPROFILE%\\m"}
    assert codes_of(found) == {codes.RESTART_NEEDED}


def test_without_ollamas_variables_there_is_nothing_to_restart_for() -> None:
    found = reading(SourceKind.REGISTRY, "reg query", f"{USER}    Path    REG_EXPAND_SZ    C:\\x\n")
    assert (found.servers, found.mistakes) == ((), ())


def test_a_value_that_is_no_text_is_left_out_and_other_keys_do_not_count() -> None:
    other = "HKEY_CURRENT_USER\\Software\\X\n    OLLAMA_HOST    REG_SZ    a\n"
    text = f"{USER}    OLLAMA_DEBUG    REG_DWORD    0x1\n\n{other}"
    found = reading(SourceKind.REGISTRY, "reg query", text)
    assert fates(found) == [("OLLAMA_DEBUG", "0x1", Fate.IGNORED)]


def test_the_user_wins_over_the_machine() -> None:
    machine = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment\n"
    text = f"{machine}    OLLAMA_DEBUG    REG_SZ    0\n{USER}    OLLAMA_DEBUG    REG_SZ    1\n"
    assert reading(SourceKind.REGISTRY, "reg query", text).variables == {"OLLAMA_DEBUG": "1"}
