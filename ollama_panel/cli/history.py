"""`ollama-panel history`: what happened in the last hours or days, from the file of the state folder.

No panel is asked: it can be read while one runs, and after it has ended.
"""

import argparse
import csv
import datetime
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import msgspec

from ollama_panel.cli import output, parsers
from ollama_panel.cli.parsers import Commands, PanelArguments, UsageError
from ollama_panel.core.columns import aligned
from ollama_panel.core.history.hours import Hour, by_hour
from ollama_panel.core.history.questions import EventsQuestion, RequestsQuestion, at
from ollama_panel.core.history.records import MOST_ROWS, FinishedRequest, HistoryEvent
from ollama_panel.core.notices.render import ENGLISH, render, with_text
from ollama_panel.core.text import printable
from ollama_panel.engine import clock
from ollama_panel.engine.history.reader import HistoryReader, reading
from ollama_panel.engine.paths import Paths

T = TypeVar("T")

_UNITS = {"m": 60, "h": 3600, "d": 86_400}
_SHOWN = 100
_EVENTS = 30
"""How many events the summary has; all are shown by --events."""
_EXAMPLES = """\
ollama-panel history
ollama-panel history --since 7d
ollama-panel history --requests --since 2h --limit 20
ollama-panel history --events --json"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = parsers.add(commands, "history", "show what happened in the last hours or days", show, _EXAMPLES)
    parser.add_argument("--since", type=_ago, default=86_400, metavar="TIME", help="so long ago: 90m, 24h or 7d (24h)")
    parser.add_argument("--requests", action="store_true", help="the requests that ended, the last first")
    parser.add_argument("--events", action="store_true", help="what happened to instances, settings and alerts")
    parser.add_argument(
        "--limit", type=parsers.whole, default=_SHOWN, metavar="N", help=f"N requests or events at most ({_SHOWN})"
    )
    parsers.add_json(parser)
    parser.add_argument("--csv", action="store_true", help="a table for spreadsheets")


def _ago(text: str) -> float:
    found = re.fullmatch(r"([0-9]{1,6})([mhd])", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"it must be minutes, hours or days, as 90m, 24h or 7d, not {text!r}")
    return int(found[1]) * _UNITS[found[2]]


def show(chosen: PanelArguments) -> int:
    """Print the hours, the requests or the events."""
    if chosen.requests and chosen.events:
        raise UsageError("give --requests or --events, not both")
    if chosen.json and chosen.csv:
        raise UsageError("give --json or --csv, not both")
    path, now, since = Paths.of(chosen.state_dir).history, clock.wall(), -chosen.since
    with reading(path) as reader:
        if chosen.requests:

            def ask_requests(before: int, limit: int) -> tuple[Sequence[FinishedRequest], int | None]:
                page = reader.requests(at(RequestsQuestion(since, before=before, limit=limit), now))
                return page.requests, page.before

            requests, more = _paged(ask_requests, chosen.limit)
            _print(chosen, _REQUEST_HEAD, map(_request, requests), {"requests": requests, "before": more})
            _tell_more(chosen, more)
        elif chosen.events:

            def ask_events(before: int, limit: int) -> tuple[Sequence[HistoryEvent], int | None]:
                page = reader.events(at(EventsQuestion(since, before=before, limit=limit), now))
                return page.events, page.before

            events, more = _paged(ask_events, chosen.limit)
            told = {"events": [_with_text(one) for one in events], "before": more}
            _print(chosen, _EVENT_HEAD, map(_event, events), told)
            _tell_more(chosen, more)
        else:
            hours = by_hour(reader.ended(now + since, now), _hour_of)
            _print(chosen, _HOUR_HEAD, map(_hour, hours), {"since": now + since, "until": now, "hours": hours})
            if not chosen.json and not chosen.csv:
                print("\n".join(_summary(hours, reader, since, now)))
    return 0


def _paged(ask: Callable[[int, int], tuple[Sequence[T], int | None]], limit: int) -> tuple[list[T], int | None]:
    """Return as many rows as `limit`, and the number to ask for more with; `ask` answers for some before a number."""
    found, before = list[T](), 0
    while True:
        page, more = ask(before, min(limit - len(found), MOST_ROWS))
        found += page
        if more is None or len(found) >= limit:
            return found, more
        before = more


def _summary(hours: Sequence[Hour], reader: HistoryReader, since: float, now: float) -> Iterable[str]:
    """Yield what people ask for first: how much, what was refused, when most was done, and what happened."""
    if hours:
        busiest = max(hours, key=lambda hour: hour.requests)
        failed, tokens = sum(hour.failed for hour in hours), sum(hour.output_tokens for hour in hours)
        refused = dict[str, int]()
        for hour in hours:
            for code, count in hour.refused.items():
                refused[code] = refused.get(code, 0) + count
        total = output.counted(sum(hour.requests for hour in hours), "request")
        yield ""
        yield f"{total}, {ENGLISH.count(failed)} failed, {output.counted(tokens, 'token')} of answers"
        if refused:
            reasons = ", ".join(f"{code} {ENGLISH.count(count)}" for code, count in refused.items())
            yield f"Refused: {reasons}"
        most = output.counted(busiest.requests, "request")
        yield f"Busiest: {_time(busiest.at)}, {most}, most of them for {printable(busiest.most)}"
    else:
        yield "The history has no request that ended in this time."
    events = reader.events(at(EventsQuestion(since, limit=_EVENTS), now))
    if events.events:
        yield ""
        yield from aligned([_EVENT_HEAD, *(tuple(map(_shown, _event(one))) for one in reversed(events.events))])
        if events.before is not None:
            yield f"These are the last {_EVENTS}: --events shows more."


class _Seconds(float):
    """A duration."""


_Cell: TypeAlias = str | int | _Seconds | None
"""A value of a table, None = unknown."""

_HOUR_HEAD = (
    *("HOUR", "REQUESTS", "FAILED", "REFUSED", "CANCELLED", "PROMPT TOKENS", "TOKENS", "FIRST TOKEN P95"),
    "MOST FOR",
)
_REQUEST_HEAD = (
    *("ENDED", "ID", "STATE", "CLASS", "CLIENT", "MODEL", "POOL", "INSTANCE", "WAITED", "FIRST TOKEN", "TOTAL"),
    *("PER TOKEN", "PROMPT TOKENS", "TOKENS", "WHY"),
)
_EVENT_HEAD = ("TIME", "ABOUT", "INSTANCE", "WHAT")


def _hour(hour: Hour) -> tuple[_Cell, ...]:
    counts = (hour.requests, hour.failed, sum(hour.refused.values()), hour.cancelled)
    tokens = (hour.prompt_tokens, hour.output_tokens)
    return (_time(hour.at), *counts, *tokens, _seconds(hour.first_token_p95_s), hour.most)


def _request(one: FinishedRequest) -> tuple[_Cell, ...]:
    return (
        *(_time(one.at, seconds=True), one.id, one.state.value, one.request_class.value),
        *(one.client, one.model, one.pool, one.instance),
        *map(_seconds, (one.queue_s, one.first_token_s, one.total_s, one.token_s)),
        *(one.prompt_tokens, one.output_tokens, one.code),
    )


def _event(one: HistoryEvent) -> tuple[_Cell, ...]:
    return _time(one.at, seconds=True), one.kind.value, one.source, render(one.told)


def _print(chosen: PanelArguments, head: Sequence[str], rows: Iterable[tuple[_Cell, ...]], content: Any) -> None:
    """Print rows for people or spreadsheets, or what they are made of for programs."""
    if chosen.json:
        output.print_json(msgspec.json.encode(content))
    elif chosen.csv:
        output.be_for_programs()
        csv.writer(sys.stdout, lineterminator="\n").writerows([head, *(map(_plain, row) for row in rows)])
    elif found := [tuple(map(_shown, row)) for row in rows]:
        print("\n".join(aligned([head, *found])))


def _shown(cell: _Cell) -> str:
    """Return a cell for people."""
    if isinstance(cell, _Seconds):
        return f"{cell:.3f} s" if cell < 1 else f"{cell:.1f} s"
    return output.UNKNOWN if cell in {None, ""} else printable(str(cell))


def _plain(cell: _Cell) -> str:
    """Return a cell for spreadsheets: numbers without a unit, durations in seconds, nothing where it is unknown.

    Clients choose names and ids, and a spreadsheet would run a text that begins as a formula: an apostrophe before it
    keeps it a text (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    if not isinstance(cell, str):
        return "" if cell is None else f"{cell:.6f}" if isinstance(cell, _Seconds) else str(cell)
    text = printable(cell)
    return f"'{text}" if text.startswith(_FORMULAS) else text


_FORMULAS = ("=", "+", "-", "@")


def _tell_more(chosen: PanelArguments, before: int | None) -> None:
    if before is not None and not chosen.json:
        where = sys.stderr if chosen.csv else sys.stdout
        print(f"There are more than these {chosen.limit}: --limit shows more.", file=where)


def _with_text(one: HistoryEvent) -> dict[str, object]:
    return msgspec.structs.asdict(one) | {"told": with_text(one.told)}


def _hour_of(moment: float) -> float:
    """Return when the hour of a time began, where this machine is: some places differ by half an hour from others."""
    return _hour_of_minute(int(moment // 60))


@lru_cache(maxsize=16)  # requests of one minute come one after the other
def _hour_of_minute(minute: int) -> float:
    local = datetime.datetime.fromtimestamp(minute * 60).astimezone()
    return local.replace(minute=0, second=0, microsecond=0).timestamp()


def _time(moment: float, *, seconds: bool = False) -> str:
    local = datetime.datetime.fromtimestamp(moment).astimezone()
    return local.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def _seconds(value: float | None) -> _Seconds | None:
    return None if value is None else _Seconds(value)
