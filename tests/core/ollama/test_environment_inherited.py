import msgspec
import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment_inherited import check_inherited
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings

CHAT = Settings(pools=(PoolSettings(PoolName("chat"), parallel=2, context_length=4096),))


def told(variables: dict[str, str], settings: Settings = CHAT) -> list[str]:
    return [render(problem.told) for problem in check_inherited(variables, settings, "/home/me")]


def test_what_the_panel_replaces_and_what_nobody_reads_is_one_notice() -> None:
    variables = {
        "OLLAMA_NUM_PARALLEL": "8",
        "OLLAMA_CONTEXT_LENGTH": "32768",
        "OLLAMA_ORIGINS": "chrome-extension://*",
        "OLLAMA_MAX_WORKERS": "4",
        "OLLAMA_NUM_THREADS": "4",
        "OLLAMA_NEW_ENGINE": "1",
        "OLLAMA_NUM_PARALEL": "4",
        "OLLAMA_XYZZY": "4",
        "PATH": "/bin",
    }
    (notice,) = told(variables)
    assert all(name in notice for name in variables if name != "PATH")
    assert notice.startswith(
        "The panel was started with variables that have no effect on its workers: "
        "OLLAMA_CONTEXT_LENGTH (set the context length of a pool, pools.NAME.context_length), "
    )
    assert "OLLAMA_NEW_ENGINE (only Ollama up to 0.24.0 reads it)" in notice
    assert "OLLAMA_NUM_PARALEL (OLLAMA_NUM_PARALLEL may be meant)" in notice


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OLLAMA_NUM_PARALLEL", "0"),
        ("OLLAMA_NUM_PARALLEL", "1"),
        ("OLLAMA_NUM_PARALLEL", "2"),
        ("OLLAMA_CONTEXT_LENGTH", "4096"),
        ("OLLAMA_CONTEXT_LENGTH", "0"),
        ("OLLAMA_DEBUG", "INFO"),
        ("OLLAMA_NEW_ENGINE", "false"),
        ("OLLAMA_MAX_WORKERS", ""),
        ("OLLAMA_ORIGINS", "[http://localhost https://localhost app://*]"),
        ("OLLAMA_HOST", "127.0.0.1:11434"),
        ("OLLAMA_HOST", "http://127.0.0.1:11435"),
        ("OLLAMA_HOST", "127.0.0.1:8080"),
        ("OLLAMA_HOST", "gpu-server:11434"),
        ("OLLAMA_MODELS", "/srv/models"),
        ("OLLAMA_MODELS", "~/models"),
        ("OLLAMA_KEEP_ALIVE", "1h"),
        ("OLLAMA_FLASH_ATTENTION", "1"),
        ("OLLAMA_API_KEY", "x"),
        ("OLLAMA_BASE_URL", "http://127.0.0.1:11435"),
        ("OLLAMA_PANEL_TEST_OLLAMA", "/usr/bin/ollama"),
        ("LLAMA_ARG_SOMETHING_NEW", "1"),
    ],
)
def test_what_works_or_means_nothing_is_silent(name: str, value: str) -> None:
    assert told({name: value}) == []


@pytest.mark.parametrize("value", ["0.0.0.0", ":8080", "[::]:11434"])
def test_an_address_for_other_machines_is_the_panels(value: str) -> None:
    (notice,) = told({"OLLAMA_HOST": value})
    assert "OLLAMA_HOST (clients use the panel's address: set proxy.host and proxy.port)" in notice


def test_settings_that_do_what_the_variable_asks_for_are_silent() -> None:
    settings = msgspec.structs.replace(
        CHAT,
        proxy=ProxySettings(host="0.0.0.0", allowed_origins=("https://a.example", "https://b.example")),
        ollama=OllamaSettings(models_dir="~/models"),
    )
    wishes = {"OLLAMA_HOST": "0.0.0.0", "OLLAMA_ORIGINS": "https://b.example", "OLLAMA_MODELS": "/home/me/models"}
    assert told(wishes, settings) == []
    (notice,) = told({**wishes, "OLLAMA_MODELS": "/srv/models"}, settings)
    assert "OLLAMA_MODELS (ollama.models_dir is set, too, and wins)" in notice


def test_a_wrong_value_that_reaches_the_workers_is_told_for_itself() -> None:
    assert told({"OLLAMA_GPU_OVERHEAD": "1024", "OLLAMA_KEEP_ALIVE": "5 minutes", "OLLAMA_HOST": "x y"}) == [
        "environment: OLLAMA_GPU_OVERHEAD must be in bytes: 1024 of them are nothing. 1024 MiB are 1073741824.",
        'environment: OLLAMA_KEEP_ALIVE must be a time such as 90s, 5m, 24h or -1, not "5 minutes"; '
        "Ollama would silently use 5m.",
    ]


def test_what_the_version_that_runs_reads_is_silent_and_what_it_does_not_is_told() -> None:
    variables = {"OLLAMA_NEW_ENGINE": "1", "OLLAMA_NO_CLOUD": "1", "OLLAMA_VULKAN": "1", "OLLAMA_API_KEY": "x"}
    assert [render(one.told) for one in check_inherited(variables, CHAT, version=(0, 9, 6))] == [
        "The panel was started with variables that have no effect on its workers: "
        "OLLAMA_NO_CLOUD (only Ollama 0.16.2 and later reads it)."
    ]
    assert check_inherited(variables, CHAT, version=(0, 24, 0)) == ()
    assert check_inherited(variables, CHAT, version=()) == ()
    assert check_inherited(variables, CHAT, version=(0, 0, 0)) == ()


def test_options_of_the_runner_that_ollama_passes_itself_are_told() -> None:
    (notice,) = told({"LLAMA_ARG_UBATCH": "1024", "LLAMA_ARG_BATCH": "2048"})
    assert "LLAMA_ARG_BATCH (set the request's option num_batch)" in notice
    assert "LLAMA_ARG_UBATCH (" in notice


@pytest.mark.parametrize("name", ["OLLAMA_CLOUD_BASE_URL", "OLLAMA_SKILLS"])
def test_what_other_programs_of_ollama_read_is_silent(name: str) -> None:
    assert told({name: "x"}) == []
