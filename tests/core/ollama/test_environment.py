import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import (
    VARIABLES,
    Kind,
    Restarts,
    check,
    check_launched,
    check_pool,
    is_read,
    refused,
)
from ollama_panel.core.settings.tree import PoolSettings, Settings


def message(name: str, value: str = "1") -> str:
    problem = check(name, value)
    return render(problem.notice) if problem else ""


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=VARIABLES)
def test_every_default_is_a_value_that_passes(variable):
    if not variable.until and not variable.overruled:
        assert check_launched(variable.name, variable.default) is None


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=VARIABLES)
def test_every_meaning_is_a_sentence_and_every_choice_has_choices(variable):
    assert variable.meaning[0].isupper()
    assert variable.meaning.endswith(".")
    assert (variable.kind is Kind.CHOICE) == bool(variable.choices)


@pytest.mark.parametrize("name", VARIABLES)
def test_the_limits_of_every_number_are_the_last_that_pass(name):
    variable = VARIABLES[name]
    assert variable.name == name
    if variable.until or variable.overruled:
        assert message(name, "1") or variable.restarts is Restarts.NOTHING
        return
    for limit, beyond in ((variable.low, -1), (variable.high, 1)):
        if limit is not None:
            assert message(name, str(limit)) == ""
        if limit is not None and str(limit + beyond) not in variable.printed:
            assert "must be" in message(name, str(limit + beyond))


WRONG = {
    Kind.COUNT: "many",
    Kind.BYTES: "1 GiB",
    Kind.SWITCH: "perhaps",
    Kind.TRISTATE: "perhaps",
    Kind.TOGGLE: "perhaps",
    Kind.DURATION: "soon",
    Kind.CHOICE: "neither",
    Kind.ADDRESS: "a b:c",
    Kind.TEXT: None,
    Kind.FOLDER: "any thing",
    Kind.ORIGINS: "any thing",
    Kind.LIBRARY: "any thing",
    Kind.COUNTS: "1024,many",
    Kind.DEVICES: "NVIDIA RTX",
    Kind.GFX: "gfx",
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_value_is_checked_in_every_variable_of_it(kind):
    of_kind = [one for one in VARIABLES.values() if one.kind is kind and not one.until and not one.overruled]
    assert of_kind
    for variable in of_kind:
        if WRONG[kind] is None:
            assert message(variable.name, "any thing") == ""
        else:
            assert "must be" in message(variable.name, WRONG[kind])


def test_max_workers_does_not_exist_and_that_is_said():
    assert message("OLLAMA_MAX_WORKERS", "4") == (
        "OLLAMA_MAX_WORKERS does not exist in Ollama, although guides name it: "
        "set the number of workers of a pool in the panel, which starts one server for each."
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("OLLAMA_NUM_PARALEL", "OLLAMA_NUM_PARALLEL"),
        ("ollama_keep_alive", "OLLAMA_KEEP_ALIVE"),
        ("OLLAMA_FLASH_ATTN", "OLLAMA_FLASH_ATTENTION"),
        ("OLLAMA_MAX_LOADED_MODEL", "OLLAMA_MAX_LOADED_MODELS"),
        ("LLAMA_ARG_THREAD", "LLAMA_ARG_THREADS"),
    ],
)
def test_a_misspelt_name_gets_the_right_one(name, meant):
    assert message(name) == f"Ollama does not read {name}; did you mean {meant}?"


def test_misspelt_names_are_told_apart_from_variables_of_other_programs():
    assert message("OLLAMA_XYZZY") == "Ollama does not read OLLAMA_XYZZY: check the name, or remove it."
    assert message("MY_OWN_THING") == message("LLAMA_ARG_SOMETHING_NEW") == ""
    assert "not a variable name" in message("MY OWN THING")


def test_a_removed_variable_is_reported_with_its_last_version():
    assert message("OLLAMA_NEW_ENGINE") == (
        "Ollama no longer reads OLLAMA_NEW_ENGINE; 0.24.0 was the last version that did: remove it."
    )


def test_an_overruled_variable_is_reported_with_its_replacement():
    assert "pools.NAME.parallel" in message("LLAMA_ARG_N_PARALLEL", "4")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OLLAMA_NUM_PARALLEL", ' "4" '),
        ("OLLAMA_KEEP_ALIVE", "-1"),
        ("OLLAMA_KEEP_ALIVE", "1h30m"),
        ("OLLAMA_KEEP_ALIVE", "300"),
        ("OLLAMA_KV_CACHE_TYPE", "Q8_0"),
        ("OLLAMA_FLASH_ATTENTION", "false"),
        ("OLLAMA_HOST", "[::1]:11434"),
        ("OLLAMA_HOST", "https://example.com"),
        ("LLAMA_ARG_CACHE_RAM", "-1"),
        ("LLAMA_ARG_FIT_TARGET", "1024,2048"),
        ("OLLAMA_MODELS", "/somewhere with spaces"),
        ("OLLAMA_NUM_PARALLEL", ""),
    ],
)
def test_valid_values_pass(name, value):
    assert check(name, value) is None


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("OLLAMA_NUM_PARALLEL", "many", 'must be a whole number, not "many"; Ollama would use 1 instead.'),
        ("OLLAMA_MAX_QUEUE", "0", "must be at least 1, not 0."),
        ("OLLAMA_NUM_PARALLEL", "1000", "must be at most 64, not 1000."),
        ("OLLAMA_NUM_PARALLEL", "-2", "must be a whole number"),
        ("OLLAMA_KEEP_ALIVE", "5 minutes", "Ollama would silently use 5m."),
        ("OLLAMA_FLASH_ATTENTION", "no", 'must be 1 or 0, not "no"; Ollama would read that as 1.'),
        ("OLLAMA_KV_CACHE_TYPE", "q9", "must be one of f32, f16, bf16, q8_0"),
        ("OLLAMA_HOST", "127.0.0.1:99999", "must be an address such as 127.0.0.1:11434"),
        ("LLAMA_ARG_KV_UNIFIED", "maybe", "must be on or off"),
        ("MY_OWN_THING", "two\nlines", "write it on one line"),
    ],
)
def test_a_value_that_ollama_would_misread_is_reported(name, value, says):
    assert message(name, value).startswith((name, f"The value of {name}"))
    assert says in message(name, value)


def test_a_pool_may_not_override_its_address_nor_its_own_sliders():
    problems = check_pool({"OLLAMA_HOST": "127.0.0.1:1", "OLLAMA_NUM_PARALLEL": "4", "OLLAMA_KEEP_ALIVE": "1h"})
    assert [problem.where for problem in problems] == ["OLLAMA_HOST", "OLLAMA_NUM_PARALLEL"]
    assert render(problems[1].notice).startswith("OLLAMA_NUM_PARALLEL overrides the pool's parallel slider")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("OLLAMA_GPU_OVERHEAD", "1024", "must be in bytes: 1024 of them are nothing. 1024 MiB are 1073741824."),
        ("OLLAMA_LLM_LIBRARY", "cuda", 'such as cuda_v13, rocm or vulkan, not "cuda"; Ollama would find no GPU.'),
        ("OLLAMA_HOST", "http://localhost:11434/api", "must be an address without a path: the server ignores /api"),
        ("OLLAMA_HOST", "127.0.0.1:http", "must be an address such as 127.0.0.1:11434"),
        ("OLLAMA_ORIGINS", "http://a http://b", "separated by commas without blanks"),
        ("OLLAMA_ORIGINS", "http://a, http://b", "separated by commas without blanks"),
        ("OLLAMA_ORIGINS", "192.168.1.5", "must be origins with their schemes"),
        ("OLLAMA_MODELS", "~/.ollama/models", 'make a folder of the very name "~/.ollama/models"'),
        ("OLLAMA_MODELS", "$HOME/models", 'make a folder of the very name "$HOME/models"'),
        ("OLLAMA_MODELS", "/home/$USER/models", "make a folder of the very name"),
        ("OLLAMA_MODELS", "models", "depends on where the server was started"),
    ],
)
def test_what_people_write_and_ollama_takes_otherwise_is_reported(name, value, says):
    assert says in message(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OLLAMA_GPU_OVERHEAD", "536870912"),
        ("OLLAMA_LLM_LIBRARY", "cuda_v13"),
        ("OLLAMA_LLM_LIBRARY", "rocm_v7_2"),
        ("OLLAMA_LLM_LIBRARY", "cuda_jetpack6"),
        ("OLLAMA_LLM_LIBRARY", "cpu"),
        ("OLLAMA_HOST", "http://localhost:11434/"),
        ("OLLAMA_HOST", "::1"),
        ("OLLAMA_ORIGINS", "http://a,chrome-extension://*"),
        ("OLLAMA_API_KEY", "x"),
    ],
)
def test_what_works_passes(name, value):
    assert message(name, value) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OLLAMA_NUM_PARALLEL", "0"),
        ("OLLAMA_DEBUG", "INFO"),
        ("OLLAMA_NEW_ENGINE", "false"),
        ("OLLAMA_MAX_VRAM", "0"),
        ("OLLAMA_RUNNERS_DIR", ""),
        ("OLLAMA_ORIGINS", "[http://localhost https://localhost http://localhost:* app://* vscode-file://*]"),
    ],
)
def test_what_a_server_prints_of_variables_that_are_not_set_is_no_problem(name, value):
    assert message(name, value) == ""


def test_in_a_pool_a_folder_may_be_in_the_users_home_and_origins_are_the_panels():
    folders = ({"OLLAMA_MODELS": f"{home}/models"} for home in ("~", "$HOME", "${HOME}", "%USERPROFILE%", "/srv"))
    assert [check_pool(folder) for folder in folders] == [()] * 5
    assert check_pool({"OLLAMA_MODELS": "models"})
    assert check_pool({"OLLAMA_RUNNERS_DIR": "/srv"})
    (told,) = check_pool({"OLLAMA_ORIGINS": "https://chat.example.org"})
    assert "set proxy.allowed_origins" in render(told.notice)


def pools(**environment: str) -> Settings:
    return Settings(pools=(PoolSettings(PoolName("chat"), environment=environment),))


def test_what_no_ollama_can_use_is_refused_once_it_is_new():
    folklore, strange = pools(OLLAMA_MAX_WORKERS="4"), pools(OLLAMA_XYZZY="4")
    assert [problem.where for problem in refused(Settings(), folklore)] == ["pools.chat.environment"]
    assert refused(folklore, folklore) == refused(Settings(), strange) == ()
    assert refused(Settings(), pools(OLLAMA_MODELS="models"))


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("OLLAMA_KEEP_ALIVE", True),
        ("OLLAMA_NEW_ENGINE", True),
        ("OLLAMA_XYZZY", True),
        ("MY_OWN_THING", True),
        ("OLLAMA_MAX_WORKERS", False),
        ("OLLAMA_NUM_PARALEL", False),
        ("OLLAMA_EDITOR", False),
        ("LLAMA_ARG_N_PARALLEL", False),
    ],
)
def test_which_variables_a_server_may_read(name, read):
    assert is_read(name) is read


@given(name=st.sampled_from([*VARIABLES]) | st.text(max_size=30), value=st.text(max_size=30))
def test_no_name_and_no_value_raises(name, value):
    problem = check(name, value)
    assert problem is None or render(problem.notice).endswith((".", "?"))


def test_values_and_versions_are_told_in_words() -> None:
    assert render(VARIABLES["OLLAMA_NUM_PARALLEL"].values) == "a whole number from 1 to 64"
    assert render(VARIABLES["OLLAMA_DEBUG"].values) == "one of 0, 1, 2, true and false"
    assert VARIABLES["OLLAMA_NUM_PARALLEL"].versions == "0.1.33 and later"
    assert VARIABLES["OLLAMA_TMPDIR"].versions == "0.1.32 to 0.6.5"
    assert VARIABLES["HTTPS_PROXY"].versions == ""


def test_a_variable_is_judged_for_the_version_that_reads_it() -> None:
    def told(version: tuple[int, ...]) -> list[str]:
        found = check_pool({"OLLAMA_NEW_ENGINE": "1", "LLAMA_ARG_CACHE_RAM": "0", "OLLAMA_NO_CLOUD": "1"}, version)
        return [problem.notice.code for problem in found]

    assert told((0, 9, 6)) == ["environment.too_new"]
    assert told((0, 32, 15)) == ["environment.removed"]
    assert told(()) == []
