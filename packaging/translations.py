"""Updates the translations: collects the texts of the window, and those of core that it shows, and compiles the files.

    python packaging/translations.py

Texts go into resources/translations/*.ts, which translators edit (pyside6-linguist); *.qm is what the program reads.
The English file holds only plural forms.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ollama_panel.core.notices.templates import TEMPLATES
from ollama_panel.core.ollama.environment import VARIABLES
from ollama_panel.core.ollama.environment_presets import PRESETS
from ollama_panel.core.settings import catalog

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
NAME = "ollama_panel"


OTHER_TEXTS: Mapping[str, Iterable[str]] = {
    "notices": dict.fromkeys(template.text for template in TEMPLATES.values()),
    "settings": catalog.texts(),
    "variables": dict.fromkeys(variable.meaning for variable in VARIABLES.values()),
    "presets": dict.fromkeys(text for preset in PRESETS.values() for text in preset.texts),
    # Qt 6.11 shows these in its file dialog, and its own Chinese file lacks them.
    "QFileDialog": ("&Look in:", "Files of &type:"),
    "QAbstractFileIconProvider": ("Drive", "Folder", "%1 File", "File Folder", "Alias", "Shortcut", "Unknown", "File"),
}
"""Texts of `core` and of Qt that the window translates, by context; Qt's tool finds only literals of the window."""


def tool(name: str) -> str:
    """Return the path of a Qt tool of the PySide6 that this Python has."""
    return str(Path(sys.executable).with_name(name))


def collect() -> None:
    """Write every translatable text into the .ts files, and drop the texts that no longer exist."""
    sources = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "ollama_panel" / "gui").rglob("*.py"))]
    options = ["-no-obsolete", "-locations", "none", "-source-language", "en_US"]
    with tempfile.TemporaryDirectory() as folder:
        literals = Path(folder) / "core_texts.py"
        literals.write_text("\n".join(_literals()), encoding="utf-8")
        for language, extra in (("zh_CN", []), ("en", ["-pluralonly"])):
            target = ["-target-language", language, "-ts", str(FOLDER / f"{NAME}_{language}.ts")]
            command = [tool("pyside6-lupdate"), *sources, str(literals), *options, *extra, *target]
            subprocess.run(command, check=True, cwd=ROOT)


def _literals() -> Iterator[str]:
    for context, texts in OTHER_TEXTS.items():
        yield from (f"QT_TRANSLATE_NOOP({context!r}, {text!r})" for text in texts)


def compile_all() -> None:
    """Write the .qm files."""
    for source in sorted(FOLDER.glob("*.ts")):
        subprocess.run([tool("pyside6-lrelease"), str(source), "-qm", str(source.with_suffix(".qm"))], check=True)


if __name__ == "__main__":
    collect()
    compile_all()
