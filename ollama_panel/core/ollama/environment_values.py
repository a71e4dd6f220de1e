"""Checks that Ollama understands the value of an environment variable, by its kind."""

import re
from collections.abc import Callable

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import durations, host_variable
from ollama_panel.core.ollama.environment_kinds import FALSE, Kind, Variable
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.settings import paths
from ollama_panel.core.settings.origins import flaw

_BOOLEAN = FALSE | {"1", "t", "T", "TRUE", "true", "True"}
_TOGGLE = frozenset(("1", "0", "on", "off", "true", "false", "enabled", "disabled"))
_ADDRESS = re.compile(r"(https?://)?(\[[0-9A-Fa-f:.]*\]|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*|[^:/\s]*)(:\d{1,5})?(/.*)?")

_LIBRARY = re.compile(r"(cuda_(v|jetpack)\d+|rocm(_v\d+(_\d+)*)?|vulkan|mlx_\w+|cpu\w*)", re.ASCII)
"""The folders of `lib/ollama` in the releases from 0.12 to 0.32, and `cpu`, which is none: it leaves out all GPUs."""

_DEVICE = re.compile(r"-?\d{1,3}|(GPU|MIG)-[0-9A-Za-z/-]+")
"""A number, -1 for none, or the identifier that `nvidia-smi -L` or `rocminfo` shows."""

_VULKAN_OR_HIP = ("GGML_VK_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL")
"""Variables that take numbers only."""

_GFX = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}")
_TARGET = re.compile(r"gfx(\d{1,2})([0-9a-f])([0-9a-f])", re.IGNORECASE)
"""A target of LLVM, whose last two digits are hexadecimal: gfx90a is 9.0.10."""

_OWN_ORIGINS = frozenset(
    f"{scheme}://{host}{port}"
    for scheme in ("http", "https")
    for host in ("localhost", "127.0.0.1", "0.0.0.0")
    for port in ("", ":*")
) | {"app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*"}
"""What Ollama allows anyway, and prints as the value of OLLAMA_ORIGINS (0.32 `envconfig/config.go AllowedOrigins`)."""


def value_problem(variable: Variable, plain: str) -> Notice | None:
    """Return what is wrong with a value without the blanks and quotes around it, which Ollama takes off; None = right.

    What Ollama itself prints for a variable that is not set is right, even where it is not what one would write.
    """
    return None if plain.lower() in variable.printed else _CHECKS[variable.kind](variable, plain)


def are_ollamas_own(origins: str) -> bool:
    """Return whether a value of OLLAMA_ORIGINS, perhaps as a server prints it, adds nothing to Ollama's own."""
    return set(filter(None, re.split(r"[\s,]+", origins.strip("[]")))) <= _OWN_ORIGINS


def _number(variable: Variable, value: str) -> Notice | None:
    """Check a whole number; a negative one is valid only where the variable allows it."""
    name = variable.name
    if value.lower() in variable.words:
        return None
    sign = "-?" if (variable.low or 0) < 0 else ""
    if not re.fullmatch(rf"{sign}[0-9]{{1,18}}", value):
        return notice("environment.no_number", name=name, given=value, default=_default(variable))
    number = int(value)
    if variable.low is not None and number < variable.low:
        return notice("environment.too_low", name=name, limit=variable.low, given=number)
    if variable.high is not None and number > variable.high:
        return notice("environment.too_high", name=name, limit=variable.high, given=number)
    return None


def _numbers(variable: Variable, value: str) -> Notice | None:
    """Check whole numbers with commas between them."""
    return next(filter(None, (_number(variable, part.strip()) for part in value.split(","))), None)


def _devices(variable: Variable, value: str) -> Notice | None:
    """Check devices: the drivers take a name for none, and leave out all that come after it."""
    only_numbers = variable.name in _VULKAN_OR_HIP
    for part in value.split(","):
        if not _DEVICE.fullmatch(part.strip()) or (only_numbers and not part.strip().lstrip("-").isdecimal()):
            return notice("environment.no_devices", name=variable.name, given=value)
    return None


def _gfx(variable: Variable, value: str) -> Notice | None:
    """Check the type of an AMD GPU, which `docs/gpu.mdx` wants as x.y.z."""
    if _GFX.fullmatch(value):
        return None
    target = _TARGET.fullmatch(value)
    if target is None:
        return notice("environment.no_gfx", name=variable.name, given=value)
    meant = ".".join((target[1], *(str(int(digit, 16)) for digit in target.groups()[1:])))
    return notice("environment.gfx_meant", name=variable.name, given=value, meant=meant)


def _switch(variable: Variable, value: str) -> Notice | None:
    return None if value in _BOOLEAN else notice("environment.no_switch", name=variable.name, given=value)


def _toggle(variable: Variable, value: str) -> Notice | None:
    return None if value in _TOGGLE else notice("environment.no_toggle", name=variable.name, given=value)


def _duration(variable: Variable, value: str) -> Notice | None:
    if durations.parse_setting(value) is not None:
        return None
    return notice("environment.no_duration", name=variable.name, given=value, default=_default(variable))


def _choice(variable: Variable, value: str) -> Notice | None:
    if value.lower() in variable.choices:
        return None
    return notice("environment.no_choice", name=variable.name, given=value, choices=variable.choices)


def _address(variable: Variable, value: str) -> Notice | None:
    """Check an address. A path is a mistake: the server ignores it, and a client asks for /api/api/tags, say."""
    meant = host_variable.read(value)
    if not _ADDRESS.fullmatch(value) or not meant.port_is_right:
        return notice("environment.no_address", name=variable.name, given=value)
    return notice("environment.address_path", name=variable.name, path=meant.path) if meant.path else None


def _bytes(variable: Variable, value: str) -> Notice | None:
    """Check a number of bytes; one below a MiB is meant as MiB, as in a log where 1024 was to be a GiB."""
    wrong = _number(variable, value)
    if wrong is None and 0 < int(value) < MIB:
        return notice("environment.in_bytes", name=variable.name, given=int(value), bytes=int(value) * MIB)
    return wrong


def _origins(variable: Variable, value: str) -> Notice | None:
    """Check origins as Ollama splits them: only at commas, and with one that has no scheme it does not start."""
    if are_ollamas_own(value) or all(flaw(one) is None for one in value.split(",")):
        return None
    return notice("environment.no_origins", name=variable.name, given=value)


def _library(variable: Variable, value: str) -> Notice | None:
    """Check the name of a library: all folders of `lib/ollama` but that one are left out (`discover/runner.go`)."""
    return None if _LIBRARY.fullmatch(value) else notice("environment.no_library", name=variable.name, given=value)


def _folder(variable: Variable, value: str) -> Notice | None:
    """Check a folder: nothing expands what a shell would, neither Ollama nor systemd."""
    wrong = paths.flaw(value)
    if paths.begins_at_home(value) or (wrong is not None and wrong.code == "expected.path_plain"):
        return notice("environment.not_expanded", name=variable.name, given=value)
    return None if wrong is None else notice("environment.relative", name=variable.name, given=value)


def _any_text(_: Variable, __: str) -> None:
    return None


def _default(variable: Variable) -> str | Notice:
    return variable.default or notice("environment.own_choice")


_CHECKS: dict[Kind, Callable[[Variable, str], Notice | None]] = {
    Kind.COUNT: _number,
    Kind.COUNTS: _numbers,
    Kind.BYTES: _bytes,
    Kind.SWITCH: _switch,
    Kind.TRISTATE: _switch,
    Kind.TOGGLE: _toggle,
    Kind.DURATION: _duration,
    Kind.CHOICE: _choice,
    Kind.TEXT: _any_text,
    Kind.ADDRESS: _address,
    Kind.FOLDER: _folder,
    Kind.ORIGINS: _origins,
    Kind.LIBRARY: _library,
    Kind.DEVICES: _devices,
    Kind.GFX: _gfx,
}
