"""What the supervisor says of an end: as long as the instance does not run again, and not of an end that was wanted."""

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from tests.engine.instances.test_supervisor import spec_of, supervising

DIED = 'The server ended with exit code 7. It said: "Error: something is wrong with the stub".'
DIES = ("--die", "7")


async def test_a_worker_that_was_given_up_says_why_while_it_is_started_by_hand() -> None:
    async with supervising(spec_of(*DIES)) as harness:
        harness.supervisor.ensure_running()
        await harness.phase(Phase.FAILED)
        harness.supervisor.ensure_running()
        starting = await harness.phase(Phase.STARTING)
        assert render(starting.detail) == f"{DIED} It is being started again (try 1 of 3)."
        again = await harness.phase(Phase.BACKOFF)
        assert render(again.detail) == f"{DIED} It is started again (try 2 of 3)."


async def test_a_worker_that_was_stopped_has_nothing_to_say_when_it_is_started() -> None:
    async with supervising(spec_of(*DIES)) as harness:
        harness.supervisor.ensure_running()
        await harness.phase(Phase.FAILED)
        harness.supervisor.ensure_stopped()
        await harness.phase(Phase.STOPPED)
        harness.supervisor.ensure_running()
        assert (await harness.phase(Phase.STARTING)).detail is None


async def test_the_end_of_a_restart_is_no_failure() -> None:
    async with supervising(spec_of()) as harness:
        await harness.started()
        harness.supervisor.restart()
        await harness.phase(Phase.STOPPING)
        assert (await harness.phase(Phase.STARTING)).detail is None
        assert (await harness.phase(Phase.READY)).detail is None


async def test_a_worker_that_runs_again_has_forgotten_its_failure() -> None:
    async with supervising(spec_of(*DIES)) as harness:
        harness.supervisor.ensure_running()
        await harness.phase(Phase.FAILED)
        harness.supervisor.restart(spec_of())
        assert (await harness.phase(Phase.READY)).detail is None
        harness.supervisor.restart()
        await harness.phase(Phase.STOPPING)
        assert (await harness.phase(Phase.STARTING)).detail is None
