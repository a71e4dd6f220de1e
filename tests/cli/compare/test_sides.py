"""The forms of a side, and the panel of its own that it is run with."""

from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from ollama_panel.cli.compare import sides
from ollama_panel.cli.compare.sides import Side, SideError, isolated, parsed, running
from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import KeyRule, Settings
from ollama_panel.core.tuning import profiles as making
from ollama_panel.engine import configfile, profiles_file
from ollama_panel.engine.paths import Paths
from tests.fakes.tunings import HERE

MINE = codec.set(Settings(), "pools.chat.parallel", "7")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    configfile.write(Paths(tmp_path).settings, MINE)
    return tmp_path


def changed(*pairs: tuple[str, str]) -> Settings:
    settings = MINE
    for key, text in pairs:
        settings = codec.set(settings, key, text)
    return settings


def test_an_address_is_taken_as_it_is(folder: Path) -> None:
    assert parsed("http://gpu:11434/", folder) == Side("http://gpu:11434/", url="http://gpu:11434")


def test_the_settings_in_force_and_changes_of_them(folder: Path) -> None:
    assert parsed("current", folder).settings == MINE
    two = parsed("pools.chat.parallel=8,pools.chat.models=a:1,b:2", folder)
    assert two.settings == changed(("pools.chat.parallel", "8"), ("pools.chat.models", "a:1,b:2"))
    with pytest.raises(PanelError, match="paralel"):
        parsed("pools.chat.paralel=8", folder)


def test_a_settings_file_is_taken_whole_and_one_with_mistakes_is_refused(folder: Path) -> None:
    file = folder / "other.json"
    file.write_bytes(codec.dump(Settings()))
    assert parsed(str(file), folder).settings == Settings()
    file.write_text('{"proxy": {"port": "many"}}')
    with pytest.raises(SideError, match=r"other\.json: .*port"):
        parsed(str(file), folder)


def test_a_program_runs_with_the_settings_in_force(folder: Path) -> None:
    program = folder / "ollama"
    program.write_bytes(b"\x7fELF")
    with pytest.raises(SideError, match="neither a settings file of a panel nor a program"):
        parsed(str(program), folder)
    program.chmod(0o755)
    assert parsed(str(program), folder).settings == changed(("ollama.binary", str(program)))
    assert parsed("current", folder, str(program)).settings == changed(("ollama.binary", str(program)))


def test_a_profile_is_put_on_the_pool_of_its_name_or_on_the_one_that_is_named(folder: Path) -> None:
    pool = codec.set(Settings(), "pools.chat.parallel", "12").pools[0]
    profiles_file.change(Paths(folder).profiles, lambda _: (making.of_pool("night", pool, HERE),))
    for text, name in (("night", "chat"), ("embedding:night", "embedding")):
        found = parsed(text, folder).settings
        assert found is not None
        assert {one.name: one.parallel for one in found.pools} == {"chat": 7, "embedding": 1} | {name: 12}
    with pytest.raises(SideError, match="There is no pool code"):
        parsed("code:night", folder)


def test_what_is_none_of_these_is_answered_with_the_forms(folder: Path) -> None:
    with pytest.raises(SideError, match=r"nonsense is none of these: http://HOST:PORT.*KEY=VALUE"):
        parsed("nonsense", folder)


def test_the_shortest_context_of_a_pool_with_workers_is_known(folder: Path) -> None:
    assert parsed("pools.embedding.context_length=512", folder).context == 512
    assert parsed("pools.embedding.context_length=512,pools.embedding.workers=0", folder).context == 4096
    assert parsed("http://gpu:11434", folder).context is None


def test_its_own_panel_shares_neither_ports_nor_servers_with_that_of_the_user() -> None:
    open_one = codec.change(Settings(), {"proxy.second_port": 11434, "proxy.require_key": "always"})
    found = isolated(open_one)
    assert (found.proxy.second_port, found.proxy.require_key, found.ollama.adopt) == (0, KeyRule.NEVER, False)
    assert found.ollama.first_port != open_one.ollama.first_port
    assert found.pools == open_one.pools


def test_without_free_ports_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    none: Callable[[int], bool] = lambda _: True  # noqa: E731 - it stands for a function
    monkeypatch.setattr(sides, "taken_ports", none)
    with pytest.raises(SideError, match="No range of 64 ports is free"):
        isolated(Settings())


async def test_its_own_panel_answers_until_the_block_ends() -> None:
    one_worker = codec.set(Settings(), "pools.embedding.workers", "0")
    async with running(Side("current", settings=one_worker), demo=True) as url:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            status = (await client.get(url + "/panel/status")).json()
        workers = [one["url"] for one in status["instances"]]
    assert msgspec.convert(status["settings"]["pools"], list[dict[str, object]])[1]["workers"] == 0
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        for gone in (url, *workers):
            with pytest.raises(httpx.ConnectError):
                await client.get(gone)


async def test_a_panel_without_a_program_is_not_measured(tmp_path: Path) -> None:
    wrong = codec.set(Settings(), "ollama.binary", str(tmp_path / "ollama"))
    with pytest.raises(SideError, match="mine: There is no program"):
        async with running(Side("mine", settings=wrong)):
            pass
