"""The queue page: what is chosen stays chosen, whatever happens to the requests around it."""

from tests.e2e.desktop.accessibility import SELECTED, Widget, button, cell, table
from tests.e2e.desktop.chats import queued, states_of
from tests.e2e.desktop.user import User
from tests.e2e.desktop.window_process import WindowProcess
from tests.fakes.waiting import deadline

AT_WORK, WAITING = table("Requests at work"), table("Waiting requests")


async def selected(user: User, part: Widget) -> set[str]:
    """Return the texts of the selected rows."""
    return {seen.name for seen in await user.all(cell("", within=part)) if SELECTED in seen.states}


async def test_cancel_acts_on_the_request_that_was_chosen_wherever_it_is_now(panel: WindowProcess, user: User) -> None:
    await user.click(button("Queue & requests"))
    async with queued(panel, ("anna", "bert", "cleo", "dora", "emil")) as answers:
        await panel.until(lambda status: [*states_of(status).values()].count("waiting") == 3)

        await user.click(cell("dora", within=WAITING))
        assert "dora" in await selected(user, WAITING)
        answers["anna"].cancel()
        await user.find(cell("cleo", within=AT_WORK))
        assert "dora" in await selected(user, WAITING)
        await user.press("Delete")
        async with deadline("dora's request to be cancelled"):
            assert "request.cancelled" in await answers["dora"]
        assert states_of(await panel.status()).keys() == {"bert", "cleo", "emil"}

        await user.click(cell("emil", within=WAITING))
        answers["bert"].cancel()
        await user.find(cell("emil", within=AT_WORK))
        assert await selected(user, AT_WORK) == set()
        await user.click(button("Cancel request"))
        async with deadline("emil's request to be cancelled"):
            assert "request.cancelled" in await answers["emil"]
        assert states_of(await panel.status()).keys() == {"cleo"}
