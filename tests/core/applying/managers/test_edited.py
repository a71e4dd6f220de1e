"""Files of somebody's own: one service restarts, or nobody is told."""

import pytest

from ollama_panel.core.applying.managers.edited import Edited, Untold
from ollama_panel.core.applying.methods import manager_of
from ollama_panel.core.doctor.mending import export_of
from ollama_panel.core.findings import EditFiles


def edit(target: str, unit: str, path: str, port: int = 0) -> EditFiles:
    return EditFiles(((path, "", "A=1\n"),), target, unit, wanted={"OLLAMA_HOST": "127.0.0.1:11500"}, port=port)


def test_a_service_reads_any_file_and_keeps_its_address() -> None:
    export = export_of(edit("systemd", "ollama.service", "/etc/default/ollama"), ("A=1\n",))
    manager = manager_of(export)
    (unit,) = manager.units(export, [("/etc/default/ollama", "A=1\n")])
    assert isinstance(manager, Edited)
    assert (unit.name, unit.wanted, manager.root) == ("ollama.service", {"OLLAMA_HOST": "127.0.0.1:11500"}, True)
    assert unit.address({"OLLAMA_HOST": "127.0.0.1:11500"}) == ("127.0.0.1", 11500)
    assert manager.restart(unit, new=True) == ("systemctl restart ollama.service",), "it was there before"
    assert manager.stop(unit, new=True) == ("systemctl stop ollama.service",)
    assert manager.reload() == ("systemctl daemon-reload",)


def test_a_container_answers_where_it_is_published() -> None:
    export = export_of(edit("compose", "ollama", "/srv/compose.yaml", 12000), ("A=1\n",))
    (unit,) = manager_of(export).units(export, [("/srv/compose.yaml", "A=1\n")])
    assert unit.address({"OLLAMA_HOST": "0.0.0.0"}) == ("127.0.0.1", 12000)


def test_launchd_checks_property_lists_alone() -> None:
    export = export_of(edit("launchd", "com.ollama.server", "/Users/ann/.zshrc"), ("A=1\n",))
    manager = manager_of(export)
    assert manager.check([("/Users/ann/.zshrc", "")]) == ()
    assert len(manager.check([("/Users/ann/a.plist", ""), ("/Users/ann/.zshrc", "")])) == 1


@pytest.mark.parametrize(("target", "unit"), [("", ""), ("shell", "x"), ("systemd", "")])
def test_nobody_is_told_of_a_file_that_no_service_reads(target: str, unit: str) -> None:
    export = export_of(edit(target, unit, "/home/ann/.bashrc"), ("A=1\n",))
    manager = manager_of(export)
    assert isinstance(manager, Untold)
    assert (manager.units(export, []), manager.reload(), manager.root) == ((), (), False)
