"""What `docker run --env-file` takes of a file, and what people write there that it takes otherwise."""

from collections.abc import Iterator, Mapping

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, dotenv, editing
from ollama_panel.core.sources.places import assigned
from ollama_panel.core.sources.record import Assignment, Fate, Mistake, TextFile


def read(file: TextFile, known: Mapping[str, str]) -> tuple[list[Assignment], list[Mistake]]:
    """Return the variables, and the mistakes in them; `known` are those of the shell."""
    assignments, mistakes = list[Assignment](), list[Mistake]()
    for line in dotenv.of_docker(file):
        value = known.get(line.name) if line.value is None else line.value
        if value is None:
            why = notice("source.run.of_shell", name=line.name)
            assignments.append(Assignment(line.name, "", line.place, Fate.IGNORED, why))
        elif line.name != line.name.strip() or " " in line.name:
            name = line.name.split()[-1] if line.name.split() else ""
            why = notice("source.env_file.refused", name=name)
            assignments.append(Assignment(name, value, line.place, Fate.IGNORED, why))
            code = codes.EXPORT_IN_ENVIRONMENT_FILE if line.name.startswith("export ") else codes.BLANK_AROUND_EQUALS
            mended = editing.with_line(file.text, line.place.line, f"{name}={value.strip()}")
            mistakes.append(Mistake(code, why, line.place, name, mended))
        else:
            assignments.append(assigned(line.name, value, line.place))
            mistakes += _in_value(file, line, value)
    return assignments, mistakes


def _in_value(file: TextFile, line: dotenv.Line, value: str) -> Iterator[Mistake]:
    plain, hash_sign, _ = value.partition(" #")
    if hash_sign:
        told = notice("source.env_file.comment", name=line.name)
        mended = editing.with_line(file.text, line.place.line, f"{line.name}={plain.rstrip()}")
        yield Mistake(codes.COMMENT_IN_VALUE, told, line.place, line.name, mended)
    elif len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        told = notice("source.env_file.quotes", name=line.name, given=value)
        mended = editing.with_line(file.text, line.place.line, f"{line.name}={value[1:-1]}")
        yield Mistake(codes.QUOTES_INSIDE, told, line.place, line.name, mended)
