"""Every environment variable that some release of Ollama from 0.1.33 to 0.33 reads, for `core.ollama.environment`.

Names, defaults and meanings: Ollama `envconfig/config.go` and, for the runner, llama.cpp `common/arg.cpp`. `since` and
`until` are the first and last release whose source has the name, found by a search through all of them.
"""

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.environment_commands import COMMANDS
from ollama_panel.core.ollama.environment_devices import DEVICES, of_one_device
from ollama_panel.core.ollama.environment_kinds import Default, Kind, Reads, Variable
from ollama_panel.core.ollama.environment_runner import RUNNER
from ollama_panel.core.ollama.kvcache import CACHE_TYPES

_SERVER = (
    Variable(
        "OLLAMA_NUM_PARALLEL",
        Kind.COUNT,
        "1",
        "How many requests one loaded model works on at once; the memory for the context grows with it.",
        since="0.1.33",
        low=1,
        high=64,
        printed=("0",),  # by 0.1.33 to 0.9; counts as 1 from 0.10 on (0.32 `server/sched.go`)
        reads=Reads.LOAD,
        earlier=(Default("0.2.0", "1"), Default("0.10.0", "")),  # up to 4, later 2, then 1 if memory did not do
    ),
    Variable(
        "OLLAMA_CONTEXT_LENGTH",
        Kind.COUNT,
        "",
        "How many tokens each slot holds unless the request or the Modelfile says; without it 4096, 32768 or 262144, "
        "by the memory of the GPU, and times the number of slots.",
        since="0.5.13",
        low=0,
        high=1_048_576,
        reads=Reads.LOAD,
        earlier=(Default("0.6.7", "2048"), Default("0.15.5", "4096")),
    ),
    Variable(
        "OLLAMA_MAX_LOADED_MODELS",
        Kind.COUNT,
        "0",
        "How many different models one instance keeps in memory; 0 is three for each GPU.",
        since="0.1.33",
        low=0,
        high=64,
        reads=Reads.LOAD,
        earlier=(Default("0.2.0", "1"),),
    ),
    Variable(
        "OLLAMA_MAX_QUEUE",
        Kind.COUNT,
        "512",
        "How many requests may wait for a model to be loaded before Ollama answers 503; it does not limit those that "
        "wait for a slot of a loaded model.",
        since="0.1.34",
        low=1,
        high=1_000_000,
    ),
    Variable(
        "OLLAMA_KEEP_ALIVE",
        Kind.DURATION,
        "5m",
        "How long a model stays in memory after its last request; below 0 for ever, 0 not at all.",
        since="0.1.29",
        reads=Reads.REQUEST,
    ),
    Variable(
        "OLLAMA_LOAD_TIMEOUT",
        Kind.DURATION,
        "5m",
        "How long the loading of a model may make no progress before it fails; 0 is no limit.",
        since="0.3.10",
        reads=Reads.LOAD,
    ),
    Variable(
        "OLLAMA_FLASH_ATTENTION",
        Kind.TRISTATE,
        "",
        "Use flash attention: less memory for long contexts, and needed for a quantised context cache.",
        since="0.1.39",
        reads=Reads.LOAD,
        earlier=(Default("0.12.4", "0"),),
    ),
    Variable(
        "OLLAMA_KV_CACHE_TYPE",
        Kind.CHOICE,
        "f16",
        "How the context cache is stored: q8_0 takes half the memory of f16, q4_0 a quarter, at some loss of quality; "
        "before 0.30 only f16, q8_0 and q4_0.",
        since="0.5.0",
        choices=tuple(CACHE_TYPES),
        reads=Reads.LOAD,
    ),
    Variable(
        "OLLAMA_GPU_OVERHEAD",
        Kind.BYTES,
        "0",
        "Bytes of each GPU's memory to leave free; from 0.30 on it no longer limits what is placed there, "
        "LLAMA_ARG_FIT_TARGET does.",
        since="0.3.10",
        low=0,
        reads=Reads.LOAD,
    ),
    Variable(
        "OLLAMA_SCHED_SPREAD",
        Kind.SWITCH,
        "0",
        "Spread every model over all GPUs; no effect with one GPU.",
        since="0.1.45",
        reads=Reads.LOAD,
    ),
    Variable("OLLAMA_LLM_LIBRARY", Kind.LIBRARY, "", "Use this compute library and look for no other.", since="0.1.21"),
    Variable("OLLAMA_IGPU_ENABLE", Kind.TRISTATE, "", "Whether integrated GPUs may be used.", since="0.30.0"),
    Variable(
        "OLLAMA_VULKAN",
        Kind.TRISTATE,
        "1",
        "Whether Vulkan may be used.",
        since="0.12.11",
        earlier=(Default("0.30.0", "0"),),
    ),
    Variable(
        "OLLAMA_HOST",
        Kind.ADDRESS,
        "127.0.0.1:11434",
        "The address the server listens on; the panel gives each of its instances its own.",
        since="0.0.1",
    ),
    Variable(
        "OLLAMA_ORIGINS",
        Kind.ORIGINS,
        "",
        "Web pages that may call the server, separated by commas, besides those of this machine.",
        since="0.0.14",
    ),
    Variable(
        "OLLAMA_MODELS",
        Kind.FOLDER,
        "~/.ollama/models",
        "The folder of the models; instances may share one.",
        since="0.1.6",
    ),
    Variable(
        "OLLAMA_NOPRUNE",
        Kind.SWITCH,
        "0",
        "Do not delete unused files of the models folder at the start; the panel sets it on all workers but the first.",
        since="0.0.19",
    ),
    Variable(
        "OLLAMA_DEBUG",
        Kind.CHOICE,
        "0",
        "How much is logged: 1 details, 2 everything.",
        since="0.1.21",
        choices=("0", "1", "2", "true", "false"),
        printed=("info",),
    ),
    Variable(
        "OLLAMA_DEBUG_LOG_REQUESTS",
        Kind.SWITCH,
        "0",
        "Write the text of every request into a temporary folder.",
        since="0.18.3",
        reads=Reads.REQUEST,
    ),
    Variable("OLLAMA_NO_CLOUD", Kind.SWITCH, "0", "Switch off everything that needs ollama.com.", since="0.16.2"),
    Variable(
        "OLLAMA_REMOTES",
        Kind.TEXT,
        "ollama.com",
        "Hosts that remote models may run on, separated by commas.",
        since="0.12.0",
    ),
    Variable("OLLAMA_AUTH", Kind.SWITCH, "0", "Sign requests between client and server.", since="0.8.0"),
    Variable(
        "OLLAMA_GO_TEMPLATE",
        Kind.SWITCH,
        "1",
        "Use the Modelfile's own template where a model has one.",
        since="0.30.0",
    ),
    Variable(
        "OLLAMA_MAX_TRANSFER_STREAMS",
        Kind.COUNT,
        "4",
        "How many parts of a safetensors model are transferred at once.",
        since="0.23.3",
        low=1,
        high=64,
    ),
    Variable(
        "OLLAMA_CLOUD_BASE_URL",
        Kind.TEXT,
        "https://ollama.com",
        "The server that runs cloud models.",
        since="0.18.0",
        reads=Reads.REQUEST,
    ),
    Variable(
        "OLLAMA_EXPERIMENT",
        Kind.TEXT,
        "",
        "Features under trial, separated by commas; client2 is another way to download models.",
        since="0.6.0",
    ),
    Variable(
        "OLLAMA_LLAMA_CPP_COMPAT",
        Kind.CHOICE,
        "1",
        "Read models that were made for Ollama's own engine; 0 switches that off.",
        since="0.30.0",
        choices=("0", "1"),
        reads=Reads.LOAD,
    ),
)

_REMOVED = (
    Variable("OLLAMA_NEW_ENGINE", Kind.SWITCH, "0", "Chose Ollama's own engine.", since="0.5.12", until="0.24.0"),
    Variable("OLLAMA_NEW_ESTIMATES", Kind.SWITCH, "0", "Chose a way to plan memory.", since="0.11.5", until="0.11.10"),
    Variable(
        "OLLAMA_MULTIUSER_CACHE",
        Kind.SWITCH,
        "0",
        "Tuned the prompt cache for several users.",
        since="0.3.13",
        until="0.24.0",
    ),
    Variable("OLLAMA_INTEL_GPU", Kind.SWITCH, "0", "Looked for Intel GPUs.", since="0.1.45", until="0.12.10"),
    Variable("OLLAMA_MAX_VRAM", Kind.BYTES, "0", "Limited the GPU memory.", since="0.1.29", until="0.6.8"),
    Variable("OLLAMA_RUNNERS_DIR", Kind.FOLDER, "", "Where runners were unpacked.", since="0.1.33", until="0.3.10"),
    Variable("OLLAMA_TMPDIR", Kind.FOLDER, "", "Where runners were unpacked.", since="0.1.32", until="0.6.5"),
    Variable(
        "OLLAMA_REGISTRY_MAXSTREAMS",
        Kind.COUNT,
        "",
        "How many parts of a model the client2 of OLLAMA_EXPERIMENT downloaded at once.",
        since="0.5.13",
        until="0.31.1",
    ),
    Variable("OLLAMA_BACKEND", Kind.TEXT, "mlx", "Chose a way to compute.", since="0.14.0", until="0.15.5"),
    *(
        Variable(f"OLLAMA_MLX_MTP_{name}", Kind.TEXT, "", meaning, since="0.23.1", until=until)
        for name, meaning, until in (
            ("COMPARE_SERIAL_VALIDATE", "Checked guesses of models on Apple GPUs.", "0.30.7"),
            ("DRAFT_SCHEDULE", "How models on Apple GPUs guessed several tokens at once.", "0.30.10"),
            ("INITIAL_DRAFT_TOKENS", "How many tokens models on Apple GPUs guessed at first.", "0.30.10"),
            ("MAX_DRAFT_TOKENS", "How many tokens models on Apple GPUs guessed at most.", "0.30.10"),
            ("SERIAL_VALIDATE", "Checked guesses of models on Apple GPUs one by one.", "0.30.10"),
        )
    ),
    Variable(
        "ONEAPI_DEVICE_SELECTOR",
        Kind.TEXT,
        "",
        "Which Intel GPUs might be used.",
        since="0.1.40",
        until="0.11.8",
    ),
)

VARIABLES: dict[str, Variable] = {entry.name: entry for entry in (*_SERVER, *RUNNER, *DEVICES, *COMMANDS, *_REMOVED)}


def find(name: str) -> Variable | None:
    """Return a variable by its name, None if it is unknown."""
    return VARIABLES.get(name) or of_one_device(name)


_WORKERS, _THREADS = notice("advice.workers"), notice("advice.threads")

NEVER_EXISTED: dict[str, Notice] = {
    "OLLAMA_MAX_WORKERS": _WORKERS,
    "OLLAMA_NUM_WORKERS": _WORKERS,
    "OLLAMA_WORKERS": _WORKERS,
    "OLLAMA_NUM_CTX": notice("advice.pool_context"),
    "OLLAMA_CONTEXT_SIZE": notice("advice.pool_context"),
    "OLLAMA_NUM_THREADS": _THREADS,
    "OLLAMA_NUM_THREAD": _THREADS,
    "OLLAMA_NUM_GPU": notice("advice.option", option="num_gpu"),
    "OLLAMA_GPU_LAYERS": notice("advice.option", option="num_gpu"),
    "OLLAMA_BATCH_SIZE": notice("advice.option", option="num_batch"),
    "OLLAMA_PORT": notice("advice.panel_address"),
}
"""Names that guides recommend and that no release of Ollama has ever read, with what to do instead."""

OF_OTHER_PROGRAMS = frozenset(
    (
        *("OLLAMA_BASE_URL", "OLLAMA_BASE_URLS", "OLLAMA_API_BASE", "OLLAMA_API_BASE_URL", "OLLAMA_API_URL"),
        *("OLLAMA_URL", "OLLAMA_ENDPOINT", "OLLAMA_SERVER", "OLLAMA_MODEL", "OLLAMA_PROXY_URL"),
        *("OLLAMA_VERSION", "OLLAMA_NO_START", "OLLAMA_INSTALL_DIR", "OLLAMA_BIN", "OLLAMA_LIBRARY_PATH"),
    )
)
"""Names that clients of Ollama and its installer read, or that it gives its runners: right in a user's environment."""
