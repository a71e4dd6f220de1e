"""The support bundle: what somebody needs who is to help, as readable files without secrets. Pure."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.applying import shown
from ollama_panel.core.doctor import report_text
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.mending import discreet
from ollama_panel.core.findings import BundleFile, DoctorRecord
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import TextFile

NAME = "ollama-panel-support"
_HOME = "~"
_SHORTEST_HOME = 3
_LOGIN = re.compile(r"(?<=[/\"'\s=])[\w.+-]+:[^\s/@:\"']+@(?!sha256:)(?=[\w.-]+(?::\d+)?/)")
"""What `user:password@host/` begins with; a digest of an image stands behind such a sign, too."""
_LOGS = "logs"
_SOURCES = "sources"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The oldest that a ZIP archive can hold."""


def files_of(
    record: DoctorRecord,
    facts: Facts,
    settings: Settings | None,
    logs: Mapping[str, Sequence[str]],
    versions: Mapping[str, str],
    evidence: Mapping[tuple[str, str], str] | None = None,
) -> tuple[BundleFile, ...]:
    """Return the files of a bundle; the path of the user's home is not in them.

    `settings` are the panel's, `logs` the last lines of logs by their names, `versions` by what they are of, `evidence`
    the files about instances that hung or died, by folder and name.
    """
    home = facts.machine.home
    files = (*_files(record, facts, settings, logs, versions), *_evidence(evidence or {}))
    return tuple(BundleFile(one.name, one.about, _without_home(_without_login(one.text), home)) for one in files)


def _evidence(files: Mapping[tuple[str, str], str]) -> Iterator[BundleFile]:
    for (folder, name), text in files.items():
        about = notice("doctor.bundle_evidence", folder=folder)
        yield BundleFile(f"evidence/{_plain(folder)}/{_plain(name)}", about, _hidden(text))


def _files(
    record: DoctorRecord,
    facts: Facts,
    settings: Settings | None,
    logs: Mapping[str, Sequence[str]],
    versions: Mapping[str, str],
) -> Iterator[BundleFile]:
    shown_record = record
    if record.report is not None:
        shown_record = msgspec.structs.replace(record, report=discreet(record.report))
    report = "\n".join(report_text.lines(shown_record)) + "\n"
    yield BundleFile("report.txt", notice("doctor.bundle_report"), _hidden(report))
    yield BundleFile("report.json", notice("doctor.bundle_record"), _json(shown_record))
    about = msgspec.structs.replace(facts, snapshot=None)
    yield BundleFile("facts.json", notice("doctor.bundle_facts"), _json(about))
    known = (
        {**versions} | {"System": " ".join(filter(None, (facts.machine.system, facts.machine.release)))} | facts.drivers
    )
    text = "".join(f"{name}: {value}\n" for name, value in known.items() if value)
    yield BundleFile("versions.txt", notice("doctor.bundle_versions"), text)
    if settings is not None:
        content = codec.dump(redact.settings(settings)).decode()
        yield BundleFile("settings.json", notice("doctor.bundle_settings"), content)
    for number, file in enumerate(_texts(facts), 1):
        name = f"{_SOURCES}/{number:02}-{_plain(file.path)}"
        yield BundleFile(name, notice("doctor.bundle_source", path=file.path), _hidden(file.text))
    pools = settings.pools if settings is not None else ()
    hide = redact.hider_of(one for pool in pools for one in pool.environment.items())
    for name, log in logs.items():
        text = "".join(f"{hide(line)}\n" for line in log)
        yield BundleFile(f"{_LOGS}/{_plain(name)}", notice("doctor.bundle_log", name=name), _hidden(text))
    for one in facts.logs:
        if one.lines:
            name = f"server-{one.server}.log"
            text = "".join(f"{hide(line)}\n" for line in one.lines)
            yield BundleFile(f"{_LOGS}/{name}", notice("doctor.bundle_log", name=name), _hidden(text))


def archive(files: Sequence[BundleFile], at: float) -> bytes:
    """Return the files as a ZIP archive, in one folder; `at` is Unix time."""
    packed, when = io.BytesIO(), datetime.fromtimestamp(at, UTC)
    date = max(_FIRST_DAY, when.timetuple()[:6])
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for one in files:
            made.writestr(zipfile.ZipInfo(f"{NAME}/{one.name}", date), one.text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def file_name(at: float) -> str:
    """Return the name of a bundle that is made at a Unix time, in UTC."""
    return f"{NAME}-{datetime.fromtimestamp(at, UTC):%Y%m%d-%H%M%S}.zip"


def _texts(facts: Facts) -> Iterator[TextFile]:
    """Yield the files of the sources, each once."""
    seen = set[str]()
    for reading in facts.sources:
        for file in reading.source.files if reading.source is not None else ():
            if file.text and file.path not in seen:
                seen.add(file.path)
                yield file


def _json(record: msgspec.Struct) -> str:
    return msgspec.json.format(msgspec.json.encode(_clean(msgspec.to_builtins(record))), indent=1).decode() + "\n"


def _clean(content: Any) -> Any:
    """Return builtin objects without secrets: of texts, of variables by their names, of tables of them."""
    match content:
        case str():
            return _hidden(content)
        case {"name": str() as name, "value": str() as value, **rest}:
            return _clean(rest) | {"name": name, "value": redact.variable(name, value)}
        case dict():
            return {
                key: redact.variable(key, value) if isinstance(value, str) and _is_variable(key) else _clean(value)
                for key, value in content.items()
            }
        case [str(), *_] if all(isinstance(one, str) for one in content):
            return [_hidden(one) for one in redact.command(content)]
        case list() | tuple():
            return [_clean(one) for one in content]
        case _:
            return content


def _is_variable(name: object) -> bool:
    return isinstance(name, str) and name.isupper()


def _hidden(text: str) -> str:
    return shown.without_secrets(text)


def _without_login(text: str) -> str:
    """Return a text without the logins of registries in the names of models and images, which have no scheme."""
    return _LOGIN.sub(f"{redact.HIDDEN}@", text)


def _without_home(text: str, home: str) -> str:
    return text.replace(home, _HOME) if len(home) >= _SHORTEST_HOME else text


def _plain(path: str) -> str:
    """Return the name of a file for an archive, which every system can unpack."""
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name).lstrip(".") or "text"
