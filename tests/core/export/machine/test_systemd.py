"""The drop-in: systemd accepts it, and it changes nothing that is not its own."""

from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export, Site
from ollama_panel.core.notices.render import render
from ollama_panel.core.stores import Service
from tests.core.export.samples import TRICKY, exported, instances, pools
from tests.core.export.unit_reader import needs_analyze, variables, verified


def commands(export: Export) -> list[str]:
    return [line for step in export.steps for line in step.command.splitlines()]


@needs_analyze
def test_systemd_accepts_the_drop_in(tmp_path: Path) -> None:
    unit = tmp_path / "ollama.service"
    unit.write_text("[Service]\nExecStart=/bin/true serve\n", encoding="utf-8")
    (file,) = exported("systemd", pools(TRICKY)).files
    folder = tmp_path / "ollama.service.d"
    folder.mkdir()
    (folder / file.name).write_text(file.text, encoding="utf-8")
    assert verified([unit]) == (0, "")


def test_it_holds_the_variables_of_the_first_worker_but_the_address_of_the_service() -> None:
    (first, *_) = instances(pools(TRICKY))
    held = variables(exported("systemd", pools(TRICKY)).text)
    assert held == {name: value for name, value in first.environment.items() if name != "OLLAMA_HOST"}


def test_it_says_where_it_goes_and_what_to_type() -> None:
    export = exported("systemd", pools())
    (file,) = export.files
    assert file.place == "/etc/systemd/system/ollama.service.d/zz-ollama-panel.conf"
    assert commands(export) == [
        "sudo install -D -m 644 -t /etc/systemd/system/ollama.service.d zz-ollama-panel.conf",
        "sudo systemctl daemon-reload",
        "sudo systemctl restart ollama.service",
        "sudo journalctl --unit ollama.service --grep 'server config' --lines 1 --no-pager",
    ]
    assert [render(note) for note in export.notes] == ["The other workers need units of their own: see systemd-units."]


def test_for_a_service_of_the_user_it_goes_to_the_users_own_folder() -> None:
    export = exported("systemd", pools(), site=Site(Service("me", unit="llm@1.service", user_unit=True), of_user=True))
    (file,) = export.files
    assert file.place == "~/.config/systemd/user/llm@1.service.d/zz-ollama-panel.conf"
    assert commands(export)[1:3] == ["systemctl --user daemon-reload", "systemctl --user restart llm@1.service"]
    assert "sudo" not in " ".join(commands(export))


def test_a_folder_that_no_worker_gets_leaves_the_store_of_the_service() -> None:
    (chat, *others) = pools().pools
    wrong = msgspec.structs.replace(chat, environment={"OLLAMA_MODELS": "~bob/models"})
    named = msgspec.structs.replace(pools(), pools=(wrong, *others))
    assert "OLLAMA_MODELS" not in exported("systemd", named).text


def test_what_the_user_has_written_about_the_service_stays() -> None:
    """`systemctl edit` writes `override.conf`, where the folder of the models may be named."""
    for target in ("systemd", "systemd-units"):
        export = exported(target, pools())
        assert "override.conf" not in export.text + " ".join(file.place for file in export.files)


@pytest.mark.parametrize("value", ["back\rto start", "nul\0", "bell\a", "\x7f"])
def test_a_control_character_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="MOTD in the environment of pool chat has a line break or control character"):
        exported("systemd", pools({"MOTD": value}))
