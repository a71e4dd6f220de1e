from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import VARIABLES
from ollama_panel.core.ollama.environment_answer import answer
from ollama_panel.core.ollama.environment_presets import PRESETS


def test_everything_is_told_for_the_version() -> None:
    for version in ("0.24.0", None):
        found = answer(version)
        assert found.ollama_version == version
        assert [one.name for one in found.variables] == list(VARIABLES)
        assert [one.id for one in found.presets] == list(PRESETS)


def test_an_older_version_has_its_own_defaults_and_lacks_what_is_newer() -> None:
    variables = {one.name: one for one in answer("0.9.6").variables}
    assert variables["OLLAMA_CONTEXT_LENGTH"].default == "4096"
    unread = variables["LLAMA_ARG_FIT"].unread
    assert unread is not None
    assert render(unread) == "only Ollama 0.30.0 and later reads it"
    presets = {one.id: one for one in answer("0.9.6").presets}
    assert presets["gpu-room"].unread is not None
    assert presets["kv-q8_0"].unread is None


def test_an_unknown_version_lacks_nothing_but_what_is_gone() -> None:
    assert all(one.unread is None for one in answer(None).variables)


def test_what_the_panel_or_ollama_sets_itself_says_what_to_set_instead() -> None:
    variables = {one.name: one for one in answer(None).variables}
    for name in ("OLLAMA_HOST", "OLLAMA_NUM_PARALLEL", "LLAMA_ARG_CTX_SIZE"):
        assert variables[name].instead is not None
    assert variables["OLLAMA_KEEP_ALIVE"].instead is None


def test_the_effect_says_what_restarts() -> None:
    effects = {one.name: render(one.effect) for one in answer(None).variables}
    assert "restarts the workers" in effects["OLLAMA_KV_CACHE_TYPE"]
    assert "next model" in effects["OLLAMA_KV_CACHE_TYPE"]
    assert "restarts nothing" in effects["OLLAMA_EDITOR"]
