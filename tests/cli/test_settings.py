"""`settings get|set` on the file of a state folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import with_text
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.catalog import SETTINGS, find
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Settings
from ollama_panel.engine import configfile
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]


def test_a_value_that_is_set_is_read_back(panel: Panel, tmp_path: Path) -> None:
    assert panel("settings", "set", "pools.chat.parallel", "4", "--state-dir", tmp_path) == (
        0,
        "pools.chat.parallel = 4\n",
        "",
    )
    assert panel("settings", "get", "pools.chat.parallel", "--state-dir", tmp_path).out == "4\n"
    assert configfile.read(tmp_path / "settings.json").settings.pools[0].parallel == 4


def test_without_a_key_every_setting_is_listed_as_it_can_be_set(panel: Panel, tmp_path: Path) -> None:
    listed = panel("settings", "get", "--state-dir", tmp_path).out.splitlines()
    assert "proxy.port = 11435" in listed
    for line in listed:
        key, _, value = line.partition(" = ")
        assert codec.set(Settings(), key, value) == Settings()


def test_what_is_empty_is_listed_too(panel: Panel, tmp_path: Path) -> None:
    listed = panel("settings", "get", "--state-dir", tmp_path).out.splitlines()
    assert {
        "pools.chat.models = ",
        "pools.chat.environment = {}",
        "scheduling.weights = {}",
        "proxy.api_keys = ",
        "ollama.binary = ",
    } <= set(listed)


def test_the_list_names_the_keys_of_clients_and_leaves_their_digests_out(panel: Panel, tmp_path: Path) -> None:
    for name in ("laptop", "phone"):
        panel("keys", "add", name, "--state-dir", tmp_path)
    listed = panel("settings", "get", "--state-dir", tmp_path).out
    assert "proxy.api_keys = laptop,phone\n" in listed
    assert "digest" in panel("settings", "get", "proxy.api_keys", "--state-dir", tmp_path).out


@pytest.mark.parametrize(
    ("key", "value", "after"),
    [
        ("pools.chat.parallel", "7", "2"),
        ("proxy.allowed_origins", "https://chat.example.org", ""),
        ("pools.chat.environment.OLLAMA_KEEP_ALIVE", "1h", ""),
        ("pools.chat.environment", '{"OLLAMA_KEEP_ALIVE": "1h"}', "{}"),
    ],
)
def test_a_setting_gets_its_default_again(panel: Panel, tmp_path: Path, key: str, value: str, after: str) -> None:
    panel("settings", "set", key, value, "--state-dir", tmp_path)
    outcome = panel("settings", "reset", key, "--state-dir", tmp_path)
    assert outcome == (0, f"{key} = {after}\n", "")
    assert configfile.read(tmp_path / "settings.json").settings == Settings()


@pytest.mark.parametrize(
    ("key", "said"), [("pools.chat", "no default"), ("pools.chat.name", "no default"), ("x", "no setting")]
)
def test_what_has_no_default_is_not_reset(panel: Panel, tmp_path: Path, key: str, said: str) -> None:
    outcome = panel("settings", "reset", key, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out, said in outcome.err) == (1, "", True)
    assert not (tmp_path / "settings.json").exists()


def test_a_setting_is_explained_with_its_value_its_limits_its_default_and_its_meaning(
    panel: Panel, tmp_path: Path
) -> None:
    panel("settings", "set", "proxy.queue_timeout_s", "90", "--state-dir", tmp_path)
    assert panel("settings", "get", "--explain", "proxy.queue_timeout_s", "--state-dir", tmp_path).out == (
        "proxy.queue_timeout_s = 90\n"
        "    Longest wait, seconds: a number from 0 to 31536000; default 0.\n"
        "    A request that waits longer is refused. 0 = no limit.\n"
    )


def test_without_a_key_every_setting_is_explained(panel: Panel, tmp_path: Path) -> None:
    told = panel("settings", "get", "--explain", "--state-dir", tmp_path).out
    blocks = {block.split(" ", 1)[0].split("\n")[0]: " ".join(block.split()) for block in told.split("\n\n")}
    assert blocks.keys() == {key.replace("NAME", pool) for key in SETTINGS for pool in ("chat", "embedding")}
    for key, block in blocks.items():
        assert find(key).title in block
        assert find(key).description in block


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("window", ["window", "window.theme", "window.language"]),
        ("proxy.api_keys", ["proxy.api_keys", *(f"proxy.api_keys[].{name}" for name in ApiKey.__struct_fields__)]),
        ("pools.embedding", [f"pools.embedding.{name}" for name in PoolSettings.__struct_fields__]),
        ("scheduling.weights.10.0.0.7", ["scheduling.weights.10.0.0.7"]),
    ],
)
def test_a_group_is_explained_setting_by_setting(panel: Panel, tmp_path: Path, key: str, keys: list[str]) -> None:
    told = panel("settings", "get", "--explain", key, "--state-dir", tmp_path).out
    assert [block.split(" ")[0].split("\n")[0] for block in told.split("\n\n")] == keys


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("OLLAMA_KEEP_ALIVE", "Variable of Ollama 0.1.29 and later: a time such as 90s, 5m or 24h; default 5m."),
        ("OLLAMA_INTEL_GPU", "Variable of Ollama 0.1.45 to 0.12.10: 1 or 0; default 0."),
        ("CUDA_VISIBLE_DEVICES", "Variable: numbers or identifiers of devices, with commas. Which NVIDIA"),
        ("LLAMA_ARG_PORT", "LLAMA_ARG_PORT has no effect: Ollama gives its runner this on the command line"),
        ("MY_OWN", "Environment: text."),
    ],
)
def test_a_variable_of_a_pool_is_explained(panel: Panel, tmp_path: Path, name: str, words: str) -> None:
    told = panel("settings", "get", "--explain", f"pools.chat.environment.{name}", "--state-dir", tmp_path).out
    assert words in " ".join(told.split())


def test_what_is_no_setting_is_not_explained(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("settings", "get", "--explain", "proxy.prot", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert '"proxy.port"' in outcome.err


def test_a_value_out_of_its_limits_changes_nothing(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("settings", "set", "pools.chat.parallel", "400", "--state-dir", tmp_path)
    assert outcome.status == 1
    assert outcome.err == 'pools.chat.parallel must be a whole number from 1 to 64, not "400".\n'
    assert not (tmp_path / "settings.json").exists()


def test_a_mistyped_key_is_reported_with_the_nearest(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("settings", "get", "proxy.prot", "--state-dir", tmp_path)
    assert (outcome.status, '"proxy.port"' in outcome.err) == (1, True)


@pytest.mark.parametrize(
    "command",
    [("settings", "get", "proxy.port"), ("settings", "get", "--explain"), ("keys", "list"), ("export", "json")],
)
def test_a_command_that_reads_reports_an_unreadable_file_and_moves_nothing(
    panel: Panel, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "settings.json").write_bytes(b'{"proxy": {"port": 1,}}')
    outcome = panel(*command, "--state-dir", tmp_path)
    assert outcome.status == 0
    assert "line 1, column 21: there is a comma after the last value. All settings have their defaults." in outcome.err
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "command", [("settings", "set", "proxy.port", "1"), ("keys", "add", "a"), ("keys", "remove", "a")]
)
def test_a_command_that_writes_does_not_replace_an_unreadable_file(
    panel: Panel, tmp_path: Path, command: tuple[str, ...]
) -> None:
    broken = b'{"proxy": {"port": 1,}}'
    (tmp_path / "settings.json").write_bytes(broken)
    outcome = panel(*command, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert (
        "a comma after the last value. Nothing was changed: mend the file, or delete it to begin anew." in outcome.err
    )
    assert (tmp_path / "settings.json").read_bytes() == broken
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


def test_while_a_panel_runs_the_effect_of_a_change_is_printed(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "panel.json").write_text('{"pid": 1, "url": "http://127.0.0.1:1"}', encoding="utf-8")
    out = panel("settings", "set", "pools.chat.parallel", "4", "--state-dir", tmp_path).out
    assert "The running panel follows:" in out
    assert "chat-1: restarted" in out


def test_a_state_folder_that_cannot_be_written_is_reported_in_one_sentence(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    outcome = panel("settings", "set", "proxy.port", "9999", "--state-dir", tmp_path / "file" / "below")
    assert outcome.status == 1
    assert str(tmp_path / "file" / "below") in outcome.err.splitlines()[-1]


@pytest.mark.parametrize(("key", "given"), [("proxy.queue_timeout_s", "inf"), ("scheduling.dwell_s", "Infinity")])
def test_a_value_that_is_no_number_is_repeated_as_it_was_typed(
    panel: Panel, tmp_path: Path, key: str, given: str
) -> None:
    outcome = panel("settings", "set", key, given, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert f'not "{given}"' in outcome.err


@pytest.mark.parametrize("key", ["version", "proxy.api_keys"])
def test_what_the_panel_keeps_for_itself_cannot_be_set(panel: Panel, tmp_path: Path, key: str) -> None:
    outcome = panel("settings", "set", key, "3", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert key in outcome.err
    assert not (tmp_path / "settings.json").exists()


def test_a_variable_that_ollama_will_not_take_is_set_with_a_warning(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("settings", "set", "pools.chat.environment.OLLAMA_XYZZY", "4", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (0, "pools.chat.environment.OLLAMA_XYZZY = 4\n")
    assert "Ollama does not read OLLAMA_XYZZY" in outcome.err
    again = panel("settings", "set", "pools.chat.environment.OLLAMA_KEEP_ALIVE", "1h", "--state-dir", tmp_path)
    assert (again.status, again.err) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "instead"),
    [
        ("OLLAMA_MAX_WORKERS", "4", "set the number of workers of a pool in the panel"),
        ("OLLAMA_NUM_CTX", "8192", "pools.NAME.context_length"),
        ("OLLAMA_MODELS", "models", "must be a whole path"),
    ],
)
def test_a_variable_that_no_ollama_can_use_is_refused_with_what_to_set(
    panel: Panel, tmp_path: Path, name: str, value: str, instead: str
) -> None:
    outcome = panel("settings", "set", f"pools.chat.environment.{name}", value, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert instead in outcome.err
    assert not (tmp_path / "settings.json").exists()


def test_a_pool_that_has_such_a_variable_already_can_be_changed(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(
        '{"version": 2, "pools": [{"name": "chat", "environment": {"OLLAMA_MAX_WORKERS": "4"}}]}', encoding="utf-8"
    )
    assert panel("settings", "set", "pools.chat.parallel", "4", "--state-dir", tmp_path).status == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        effect = with_text(notice("plan.restart_one", instance="chat-1", changes=(notice("change.program"),)))
        answer = {"settings": msgspec.to_builtins(Settings()), "effects": [effect], "problems": []}
        stand_in.on("PATCH /panel/v1/settings", answer)
        yield stand_in


@pytest.mark.parametrize(
    ("command", "sent", "shown"),
    [
        (("set", "pools.chat.parallel", "4"), 4, "4"),
        (("set", "proxy.heartbeat", "off"), False, "false"),
        (("set", "proxy.queue_timeout_s", "2"), 2.0, "2"),
        (("set", "window.theme", "dark"), "dark", "dark"),
        (("set", "ollama.models_dir", "/srv/a b"), "/srv/a b", "/srv/a b"),
        (("set", "pools.chat.models", "a:1b, b:2b"), ["a:1b", "b:2b"], "a:1b,b:2b"),
        (("set", "pools.chat.environment.A.B", "1"), None, None),
        (("set", "pools.chat.environment.A", "{x}"), "{x}", "{x}"),
        (("set", "pools.chat.environment.A", ""), None, ""),
        (("set", "pools.chat.environment", '{"A": "1"}'), {"A": "1"}, '{"A":"1"}'),
        (("set", "scheduling.weights.10.0.0.7", "2"), 2.0, "2"),
        (("reset", "pools.chat.parallel"), 2, "2"),
        (("reset", "pools.chat.models"), [], ""),
        (("reset", "scheduling.weights"), {}, "{}"),
    ],
)
def test_a_running_panel_changes_the_setting_and_tells_what_follows(
    panel: Panel, server: StandIn, tmp_path: Path, command: tuple[str, ...], sent: object, shown: str | None
) -> None:
    outcome = panel("settings", *command, "--state-dir", tmp_path)
    if shown is None:
        assert (outcome.status, server.asked) == (1, [])
        return
    assert outcome.out == (
        f"{command[1]} = {shown}\nThe running panel follows:\n"
        "  chat-1: restarted, without losing a request (another Ollama).\n"
    )
    assert server.bodies("PATCH /panel/v1/settings") == [{command[1]: sent}]
    assert not (tmp_path / "settings.json").exists()


def test_of_a_group_only_what_is_named_is_sent(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    panel("settings", "set", "proxy", '{"port": 8080}', "--state-dir", tmp_path)
    assert server.bodies("PATCH /panel/v1/settings") == [{"proxy": {"port": 8080}}]


def test_a_wrong_value_is_not_sent(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    outcome = panel("settings", "set", "pools.chat.parallel", "400", "--state-dir", tmp_path)
    assert outcome == (1, "", 'pools.chat.parallel must be a whole number from 1 to 64, not "400".\n')
    assert server.asked == []


def test_a_panel_does_not_replace_an_unreadable_file_for_a_command(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    (tmp_path / "settings.json").write_bytes(b'{"proxy": {"port": 1,}}')
    outcome = panel("settings", "set", "pools.chat.parallel", "4", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out, server.asked) == (1, "", [])
    assert "Nothing was changed: mend the file" in outcome.err
