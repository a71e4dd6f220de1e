from ollama_panel.core.applying.managers.homebrew import Homebrew
from tests.core.applying.samples import export_of

PATH = "/Users/ann/.homebrew/services/homebrew.mxcl.ollama.env"


def test_the_service_has_the_first_worker_and_keeps_its_address() -> None:
    (one,) = Homebrew().units(export_of("homebrew"), [(PATH, "")])
    assert (one.paths, one.own_address) == ((PATH,), True)
    assert one.worker is not None
    assert one.worker.id == "chat-1"


def test_homebrew_restarts_it() -> None:
    (one,) = Homebrew().units(export_of("homebrew"), [(PATH, "")])
    assert Homebrew().restart(one, new=False) == ("brew services restart ollama",)
    assert (Homebrew().reload(), Homebrew().check([])) == ((), ())
    assert Homebrew().stop(one, new=False) == ("brew services stop ollama",)
    assert Homebrew().needed([])[0][1].code == "apply.no_brew"
    assert "gui/$(id -u)/homebrew.mxcl.ollama" in Homebrew().look(one)
