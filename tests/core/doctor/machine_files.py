"""Made-up machines as readable files: what is known of each, and what the doctor is to find there."""

from pathlib import Path

import msgspec
import yaml

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import EditFiles
from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import Source

FOLDER = Path(__file__).parent / "machines"


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file. `about` says what is planted; `expected` are the ids of all findings, () = a healthy machine.

    `texts` are sources as they lie on the machine; `core.sources` reads them into the facts.
    """

    about: str
    facts: Facts
    expected: tuple[str, ...] = ()
    texts: tuple[Source, ...] = ()

    @property
    def whole(self) -> Facts:
        """The facts with what the texts say."""
        readings = tuple(map(read, self.texts))
        return msgspec.structs.replace(self.facts, sources=(*self.facts.sources, *readings))

    def with_files(self, edit: EditFiles) -> "Machine":
        """Return the machine with what an edit writes, as far as its texts have the files."""
        new = {path: after for path, _, after in edit.files}
        texts = tuple(
            msgspec.structs.replace(
                source,
                files=tuple(msgspec.structs.replace(one, text=new.get(one.path, one.text)) for one in source.files),
            )
            for source in self.texts
        )
        return msgspec.structs.replace(self, texts=texts)


def files() -> list[Path]:
    """Return every file of a machine, by name."""
    return sorted(FOLDER.glob("*.yaml"))


def load(path: Path) -> Machine:
    """Return what a file says. Raises msgspec.ValidationError if it has fields that no fact has."""
    return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Machine)
