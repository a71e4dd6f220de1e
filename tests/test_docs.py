"""What README, CONTRIBUTING and the pages in docs name exists, and their numbers are those of the code.

Checked are texts in backticks, blocks of code, links, and tables with the columns module, constant and value. Other
programs' names, such as `num_ctx`, are not: a text in backticks counts as ours by its form (see `CHECKS`).
"""

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest

from ollama_panel.cli import arguments, bench
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.templates import TEMPLATES
from ollama_panel.core.ollama.environment import VARIABLES
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ollama_panel"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = [path for folder in (PACKAGE, ROOT / "tests", ROOT / "packaging") for path in folder.rglob("*.py")]

SECTIONS = set(Settings.__struct_fields__)
FOREIGN = {
    "ENABLE_FORWARD_USER_INFO_HEADERS",
    "None",
    "OLLAMA_API_KEY",
    "OLLAMA_MAX_WORKERS",  # does not exist, as the README says
    "OPENAI_API_KEY",
    "PYTHONMALLOC",
    "TMPDIR",
    "TaskGroup",
    "ValidationError",
    "add_user_information_to_llm_headers",
    "exec",
    "forward_client_headers_to_llm_api",
    "general_settings",
    "litellm_settings",
    "processEvents",
    "tmp_path",
}
"""Names of other programs that have the form of ours."""
UNITS = {"µs": 1, "ms": 1e3, "s": 1e6, "min": 6e7, "MiB": 2**20, "GiB": 2**30, "bytes/µs": 1}
SUFFIXES = {"_s": 1e6, "_ns": 1e-3}
"""Microseconds in the unit of a constant by the end of its name; all other times are in microseconds."""


def pages() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@cache
def prose_and_code(page: Path) -> tuple[str, list[str], list[str]]:
    """Return the text of a page, the lines of its indented blocks, and its blocks of Python."""
    text = page.read_text(encoding="utf-8")
    python = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    lines = re.findall(r"^ {4}(\S.*)$", prose, re.MULTILINE)
    return re.sub(r"^ {4}.*$", "", prose, flags=re.MULTILINE), lines, python


def quoted(page: Path) -> list[str]:
    return [" ".join(one.split()) for one in re.findall(r"`([^`]+)`", prose_and_code(page)[0])]


@cache
def defined() -> frozenset[str]:
    """Return all names that the sources define, Ollama's variables, and all strings that could be a name."""
    names = set(VARIABLES)
    for path in SOURCES:
        if path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 80:
                names.add(node.value)
    return frozenset(names)


# What a text in backticks may be, by its form; each check returns whether it exists, or None if it is of another form.


def is_file(text: str) -> bool | None:
    """A path below the repository or the package: `tests/data`, `core/ollama`."""
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", text):
        return None
    first = text.partition("/")[0]
    homes = [home for home in (ROOT, PACKAGE) if (home / first).is_dir()]
    return any((home / text).exists() for home in homes) if homes and first != ".venv" else None


def is_setting(text: str) -> bool | None:
    """A setting with a value: `proxy.heartbeat off`."""
    key, _, value = text.partition(" ")
    if not value or "." not in key or key.partition(".")[0] not in SECTIONS:
        return None
    return accepts(lambda: codec.set(Settings(), key, value))


def accepts(call: Callable[[], object]) -> bool:
    try:
        call()
    except PanelError:
        return False
    return True


def is_code_of_a_notice(text: str) -> bool | None:
    """What programs read beside an error: `queue.full`."""
    area, _, what = text.partition(".")
    areas = {code.partition(".")[0] for code in TEMPLATES} - SECTIONS
    known = area in areas and what.isidentifier() and not (PACKAGE / area).is_dir()
    return text in TEMPLATES if known else None


def is_dotted_name(text: str) -> bool | None:
    """A module, something in one, or a setting: `core.scheduling.limiter`, `gui.tasks.spawn`, `proxy.port`."""
    first, *rest = text.split(".")
    if not rest or not all(one.isidentifier() for one in (first, *rest)):
        return None
    if first in SECTIONS and accepts(lambda: codec.get(Settings(), text)):
        return True
    if first in {"ollama_panel", "tests"}:
        return resolves(text)
    return resolves(f"ollama_panel.{text}") if (PACKAGE / first).is_dir() else None


def resolves(name: str) -> bool:
    module, attributes = name, list[str]()
    while module:
        try:
            found: object = import_module(module)
        except ModuleNotFoundError:
            module, _, attribute = module.rpartition(".")
            attributes.insert(0, attribute)
            continue
        for attribute in attributes:
            found = getattr(found, attribute, None)
        return found is not None
    return False


def is_defined_name(text: str) -> bool | None:
    """A class, a constant, a field or a call: `Dispatcher`, `FIT_MARGIN`, `dwell_us`, `await panel.later(300)`."""
    found = re.match(r"(?:await )?(?:\w+(?:\(\))?\.)*([A-Za-z_]\w*)(?=$|[(=\[])", text)
    if found is None or found[1] in FOREIGN:
        return None
    ours = "(" in text or re.fullmatch(r"[A-Z]\w*[a-z]\w*|[A-Z]{2,}|\w+_\w+", found[1])
    return found[1] in defined() if ours else None


CHECKS: tuple[Callable[[str], bool | None], ...] = (
    is_file,
    is_setting,
    is_code_of_a_notice,
    is_dotted_name,
    is_defined_name,
)


@pages()
def test_names_in_backticks_exist(page: Path) -> None:
    assert [text for text in quoted(page) if not exists(text)] == []


def exists(text: str) -> bool:
    """Return what the first check says that knows the form of a text, True if none does."""
    return next((found for check in CHECKS if (found := check(text)) is not None), True)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("tests/core", "tests/cores"),
        ("core/ollama", "core/llama"),
        ("core.scheduling.limiter", "core.scheduling.limits"),
        ("lab.comparison.GOALS", "lab.comparison.AIMS"),
        ("proxy.port", "proxy.door"),
        ("queue.full", "queue.fuller"),
        ("proxy.heartbeat off", "proxy.heartbeat perhaps"),
        ("Dispatcher", "Dispatchers"),
        ("dwell_us", "dwells_us"),
        ("SPILL", "SPILT"),
        ("PANEL_FUZZ=10000", "PANEL_FUSS=10000"),
        ("await panel.later(300)", "await panel.later_on(300)"),
        ("server/sched.go", None),
        ("X-Request-ID", None),
    ],
)
def test_a_name_that_does_not_exist_is_found(right: str, wrong: str | None) -> None:
    assert exists(right)
    assert wrong is None or not exists(wrong)


# Commands


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of every command of ours on a page, without variables before it or a command after it."""
    for line in [*prose_and_code(page)[1], *quoted(page)]:
        if re.search(r"(^| )(ollama-panel|python3?|(\S*/)?python|\S*/pytest) ", line):
            words = shlex.split(line, comments=True)
            own = dropwhile(lambda word: "=" in word, words)
            yield list(takewhile(lambda word: word not in ("&&", "|"), own))


@pages()
def test_commands_of_the_panel_are_understood(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for program, *words in commands(page):
        if program == "ollama-panel":
            chosen = arguments.parse(words)  # exits if it does not understand
            if words[:2] == ["settings", "set"]:
                codec.set(Settings(), words[2], words[3])
            elif words[0] == "bench":
                with pytest.raises(SystemExit):
                    bench.run(words[1], ["--help"])
                listed = capsys.readouterr().out
                assert [one for one in chosen.rest if one.startswith("--") and one not in listed] == [], words


@pages()
def test_scripts_exist_and_know_their_options(page: Path) -> None:
    for program, *words in commands(page):
        if program.endswith("pytest"):
            paths, text = [word for word in words if not word.startswith("-")], ""
        elif "python" in program and words and words[:2] != ["-m", "venv"]:
            paths = [file_of(words[1]) if words[0] == "-m" else words[0]]
            text = (ROOT / paths[0]).read_text(encoding="utf-8")
        else:
            continue
        assert [path for path in paths if not (ROOT / path).exists()] == [], words
        if "add_argument" in text:
            assert [word for word in words if word.startswith("--") and f'"{word}"' not in text] == [], words


def file_of(module: str) -> str:
    path = module.replace(".", "/")
    return f"{path}/__main__.py" if (ROOT / path).is_dir() else f"{path}.py"


# Links, blocks of Python, and references from the sources


def headings(page: Path) -> dict[str, str]:
    """Return the headings of a page by the anchors that GitHub makes of them."""
    found = re.findall(r"^#+ (.+)$", prose_and_code(page)[0], re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-"): one for one in found}


@pages()
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose_and_code(page)[0]):
        if not target.startswith("http"):
            path, _, anchor = target.partition("#")
            other = (page.parent / path) if path else page
            assert other.exists(), target
            assert not anchor or anchor in headings(other), target


@pages()
def test_examples_in_python_find_what_they_import(page: Path) -> None:
    for block in prose_and_code(page)[2]:
        exec(compile(block, page.name, "exec"), {})


def test_the_sections_that_docstrings_name_exist() -> None:
    references = [
        (path.name, page, " ".join(section.split()))
        for path in SOURCES
        for page, section in re.findall(r"(docs/\w+\.md),\s+section\s+\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    ]
    assert references
    assert [one for one in references if one[2] not in headings(ROOT / one[1]).values()] == []


# Numbers


def constants(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield module, constant and value of every row of a table that has these columns."""
    in_table = False
    for line in prose_and_code(page)[0].splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if cells[:3] == ["module", "constant", "value"]:
            in_table = True
        elif not line.startswith("|"):
            in_table = False
        elif in_table and not cells[0].startswith("--"):
            yield cells[0], cells[1], cells[2]


ROWS = [row for page in PAGES for row in constants(page)]


@pytest.mark.parametrize(("module", "constant", "value"), ROWS, ids=[f"{row[0]}.{row[1]}" for row in ROWS])
def test_a_number_is_that_of_the_code(module: str, constant: str, value: str) -> None:
    found = eval(constant, vars(import_module(f"ollama_panel.{module}")))
    number, _, unit = value.partition(" ")
    suffix = re.search(r"_[a-z]+$", constant.lower())
    scale = UNITS.get(unit, 1) / (SUFFIXES.get(suffix[0], 1) if suffix and unit in UNITS else 1)
    assert float(number.replace(",", "")) * scale == pytest.approx(found)


def test_tables_of_constants_are_found() -> None:
    assert len(ROWS) > 50
