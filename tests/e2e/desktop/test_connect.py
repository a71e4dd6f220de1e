"""The connect page: a test goes through the panel and its answer is on the screen, with where its time went."""

from tests.e2e.desktop.accessibility import button, field, text, text_beginning
from tests.e2e.desktop.user import User
from tests.e2e.desktop.window_process import WindowProcess


async def test_a_test_is_sent_answered_and_among_the_requests(panel: WindowProcess, user: User) -> None:
    await user.click(button("Connect"))
    await user.find(text("A test takes the same way as your programs."))
    await user.click(button("Send a test"))
    await user.find(text_beginning("First token after "))
    await user.find(text("chat-1"))
    await panel.until(lambda status: [one["client"] for one in status["finished"]] == ["Ollama Panel test"])


async def test_the_keyboard_finds_a_program_and_enter_sends_another_question(panel: WindowProcess, user: User) -> None:
    await user.click(field("Find a program"))
    await user.type("curl")
    await user.find(text_beginning("There is nothing to restart"))
    await user.click(field("Question of the test"))
    await user.press("Return")
    await panel.until(lambda status: len(status["finished"]) == 2)
