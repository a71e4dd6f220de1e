"""Reader of the values of TrueNAS's app, as `midclt call app.config ollama` or its `user_config.yaml` has them.

Source: truenas/apps `ix-dev/community/ollama/` (`questions.yaml`, `templates/`); the memory limit is in MiB. The newer
ones have settings of their own for some variables. Older releases, whose apps were charts, call the same
`ollamaConfig.additionalEnvs` and `ollamaNetwork.webPort`.
"""

from collections.abc import Iterator

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.sources.places import assigned, with_overruled
from ollama_panel.core.sources.record import Assignment, Reading, ServerConfig, Source, SourceKind, UnreadableError
from ollama_panel.core.sources.stacks.yaml_items import Item, documents

_VARIABLES = (("ollama", "additional_envs"), ("ollamaConfig", "additionalEnvs"))
_SETTINGS = (
    ("override_context_length", "context_length", "OLLAMA_CONTEXT_LENGTH"),
    ("flash_attention", "enabled", "OLLAMA_FLASH_ATTENTION"),
    ("flash_attention", "kv_cache_type", "OLLAMA_KV_CACHE_TYPE"),
    ("override_keep_alive", "keep_alive", "OLLAMA_KEEP_ALIVE"),
)
_PORTS = (
    ("network", "api_port", "port_number"),
    ("network", "web_port", "port_number"),
    ("network", "web_port"),
    ("ollamaNetwork", "webPort"),
)
_IMAGES = {"rocm_image": "ollama/ollama:rocm", "cpu_image": "ollama/ollama"}


def read(source: Source) -> Reading:
    """Return the server of the app."""
    try:
        roots = documents(source.files[0])
    except UnreadableError as error:
        return Reading(SourceKind.TRUENAS, source.path, problem=error.told)
    root = next((one for one in roots if any(one.get(path[0]) is not None for path in _VARIABLES)), None)
    if root is None:
        problem = notice("source.truenas.no_values", path=source.path)
        return Reading(SourceKind.TRUENAS, source.path, problem=problem)
    memory = root.text_at("resources", "limits", "memory")
    selector = root.text_at("ollama", "image_selector")
    server = ServerConfig(
        "ollama",
        with_overruled(list(_variables(root))),
        image=_IMAGES.get(selector, "ollama/ollama"),
        ports=tuple(_ports(root)),
        memory_limit=int(memory) * MIB if memory.isdecimal() and int(memory) else None,
        gpu=_gpu(root),
        folders=dict(_folders(root)),
    )
    return Reading(SourceKind.TRUENAS, source.path, (server,))


def _variables(root: Item) -> Iterator[Assignment]:
    for group, key, name in _SETTINGS:
        value = root.get("ollama", group, key)
        if value is not None and root.text_at("ollama", group, "enabled") == "true":
            yield assigned(name, "1" if key == "enabled" else value.text, value.place)
    for path in _VARIABLES:
        entries = root.get(*path)
        for one in entries.items() if entries is not None else ():
            if name := one.text_at("name"):
                value = one.get("value")
                yield assigned(name, value.text if value is not None else "", (value or one).place)


def _ports(root: Item) -> Iterator[str]:
    settings = root.get("network", "api_port") or root.get("network", "web_port")
    mode = settings.get("bind_mode") if settings is not None else None
    if mode is not None and mode.text != "published":
        return
    port = next((text for path in _PORTS if (text := root.text_at(*path)).isdecimal()), "")
    if not port:
        return
    addresses = settings.get("host_ips") if settings is not None else None
    hosts = [one.text for one in addresses.items()] if addresses is not None else []
    yield from [f"[{one}]:{port}" if ":" in one else f"{one}:{port}" for one in hosts] or [port]


def _gpu(root: Item) -> bool | None:
    gpus = root.get("resources", "gpus")
    if gpus is None:
        return None
    chosen = gpus.get("nvidia_gpu_selection")
    used = [one.text_at("use_gpu") for _, one in chosen.pairs()] if chosen is not None else []
    return gpus.text_at("use_all_gpus") == "true" or "true" in used


def _folders(root: Item) -> Iterator[tuple[str, str]]:
    if path := root.text_at("storage", "data", "host_path_config", "path"):
        yield "/root/.ollama", path
    more = root.get("storage", "additional_storage")
    for one in more.items() if more is not None else ():
        path, inside = one.text_at("host_path_config", "path"), one.text_at("mount_path")
        if path and inside:
            yield inside, path
