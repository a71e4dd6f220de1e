import msgspec
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.records import FailureKind
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.event_log import head, line, read
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.replay import Replay
from tests.core.scheduling.script import Script, job


def recorded() -> list[bytes]:
    policy = Policy(queue_limit=5)
    script, lines = Script(policy), [head(policy)]

    def tell(event: say.Event) -> None:
        lines.append(line(script.now, event, script.tell(event)))

    tell(say.InstanceUp("chat-1", "chat", job("x").role, "http://x", 1))
    for number in range(8):
        tell(say.Arrived(job(f"r{number}", turns=(1, 2), heartbeat=True)))
    tell(say.FirstByte("r0"))
    return lines


def test_a_log_replays_to_the_same_decisions():
    steps = list(Replay().take(read(recorded())))
    assert len(steps) == 10
    assert all(tuple(actions) == step.actions for step, actions in steps)
    assert any(isinstance(action, say.Reply) for _, actions in steps for action in actions)


def test_a_log_has_the_reasons_as_notices_and_replays_them():
    policy = Policy(max_attempts=2)
    script, lines = Script(policy), [head(policy)]

    def tell(event: say.Event) -> None:
        lines.append(line(script.now, event, script.tell(event)))

    died = notice("attempt.error", error="signal: killed")
    tell(say.InstanceUp("chat-1", "chat", job("x").role, "http://x", 1))
    tell(say.Arrived(job("chat")))
    for _ in range(2):
        script.sent.pop("chat", None)
        tell(say.Failed("chat", FailureKind.RUNNER, sent=False, notice=died))
        script.now, script.timer = script.now + 20_000_000, None
        tell(say.TimerFired())
    steps = list(read(lines))
    assert [step.event.notice for step in steps if isinstance(step.event, say.Failed)] == [died, died]
    replies = [action for step in steps for action in step.actions if isinstance(action, say.Reply)]
    assert [reply.refusal.notice for reply in replies] == [notice("request.failed_again", tries=2, cause=died)]
    assert all(tuple(actions) == step.actions for step, actions in Replay().take(steps))


def test_a_line_that_is_not_a_step_is_an_error():
    with pytest.raises(msgspec.DecodeError):
        list(read([b"{broken"]))
