"""Every environment variable that Ollama's server or its runner reads, as data for `core.ollama.environment`.

Names, defaults and meanings: Ollama `envconfig/config.go` (0.33) and `common/arg.cpp` of the llama.cpp that Ollama 0.32
builds; `since` and `until` are the first and last release whose source has the name. A server reads its environment
once, at its start, so a change of any variable restarts the instance, except those of the command line.
"""

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.environment_kinds import Kind, Restarts, Variable
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
    ),
    Variable(
        "OLLAMA_MAX_LOADED_MODELS",
        Kind.COUNT,
        "0",
        "How many different models one instance keeps in memory; 0 is three for each GPU.",
        since="0.1.33",
        low=0,
        high=64,
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
    ),
    Variable(
        "OLLAMA_LOAD_TIMEOUT",
        Kind.DURATION,
        "5m",
        "How long the loading of a model may make no progress before it fails; 0 is no limit.",
        since="0.3.10",
    ),
    Variable(
        "OLLAMA_FLASH_ATTENTION",
        Kind.TRISTATE,
        "",
        "Use flash attention: less memory for long contexts, and needed for a quantised context cache.",
        since="0.1.39",
    ),
    Variable(
        "OLLAMA_KV_CACHE_TYPE",
        Kind.CHOICE,
        "f16",
        "How the context cache is stored: q8_0 takes half the memory of f16, q4_0 a quarter, at some loss of quality; "
        "before 0.30 only f16, q8_0 and q4_0.",
        since="0.5.0",
        choices=tuple(CACHE_TYPES),
    ),
    Variable(
        "OLLAMA_GPU_OVERHEAD",
        Kind.BYTES,
        "0",
        "Bytes of each GPU's memory to leave free; from 0.30 on it no longer limits what is placed there, "
        "LLAMA_ARG_FIT_TARGET does.",
        since="0.3.10",
        low=0,
    ),
    Variable(
        "OLLAMA_SCHED_SPREAD",
        Kind.SWITCH,
        "0",
        "Spread every model over all GPUs; no effect with one GPU.",
        since="0.1.45",
    ),
    Variable("OLLAMA_LLM_LIBRARY", Kind.LIBRARY, "", "Use this compute library and look for no other.", since="0.1.21"),
    Variable("OLLAMA_IGPU_ENABLE", Kind.TRISTATE, "", "Whether integrated GPUs may be used.", since="0.30.0"),
    Variable("OLLAMA_VULKAN", Kind.TRISTATE, "1", "Whether Vulkan may be used.", since="0.12.11"),
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
        "OLLAMA_API_KEY",
        Kind.TEXT,
        "",
        "The key of ollama.com, for Ollama's commands.",
        since="0.23.0",
        restarts=Restarts.NOTHING,
    ),
    Variable(
        "OLLAMA_EDITOR",
        Kind.TEXT,
        "",
        "The editor of the command line.",
        since="0.16.0",
        restarts=Restarts.NOTHING,
    ),
    Variable(
        "OLLAMA_NOHISTORY",
        Kind.SWITCH,
        "0",
        "The command line keeps no history.",
        since="0.1.39",
        restarts=Restarts.NOTHING,
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
)

_DEVICES = tuple(
    Variable(name, Kind.TEXT, "", meaning)
    for name, meaning in (
        ("CUDA_VISIBLE_DEVICES", "Which NVIDIA GPUs may be used."),
        ("HIP_VISIBLE_DEVICES", "Which AMD GPUs may be used, by number."),
        ("ROCR_VISIBLE_DEVICES", "Which AMD GPUs may be used, by name or number."),
        ("GGML_VK_VISIBLE_DEVICES", "Which Vulkan devices may be used, by number."),
        ("GPU_DEVICE_ORDINAL", "Which AMD GPUs may be used, by number."),
        ("HSA_OVERRIDE_GFX_VERSION", "Take AMD GPUs for this type."),
        ("HTTPS_PROXY", "The proxy through which models are downloaded."),
        ("HTTP_PROXY", "Better not set: it also catches the client's own requests to the server."),
        ("NO_PROXY", "Hosts that are reached without the proxy."),
    )
)

VARIABLES: dict[str, Variable] = {entry.name: entry for entry in (*_SERVER, *_REMOVED, *RUNNER, *_DEVICES)}

_WORKERS, _THREADS = notice("advice.workers"), notice("advice.threads")

NEVER_EXISTED: dict[str, Notice] = {
    "OLLAMA_MAX_WORKERS": _WORKERS,
    "OLLAMA_NUM_WORKERS": _WORKERS,
    "OLLAMA_WORKERS": _WORKERS,
    "OLLAMA_NUM_CTX": notice("advice.pool_context"),
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
        *("OLLAMA_VERSION", "OLLAMA_NO_START", "OLLAMA_INSTALL_DIR", "OLLAMA_BIN", "OLLAMA_APP_DB_PATH"),
        *("OLLAMA_DOT_COM_URL", "OLLAMA_CLOUD_BASE_URL", "OLLAMA_EXPERIMENT", "OLLAMA_LIBRARY_PATH"),
        *("OLLAMA_SKILLS", "OLLAMA_CORS"),
        *("OLLAMA_AGENT_DISABLE_SHELL", "OLLAMA_AGENT_DISABLE_WEBSEARCH"),
    )
)
"""Names that Ollama's clients, its installer, its app and its commands read: right in the environment of a user."""
