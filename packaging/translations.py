"""Updates the translations: collects the texts of the window, and compiles the translated files.

    python packaging/translations.py

Texts go into resources/translations/*.ts, which translators edit (pyside6-linguist); *.qm is what the program reads.
The English file holds only plural forms.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
NAME = "ollama_panel"


def tool(name: str) -> str:
    """Return the path of a Qt tool of the PySide6 that this Python has."""
    return str(Path(sys.executable).with_name(name))


def collect() -> None:
    """Write every translatable text of the window into the .ts files, and drop the texts that no longer exist."""
    sources = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "ollama_panel" / "gui").rglob("*.py"))]
    options = ["-no-obsolete", "-locations", "none", "-source-language", "en_US"]
    for language, extra in (("zh_CN", []), ("en", ["-pluralonly"])):
        target = ["-target-language", language, "-ts", str(FOLDER / f"{NAME}_{language}.ts")]
        subprocess.run([tool("pyside6-lupdate"), *sources, *options, *extra, *target], check=True, cwd=ROOT)


def compile_all() -> None:
    """Write the .qm files."""
    for source in sorted(FOLDER.glob("*.ts")):
        subprocess.run([tool("pyside6-lrelease"), str(source), "-qm", str(source.with_suffix(".qm"))], check=True)


if __name__ == "__main__":
    collect()
    compile_all()
