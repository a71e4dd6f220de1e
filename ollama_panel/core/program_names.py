"""The name of a program as people know it: that of the script, not of the interpreter that runs it.

`python3 /srv/rag_indexer.py` is "rag_indexer.py", `python3 -m pip` is "pip", `node .../node_modules/cline/cli.js` is
"cline". What runs no script that the command line names, such as `python3 -c ...`, keeps the name of the process.
"""

import re
from collections.abc import Mapping, Sequence, Set

from ollama_panel.core.text import printable

_INTERPRETERS: Mapping[str, str] = {
    r"(python|pypy)[\d.]*[tw]?": "python",
    r"(node|nodejs|bun|deno|tsx|electron)": "node",
    r"(ruby|perl|php|lua|luajit|Rscript)[\d.]*": "script",
    r"(ba|da|z|k|fi)?sh": "script",
    r"javaw?": "java",
    r"dotnet": "script",
}
_FAMILIES = tuple(
    (re.compile(rf"{pattern}(\.exe)?", re.IGNORECASE), family) for pattern, family in _INTERPRETERS.items()
)

_TAKES_A_VALUE: Mapping[str, Set[str]] = {
    "python": {"-W", "-X", "--check-hash-based-pycs"},
    "node": {
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "-C",
        "--conditions",
        "--config",
        "-c",
    },
    "script": {"-I", "-r"},
    "java": {"-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "--add-opens"},
}
"""The options that are followed by a value, by family: CPython 3.13 `python --help`, Node 24 `node --help`, Ruby and
Perl (`perlrun`), OpenJDK 21 `java --help`."""

_IS_CODE: Mapping[str, Set[str]] = {
    "python": {"-c", "-"},
    "node": {"-e", "--eval", "-p", "--print", "-"},
    "script": {"-e", "-c", "-"},
    "java": {"-"},
}
"""The options after which no file follows, because the code itself does."""

_COMMANDS: Mapping[str, Set[str]] = {"node": {"run"}}
"""The words before the script: `deno run`, `bun run`."""

_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne", "granian"})
"""Programs that run the application which their command line names as `package.module:name`."""
_APPLICATION = re.compile(r"[\w.]+:\w+(\(\))?")

_GENERAL = re.compile(r"(main|app|server|run|index|cli)\.(py|js|mjs|ts)")
"""Names that say nothing without that of their folder."""


def program_name(name: str, program: str, arguments: Sequence[str]) -> str:
    """Return what people call a process: its script's name if an interpreter runs one, else its own `name`.

    `program` is the path of its file, `arguments` its command line, both as far as the system tells. The result has no
    character that commands a terminal; it is "" if nothing is known.
    """
    return printable(_script(name, program, arguments) or name or _base(program))


def _script(name: str, program: str, arguments: Sequence[str]) -> str:
    family = _family(_base(program)) or _family(name)
    if family is None or not arguments:
        return ""
    words = list(arguments[1:])
    while words:
        word = words.pop(0)
        if word in _IS_CODE[family]:
            return ""
        if family == "python" and (module := re.fullmatch(r"-[a-zA-Z]*?m(.*)", word)):
            return _of_module(module[1] or "".join(words[:1]), words[0 if module[1] else 1 :])
        if family == "java" and word == "-jar":
            return _base("".join(words[:1]))
        if word in _TAKES_A_VALUE[family]:
            del words[:1]
        elif not word.startswith(("-", "+")) and word not in _COMMANDS.get(family, ()):
            return word if family == "java" else _of_path(word, words)
    return ""


def _family(base: str) -> str | None:
    return next((family for pattern, family in _FAMILIES if pattern.fullmatch(base)), None)


def _of_module(module: str, rest: Sequence[str]) -> str:
    return _application(module, rest) or module.removesuffix(".__main__")


def _of_path(path: str, rest: Sequence[str]) -> str:
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if not parts:
        return ""
    if "node_modules" in parts[:-1]:
        package = parts[len(parts) - parts[::-1].index("node_modules") :]
        return "/".join(package[:2]) if package[0].startswith("@") else package[0]
    name, folder = parts[-1], parts[-2] if len(parts) > 1 else ""
    if name == "__main__.py" and folder:
        return folder
    return _application(name, rest) or (f"{folder}/{name}" if folder and _GENERAL.fullmatch(name) else name)


def _application(server: str, rest: Sequence[str]) -> str:
    """Return the application that a server of applications runs, "" if it is another program or names none."""
    found = (word for word in rest if _APPLICATION.fullmatch(word)) if server in _SERVERS else iter(())
    return next(found, "")


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
