"""Alerts: they tell what is not as it should be, move nothing on the page, and stay closed."""

from tests.e2e.desktop.accessibility import Box, button, slider, text, text_beginning, window
from tests.e2e.desktop.chats import queued
from tests.e2e.desktop.user import User
from tests.e2e.desktop.window_process import WindowProcess

DEMONSTRATION, PAUSED = text_beginning("Demonstration: "), text_beginning("The queue is paused: requests wait")
LANDMARKS = (
    window("Ollama Panel"),
    text("Active requests"),
    slider("Parallel of pool chat"),
    button("Apply for pool embedding"),
)


async def places(user: User) -> list[Box]:
    return [(await user.find(landmark)).box for landmark in LANDMARKS]


async def pause(panel: WindowProcess, user: User) -> None:
    await user.press("ctrl+3")
    await user.click(button("Pause"))
    await panel.until(lambda status: status["paused"])
    await user.press("ctrl+1")
    await user.find(PAUSED)


async def test_a_paused_queue_is_loud_and_its_alert_moves_nothing(panel: WindowProcess, user: User) -> None:
    await user.find(DEMONSTRATION)
    before = await places(user)
    await pause(panel, user)
    assert await places(user) == before
    await user.click(button("Resume"))
    await user.sees_no_more(PAUSED)
    assert not (await panel.status())["paused"]
    assert await places(user) == before


async def test_a_closed_alert_stays_closed_as_long_as_it_lasts(panel: WindowProcess, user: User) -> None:
    await user.find(DEMONSTRATION)
    await user.click(button("Dismiss"))
    await user.sees_no_more(DEMONSTRATION)
    await pause(panel, user)
    await user.click(button("Dismiss"))
    await user.sees_no_more(PAUSED)
    async with queued(panel, ["anna"]):
        await user.find(text_beginning("The queue is paused: 1 request waits"))
        assert not await user.sees(PAUSED)
        assert not await user.sees(DEMONSTRATION)
