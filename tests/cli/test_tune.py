"""`tune` against a stand-in for the panel."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.cli import tuning_text
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import SettingsChanged, TuningAnswer, TuningPlan, Tunings
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning.record import TuningPreview, TuningRecord, TuningState
from ollama_panel.core.tuning.verdict import VerdictKind
from tests.cli.conftest import Outcome
from tests.cli.stand_in import Reply, StandIn, standing_in
from tests.core.tuning.records import DONE, RUNNING

Panel = Callable[..., Outcome]
BEGUN = msgspec.structs.replace(RUNNING, state=TuningState.PREPARING, outcomes=(), current=None, partial=None)
CANCELLED = msgspec.structs.replace(RUNNING, state=TuningState.CANCELLED, current=None, partial=None)
assert DONE.verdict is not None
SAME = msgspec.structs.replace(DONE, verdict=msgspec.structs.replace(DONE.verdict, kind=VerdictKind.SAME))
PLAN = TuningPlan(
    RUNNING.task,
    (notice("tuning_choice.pool", pool="chat"),),
    TuningPreview(trials=9, minutes=8.0, slots_that_fit=16, cautions=(notice("tuning_report.not_measured"),)),
)
GOAL = "the fewest slots with nearly the most tokens per second; requests as long as those of your programs"
CHANGED = SettingsChanged(Settings(), (notice("plan.nothing"),), ())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as server:
        answering(server, DONE)
        yield server


@pytest.fixture
def tune(panel: Panel, tmp_path: Path) -> Callable[..., Outcome]:
    return lambda *words: panel("tune", *words, "--state-dir", tmp_path)


def events(records: Iterable[TuningRecord]) -> Iterator[bytes]:
    for record in records:
        yield b"event: tuning\ndata: " + msgspec.json.encode(record) + b"\n\n"


def answering(server: StandIn, *records: TuningRecord) -> None:
    """Let the panel plan and begin a tuning that goes on as these records."""
    plan, begun = msgspec.to_builtins(PLAN), msgspec.to_builtins(BEGUN)
    server.replies["POST /panel/v1/tuning"] = lambda asked: (
        Reply(200, [json.dumps(plan).encode()])
        if asked.path.endswith("?dry_run=true")
        else Reply(202, [json.dumps(begun).encode()])
    )
    server.on("GET /panel/v1/events", Reply(200, events(records)))
    server.on(f"GET /panel/v1/tunings/{BEGUN.id}", msgspec.to_builtins(DONE))
    server.on(f"POST /panel/v1/tunings/{BEGUN.id}/apply", msgspec.to_builtins(CHANGED))
    server.on("GET /panel/v1/tunings", msgspec.to_builtins(Tunings((DONE,))))


def test_it_says_what_it_will_do_and_how_long_that_takes_before_it_begins(
    server: StandIn, tune: Callable[..., Outcome]
) -> None:
    shown = tune("--dry-run")
    assert (shown.status, shown.out.splitlines()) == (
        0,
        [
            "The pool is chat: it is the only one for this.",
            f"Tuning chat with llama3.1:8b: {GOAL}.",
            "About 9 trials in about 8 min; 16 trials and 12 min at most, without the waits for requests of others.",
            "16 slots of each worker fit into the memory.",
            "not measured",
            "Nothing was done: without --dry-run it is.",
        ],
    )
    assert len(server.asked) == 1


def test_one_slot_fits_and_several_fit() -> None:
    told = tuning_text.plan(TuningPlan(RUNNING.task, (), TuningPreview(slots_that_fit=1)))
    assert "1 slot of each worker fits into the memory." in list(told)


def test_its_options_are_asked_of_the_panel_and_no_others(server: StandIn, tune: Callable[..., Outcome]) -> None:
    options = "--pool chat --model llama3.1:8b --goal latency --workload rag --first-token 2 --token-time 100"
    tune(*options.split(), "--less-quality", "--trials", "8", "--minutes", "5", "--dry-run")
    tune("--dry-run")
    assert server.bodies("POST /panel/v1/tuning") == [
        {
            "pool": "chat",
            "model": "llama3.1:8b",
            "goal": "latency",
            "workload": "rag",
            "first_token_s": 2.0,
            "token_s": 0.1,
            "less_quality": True,
            "most_trials": 8,
            "most_minutes": 5.0,
        },
        {},
    ]


def test_in_a_file_each_event_is_a_line_and_the_verdict_a_table(server: StandIn, tune: Callable[..., Outcome]) -> None:
    other = msgspec.structs.replace(RUNNING, id="another")
    answering(server, other, BEGUN, RUNNING, msgspec.structs.replace(RUNNING, wave=3), DONE)
    shown = tune()
    assert (shown.status, shown.out.split("\n\n")[1:]) == (
        0,
        [
            "1. 1 slot: 118 tokens/s ± 1.7 %, 8.5 ms per token (p95 9.8 ms), first token p95 900 ms\n"
            "2. 2 slots: 205 tokens/s ± 1.5 %, 9.8 ms per token (p95 11 ms), first token p95 900 ms\n"
            "3. 4 slots: 331 tokens/s ± 1.8 %, 12 ms per token (p95 14 ms), first token p95 900 ms\n"
            "4. 8 slots: 421 tokens/s ± 1.4 %, 19 ms per token (p95 22 ms), first token p95 900 ms\n"
            "Trial 5 of about 8, about 4 min left: 16 slots. 8 slots\n"
            "5. 16 slots: 430 tokens/s ± 2.1 %, 37 ms per token (p95 43 ms), first token p95 900 ms",
            "8 slots\nbatch size 1,024",
            "SETTINGS  TOKENS/S           PER TOKEN p50  p95     FIRST TOKEN p95  MEMORY\n"
            "1 slot    118       ± 1.7 %  8.5 ms         9.8 ms  900 ms           —\n"
            "2 slots   205       ± 1.5 %  9.8 ms         11 ms   900 ms           —        now\n"
            "4 slots   331       ± 1.8 %  12 ms          14 ms   900 ms           —\n"
            "8 slots   421       ± 1.4 %  19 ms          22 ms   900 ms           —        best\n"
            "16 slots  430       ± 2.1 %  37 ms          43 ms   900 ms           8.0 GiB",
            f"Nothing was changed: `ollama-panel tune apply {DONE.id}` applies it.\n",
        ],
    )


def test_what_is_better_is_applied_if_asked_for(server: StandIn, tune: Callable[..., Outcome]) -> None:
    shown = tune("--apply")
    assert (shown.status, shown.out.splitlines()[-2:]) == (0, ["The running panel follows:", "  Nothing changes."])
    assert [one.method for one in server.asked if one.path.endswith("/apply")] == ["POST"]


def test_what_is_not_better_is_not_applied(server: StandIn, tune: Callable[..., Outcome]) -> None:
    answering(server, SAME)
    assert tune("--apply").status == 0
    assert not [one for one in server.asked if one.path.endswith("/apply")]


@pytest.mark.parametrize("state", [TuningState.FAILED, TuningState.CANCELLED])
def test_without_a_verdict_it_says_why_and_is_not_done(
    server: StandIn, tune: Callable[..., Outcome], state: TuningState
) -> None:
    answering(server, msgspec.structs.replace(CANCELLED, state=state, reason=notice("tuning_report.not_measured")))
    shown = tune("--apply")
    assert (shown.status, "\nnot measured\n" in shown.out) == (1, True)
    assert not [one for one in server.asked if one.path.endswith("/apply")]


def test_everything_is_written_to_a_file(server: StandIn, tune: Callable[..., Outcome], tmp_path: Path) -> None:
    assert tune("--json", tmp_path / "all.json").status == 0
    assert msgspec.json.decode((tmp_path / "all.json").read_bytes(), type=TuningRecord) == DONE


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    server: StandIn, tune: Callable[..., Outcome], tmp_path: Path
) -> None:
    shown = tune("--json", tmp_path / "no" / "all.json")
    assert (shown.status, shown.err) == (
        1,
        f"{tmp_path / 'no' / 'all.json'} cannot be written (No such file or directory).\n",
    )
    assert len(server.asked) == 1


def test_ctrl_c_cancels_the_tuning_and_says_that_all_is_as_before(
    server: StandIn, tune: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> Iterator[TuningRecord]:
        yield RUNNING
        raise KeyboardInterrupt

    monkeypatch.setattr("ollama_panel.cli.tune._records", interrupted)
    server.on("POST /panel/v1/tuning/cancel", msgspec.to_builtins(TuningAnswer(CANCELLED)))
    shown = tune("--apply")
    assert (shown.status, shown.err) == (130, "Cancels the tuning.\nCancelled: chat has its former settings.\n")
    assert [one.path for one in server.asked][-1] == "/panel/v1/tuning/cancel"


def test_what_is_not_possible_is_one_sentence(server: StandIn, tune: Callable[..., Outcome]) -> None:
    refused = msgspec.structs.replace(PLAN, preview=TuningPreview(problem=notice("tuning_choice.no_pool")))
    server.on("POST /panel/v1/tuning", msgspec.to_builtins(refused))
    shown = tune()
    assert (shown.status, shown.out, shown.err) == (1, "", "No pool with workers fits: name one.\n")


def test_without_a_panel_it_is_one_sentence_and_nothing_is_started(tune: Callable[..., Outcome]) -> None:
    shown = tune()
    assert (shown.status, shown.err.count("\n"), shown.err[:18]) == (1, 1, "No panel runs on /")


def test_the_end_of_the_panel_ends_it_and_says_how_it_goes_on(server: StandIn, tune: Callable[..., Outcome]) -> None:
    answering(server, RUNNING)
    shown = tune()
    assert shown.status == 1
    assert shown.err == "The panel has ended. When it runs again, the same command goes on with the tuning.\n"


def test_detached_it_returns_at_once(server: StandIn, tune: Callable[..., Outcome]) -> None:
    shown = tune("--detach")
    assert shown.out.splitlines()[-1] == f"Begun: {BEGUN.id}. `ollama-panel tune show -f` follows it."
    assert len(server.asked) == 2
    assert tune("--detach", "--apply").status == 2


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("pause", "Paused: chat has its former settings meanwhile."),
        ("resume", "Goes on: `ollama-panel tune show -f` follows it."),
        ("cancel", "Cancelled: chat has its former settings."),
    ],
)
def test_a_tuning_is_commanded(server: StandIn, tune: Callable[..., Outcome], command: str, told: str) -> None:
    server.on(f"POST /panel/v1/tuning/{command}", msgspec.to_builtins(TuningAnswer(RUNNING)))
    assert tune(command) == (0, f"{told}\n", "")


def test_tunings_are_listed(server: StandIn, tune: Callable[..., Outcome]) -> None:
    head, row = tune("list").out.splitlines()
    assert head.split() == ["ID", "MADE", "POOL", "MODEL", "GOAL", "STATE", "BEST", "RATE"]
    assert row.split()[0] == DONE.id
    assert row.split()[-3:] == ["slots", "421", "tokens/s"]
    server.on("GET /panel/v1/tunings", {"tunings": []})
    assert tune("list").out == "No tuning has ended yet.\n"


def test_the_newest_tuning_is_shown(server: StandIn, tune: Callable[..., Outcome]) -> None:
    server.on("GET /panel/v1/tuning", {"tuning": None})
    lines = tune("show").out.splitlines()
    assert lines[0] == f"{DONE.id}: chat with llama3.1:8b, {GOAL}."
    assert lines[1].startswith("Done, 5 trials in 4.2 min, 20")
    assert lines[2] == "Measured on: RTX 4090, 570.86, Ollama 0.32.15."
    assert tune("show", DONE.id).out.splitlines() == lines


def test_one_under_way_is_followed(server: StandIn, tune: Callable[..., Outcome]) -> None:
    answering(server, RUNNING, DONE)
    server.on("GET /panel/v1/tuning", msgspec.to_builtins(TuningAnswer(RUNNING)))
    lines = tune("show", "--follow").out.splitlines()
    assert (lines[0][:9], "Done, 5 trials in 4.2 min" in "\n".join(lines)) == ("1. 1 slot", True)


def test_without_a_tuning_there_is_nothing_to_show_or_apply(server: StandIn, tune: Callable[..., Outcome]) -> None:
    server.on("GET /panel/v1/tuning", {"tuning": None})
    server.on("GET /panel/v1/tunings", {"tunings": []})
    assert [(tune(command).status) for command in ("show", "apply")] == [1, 1]


def test_the_newest_is_applied_unless_another_is_named(server: StandIn, tune: Callable[..., Outcome]) -> None:
    assert [tune("apply").status, tune("apply", DONE.id).status, tune("apply", "no-such").status] == [0, 0, 1]
