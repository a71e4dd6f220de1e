import pytest

from ollama_panel.core.scheduling.event_log import head, line
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.contenders import Panel
from ollama_panel.lab.experiments import CHAT, same
from ollama_panel.lab.replay import bench_replay
from ollama_panel.lab.simulation import Simulation
from ollama_panel.lab.workload import Burst
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.service_time import PROFILES


def log(path):
    contender = Panel()
    contender.keep_log = True
    Simulation(PROFILES["rtx-4090"], KNOWN, contender, same(1, 4, 4096)).run([Burst(40, CHAT)])
    steps = zip(contender.log, contender.actions, strict=True)
    path.write_bytes(head(Policy()) + b"".join(line(at, event, actions) for (at, event), actions in steps))


def test_a_recorded_run_replays_identically(tmp_path):
    log(tmp_path / "events.jsonl")
    said = []
    assert bench_replay(said.append, tmp_path / "events.jsonl") == 0
    assert "      40 arrived" in said
    assert any(text.startswith("waited for a slot: p50 ") for text in said)
    assert said[-1].endswith(" 0 decided differently.")


def test_a_log_of_another_policy_is_noticed(tmp_path):
    path = tmp_path / "events.jsonl"
    log(path)
    path.write_bytes(head(Policy(queue_limit=3)) + path.read_bytes().split(b"\n", 1)[1])
    assert bench_replay(lambda text: None, path) == 1


@pytest.mark.parametrize("lost", [1, 30])
def test_the_log_of_a_panel_that_was_killed_replays_up_to_its_last_whole_line(tmp_path, lost):
    path, said = tmp_path / "events.jsonl", []
    log(path)
    steps = path.read_bytes().count(b"\n")
    path.write_bytes(path.read_bytes()[:-lost])
    assert bench_replay(said.append, path) == 0
    assert "The last line is incomplete; it was left out." in said
    assert said[-1] == f"{steps - 1} steps replayed, 0 decided differently."


def test_a_broken_line_before_the_last_is_no_log(tmp_path):
    path = tmp_path / "events.jsonl"
    log(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join((*lines[:5], lines[5][:9], b"\n", *lines[6:])))
    assert bench_replay(lambda text: None, path) == 2


def test_a_file_that_is_no_log_is_a_sentence(tmp_path):
    said = []
    (tmp_path / "x").write_text("{nonsense")
    assert bench_replay(said.append, tmp_path / "x") == 2
    (tmp_path / "x").write_text('{"some": "other log"}\n{"at": 3}\n')
    assert bench_replay(said.append, tmp_path / "x") == 2
    (tmp_path / "x").write_text("")
    assert bench_replay(said.append, tmp_path / "x") == 2
    assert all("is not a log of events" in text for text in said)


def test_a_file_that_cannot_be_read_is_said_with_the_reason_of_the_system(tmp_path):
    said = []
    assert bench_replay(said.append, tmp_path / "missing") == 2
    assert said == [f"{tmp_path / 'missing'} cannot be read (No such file or directory)."]
