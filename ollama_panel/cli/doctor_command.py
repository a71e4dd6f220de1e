"""What `ollama-panel doctor` does: it looks, mends, takes back, sets aside, and writes a support bundle."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ollama_panel.cli import output
from ollama_panel.cli.confirm import agreed
from ollama_panel.cli.doctor import NEWEST
from ollama_panel.cli.doctor_sources import Doctor, of
from ollama_panel.cli.doctor_text import ended, planned
from ollama_panel.cli.parsers import PanelArguments
from ollama_panel.core.applying.host import place_of
from ollama_panel.core.doctor import examine, report_text, status_of
from ollama_panel.core.doctor.bundle import archive, file_name
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError, not_read, not_written
from ollama_panel.core.findings import BundleFile, DoctorRecord, Mended
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.text import printable
from ollama_panel.engine import clock
from ollama_panel.proxy.panel_api.encoding import encode

BLIND = 3
"""The exit status if nothing could be looked at."""


def run(chosen: PanelArguments) -> int:
    """Do what the arguments say; return the exit status. Raises PanelError if a fix or the like is not possible."""
    if chosen.ignore or chosen.show_again:
        return _aside(chosen)
    if chosen.fix or chosen.back_to:
        with of(chosen.state_dir, chosen.host) as doctor:
            return _acted(chosen, doctor)
    return _looked(chosen) if chosen.bundle is None or chosen.preview else _saved(chosen)


def _looked(chosen: PanelArguments) -> int:
    try:
        if chosen.facts is not None:
            return _shown(chosen, DoctorRecord(examine(_facts(chosen.facts))))
        with of(chosen.state_dir, chosen.host) as doctor:
            if chosen.bundle is not None:
                return _previewed(doctor.bundle())
            return _shown(chosen, doctor.check())
    except PanelError as error:
        _problem(chosen, error)
        return BLIND


def _problem(chosen: PanelArguments, error: PanelError) -> None:
    """Say why there is no report; programs get a record without one."""
    if chosen.json:
        output.print_json(encode(DoctorRecord(problem=error.notice)))
    print(error, file=sys.stderr)


def _aside(chosen: PanelArguments) -> int:
    """Set a finding aside, or take that back."""
    try:
        with of(chosen.state_dir, chosen.host) as doctor:
            record = doctor.ignore(chosen.ignore) if chosen.ignore else doctor.show_again(str(chosen.show_again))
    except PanelError as error:
        _problem(chosen, error)
        return 1
    if chosen.json:
        output.print_json(encode(record))
        return 0
    return _told(record)


def _acted(chosen: PanelArguments, doctor: Doctor) -> int:
    if chosen.fix:
        plan = doctor.plan(chosen.fix)
        _print(planned(plan))
        if chosen.preview or not agreed(f"Do it {render(place_of(chosen.host))}?", yes=chosen.yes):
            return 0 if chosen.preview else 1
        return _ended(doctor.fix(chosen.fix, plan.id, now=chosen.now))
    mended = _newest(doctor.record()) if chosen.back_to in (None, NEWEST) else str(chosen.back_to)
    _print(planned(doctor.plan_undo(mended)))
    if chosen.preview or not agreed(f"Take it back {render(place_of(chosen.host))}?", yes=chosen.yes):
        return 0 if chosen.preview else 1
    return _ended(doctor.undo(mended, now=chosen.now))


def _ended(mended: Mended) -> int:
    _print(ended(mended))
    return 0 if mended.problem is None and not mended.todo else 1


def _newest(record: DoctorRecord) -> str:
    found = next((one.id for one in record.mended if one.can_undo), None)
    if found is None:
        raise PanelError(notice("doctor.nothing_to_undo"))
    return found


def _shown(chosen: PanelArguments, record: DoctorRecord) -> int:
    """Print a report; return its status, for which what was set aside does not count."""
    assert record.report is not None
    status = status_of(msgspec.structs.replace(record.report, findings=record.open))
    if chosen.json:
        output.print_json(encode(record))
    else:
        _print(tuple(report_text.lines(record)))
    return status


def _told(record: DoctorRecord) -> int:
    ignored = frozenset(one.finding for one in record.ignored)
    report = record.report
    print(printable(render(notice("doctor.not_looked") if report is None else report_text.headline(report, ignored))))
    return 0


def _previewed(files: Sequence[BundleFile]) -> int:
    for one in files:
        _print((f"==> {one.name}: {render(one.about)}",))
        print(*map(printable, one.text.splitlines()), sep="\n")
        print()
    return 0


def _saved(chosen: PanelArguments) -> int:
    """Write a bundle to a file, or into a folder; return the exit status. Raises PanelError if it cannot be written."""
    at = clock.wall()
    path = Path(chosen.bundle or file_name(at))
    if path.is_dir():
        path /= file_name(at)
    try:
        with path.open("xb") as file:
            try:
                with of(chosen.state_dir, chosen.host) as doctor:
                    files = doctor.bundle()
                file.write(archive(files, at))
                file.flush()
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise PanelError(notice("doctor.bundle_there", path=str(path))) from None
    except OSError as error:
        raise PanelError(not_written(str(path), error)) from error
    except PanelError as error:
        print(error, file=sys.stderr)
        return BLIND
    _print((*(f"{one.name}: {render(one.about)}" for one in files), str(path)))
    return 0


def _facts(path: Path) -> Facts:
    """Return the facts in a file, which is JSON or YAML. Raises PanelError if it is none."""
    try:
        content = path.read_bytes()
        if path.suffix.lower() in (".yaml", ".yml"):
            return msgspec.yaml.decode(content, type=Facts)
        return msgspec.json.decode(content, type=Facts)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PanelError(not_read(str(path), error)) from error


def _print(lines: Sequence[str]) -> None:
    print(*map(printable, lines), sep="\n")
