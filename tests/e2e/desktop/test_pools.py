"""The pools on the overview page: their controls, and the questions before what cannot be taken back."""

from tests.e2e.desktop.accessibility import QUESTION, button, cell, field, slider, spin_box, text, text_beginning
from tests.e2e.desktop.user import User
from tests.e2e.desktop.window_process import WindowProcess

PARALLEL, PARALLEL_NUMBER = slider("Parallel of pool chat"), spin_box("Parallel of pool chat")
CONTEXT, CONTEXT_NUMBER = slider("Context length of pool chat"), spin_box("Context length of pool chat")


async def pools(panel: WindowProcess) -> list[str]:
    return [pool["name"] for pool in (await panel.status())["pools"]]


async def ask_to_remove(user: User, pool: str) -> None:
    await user.click(button(f"More settings of {pool}"))
    await user.click(button("Remove pool"))
    await user.find(text(f"Remove the pool {pool}?", within=QUESTION))


async def page_after_the_next(user: User) -> None:
    """Go to another page and back: what the user did before has then had its effect."""
    await user.press("ctrl+2")
    await user.find(text("Instances"))
    await user.press("ctrl+1")
    await user.find(text("Overview"))


async def test_the_controls_of_each_pool_have_names_of_their_own(user: User) -> None:
    for pool in ("chat", "embedding"):
        for setting in ("Parallel", "Workers", "Context length"):
            await user.find(slider(f"{setting} of pool {pool}"))
            await user.find(spin_box(f"{setting} of pool {pool}"))
        await user.find(button(f"Apply for pool {pool}"))
        await user.find(button(f"Revert for pool {pool}"))


async def test_the_wheel_changes_a_setting_only_with_the_focus(user: User) -> None:
    for control in (PARALLEL, PARALLEL_NUMBER):
        await user.wheel(control, up=3)
        await page_after_the_next(user)
        await user.reads(PARALLEL_NUMBER, 2)
    await user.click(PARALLEL_NUMBER)
    await user.wheel(PARALLEL_NUMBER, up=3)
    await user.reads(PARALLEL_NUMBER, 5)
    await user.click(button("Revert for pool chat"))
    await user.reads(PARALLEL_NUMBER, 2)


async def test_a_variable_is_found_in_the_list_and_applied(panel: WindowProcess, user: User) -> None:
    await user.click(button("More settings of chat"))
    await user.click(button("Variables…"))
    await user.focused(field("Search variables"))
    await user.type("load_timeout")
    await user.find(cell("OLLAMA_LOAD_TIMEOUT"))
    await user.press("Return")
    await user.find(text_beginning("OLLAMA_LOAD_TIMEOUT: How long the loading of a model may make no progress"))
    await user.type("0")  # over its default, which is selected
    await user.click(button("OK"))
    await user.click(button("Apply for pool chat"))
    await panel.until(lambda status: status["settings"]["pools"][0]["environment"] == {"OLLAMA_LOAD_TIMEOUT": "0"})


async def test_what_does_not_fit_into_memory_is_applied_only_after_a_question(panel: WindowProcess, user: User) -> None:
    for control, number, most in ((CONTEXT, CONTEXT_NUMBER, 131072), (PARALLEL, PARALLEL_NUMBER, 64)):
        await user.click(control)
        await user.press("End")
        await user.reads(number, most)
    await user.click(button("Apply for pool chat"))
    await user.find(text("Apply settings that do not fit into memory?", within=QUESTION))
    await user.active(QUESTION)
    await user.press("Return")
    await user.sees_no_more(QUESTION)
    await user.reads(PARALLEL_NUMBER, 64)
    assert {one["parallel"] for one in await panel.instances("chat")} == {2}
    await user.click(button("Revert for pool chat"))
    await user.reads(PARALLEL_NUMBER, 2)


async def test_enter_and_escape_do_not_remove_a_pool(panel: WindowProcess, user: User) -> None:
    for key in ("Return", "Escape"):
        await ask_to_remove(user, "embedding")
        await user.active(QUESTION)
        await user.press(key)
        await user.sees_no_more(QUESTION)
        await user.find(text("embedding pool"))
        assert await pools(panel) == ["chat", "embedding"]


async def test_a_pool_is_removed_without_an_error(panel: WindowProcess, user: User) -> None:
    await ask_to_remove(user, "embedding")
    await user.click(button("Remove pool", within=QUESTION))
    await user.sees_no_more(text("embedding pool"))
    await panel.until(lambda status: [pool["name"] for pool in status["pools"]] == ["chat"])
    assert [said for said in await user.names(text("")) if "deleted" in said] == []
