import pytest

from ollama_panel.core.applying.managers.compose import Compose
from ollama_panel.core.applying.managers.systemd import Systemd
from ollama_panel.core.applying.methods import can_apply, manager_of, why_not
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Site
from ollama_panel.core.notices.render import render
from tests.core.applying.samples import export_of


@pytest.mark.parametrize("target", [one.id for one in targets()])
def test_every_target_can_be_put_into_force_or_says_why_not(target: str) -> None:
    if can_apply(target):
        assert manager_of(export_of(target)) is not None
    else:
        with pytest.raises(PanelError):
            manager_of(export_of(target))
        assert why_not(target).code != "apply.not_this", "say which command does it"


def test_who_puts_a_target_into_force() -> None:
    assert manager_of(export_of("systemd")) == Systemd()
    assert manager_of(export_of("systemd-units", site=Site(of_user=True))) == Systemd(of_user=True)
    assert manager_of(export_of("quadlet")) == Systemd(containers=True)
    assert manager_of(export_of("compose")) == Compose()


def test_a_target_of_another_version_is_left_to_its_steps() -> None:
    assert "follow its steps" in render(why_not("of-tomorrow"))
