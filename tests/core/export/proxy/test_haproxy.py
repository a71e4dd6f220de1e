"""HAProxy accepts the configuration, and reads the names in it as they were meant."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Words
from ollama_panel.core.export.proxy.haproxy import Front, configuration, word
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import ApiKey, KeyRule, PoolSettings, SchedulingSettings, Settings
from tests.core.export.proxy.samples import NAMES, deployment, haproxy_lines, haproxy_words, patterns, with_coder
from tests.core.export.samples import exported, nasty, pools, printable
from tests.fakes.front_proxies import ACCOUNT, HAPROXY, haproxy
from tests.fakes.ports import free_port

needs_haproxy = pytest.mark.skipif(not HAPROXY, reason="haproxy is not installed")

KEYS = tuple(ApiKey(name, "0" * 64) for name in NAMES.values())
CLUSTER = Front(("*:11434",), tuple(f"{name}.ollama.default.svc.cluster.local:11434" for name in "abcd"), by_name=True)


def verdict(text: str, folder: Path) -> tuple[int, str]:
    """Return the status of `haproxy -c` and its complaints, but those about addresses that are not known yet."""
    file = folder / "haproxy.cfg"
    file.write_text(text, encoding="utf-8")
    child = subprocess.run([HAPROXY, "-c", "-f", str(file)], capture_output=True, text=True, check=False)
    complaints = re.findall(r"^\[(?:ALERT|WARNING)\](?!.*could not resolve address).*", child.stderr, re.MULTILINE)
    return child.returncode, "\n".join(complaints)


def text_of(settings: Settings, words: Words = render) -> str:
    return exported("haproxy", settings, words=words).text


def has(text: str, *lines: str) -> bool:
    """Return whether each line stands in a configuration."""
    return set(lines) <= {line.strip() for line in text.splitlines()}


@needs_haproxy
@pytest.mark.parametrize("words", [render, nasty])
@pytest.mark.parametrize(
    "settings",
    [
        pools(),
        with_coder(*NAMES.values()),
        with_coder(host="::", second_host="127.0.0.1", second_port=11434, api_keys=KEYS, management=False),
        with_coder(require_key=KeyRule.ALWAYS, allowed_hosts=("Box.Example.org", "fe80::7"), allowed_origins=("*",)),
        with_coder(header_timeout_s=0.25, body_timeout_s=0, write_timeout_s=31_536_000, request_timeout_s=900),
        Settings(pools=(PoolSettings(PoolName("embed"), Role.EMBEDDING),)),
    ],
)
def test_haproxy_accepts_it(settings: Settings, words: Words, tmp_path: Path) -> None:
    assert verdict(text_of(settings, words), tmp_path) == (0, "")


@needs_haproxy
def test_haproxy_accepts_workers_whose_names_it_does_not_find_yet(tmp_path: Path) -> None:
    text = configuration(deployment(with_coder("qwen3-coder")), CLUSTER)
    assert verdict(text, tmp_path) == (0, "")
    assert "user haproxy" not in text
    assert has(
        text,
        "bind *:11434",
        "server coder-1 d.ollama.default.svc.cluster.local:11434 maxconn 2",
        "default-server check inter 5s fall 3 rise 1 resolvers names init-addr libc,none",
    )


@needs_haproxy
async def test_haproxy_reads_the_names_as_they_were_meant() -> None:
    text = text_of(with_coder(*NAMES.values(), port=free_port())).replace(ACCOUNT, "")
    ours = [number for number, line in enumerate(text.splitlines(), 1) if line.split()[:2] == ["acl", "for_code"]]
    async with haproxy(text) as running:
        listed = re.findall(r"^(\d+) \(.*\) acl .* line (\d+)\.", await running.ask("show acl"), re.MULTILINE)
        answers = [await running.ask(f"show acl #{number}") for number, line in listed if int(line) in ours]
    assert {name for answer in answers for name in re.findall(r"^0x\S+ (.*)$", answer, re.MULTILINE)} == set(
        expected(NAMES.values())
    )


def expected(models: Iterable[str]) -> list[str]:
    return sorted({name for model in map(canonical, models) for name in (model, model.removesuffix(":latest"))})


@given(st.lists(printable, max_size=5))
def test_any_name_is_one_word_as_the_manual_says(names: list[str]) -> None:
    models = [name for name in names if "\t" not in name]
    assert sorted(patterns(text_of(with_coder(*models)), "for_code")) == expected(models)


@given(printable)
def test_the_name_of_a_key_opens_nothing(name: str) -> None:
    settings = with_coder(host="0.0.0.0", api_keys=(ApiKey(name.replace("\t", ""), "0" * 64),))
    text = text_of(settings)
    assert not [word for word in patterns(text, "known_key") if re.fullmatch("[0-9a-f]{64}", word)]
    assert "0" * 64 not in text


@pytest.mark.parametrize(
    ("text", "written"),
    [("a b", "'a b'"), ("it's", r"'it'\''s'"), ("", "''"), ("a\\", "'a\\'"), ("#", "'#'"), ("qwen3:8b", "qwen3:8b")],
)
def test_what_is_special_is_quoted(text: str, written: str) -> None:
    assert word(text) == written
    assert haproxy_words(f"acl x -- {written} # {written}") == ["acl", "x", "--", text]


@pytest.mark.parametrize("name", ["two\nlines", "nul\0", "a\tb", "\x7f"])
def test_a_control_character_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(PanelError, match="has a line break or control character, which the configuration of a proxy"):
        text_of(with_coder(name))


def test_words_of_any_language_stay_in_their_line() -> None:
    plain, translated = (list(haproxy_lines(text_of(with_coder(), words))) for words in (render, nasty))
    assert [line[:5] for line in plain] == [line[:5] for line in translated]


def test_every_worker_has_its_slots_and_one_queue_before_it() -> None:
    text = text_of(with_coder("qwen3-coder"))
    assert has(
        text,
        "server chat-1 127.0.0.1:11500 maxconn 4",
        "server chat-2 127.0.0.1:11501 maxconn 4",
        "server embed-1 127.0.0.1:11502 maxconn 1",
        "server coder-1 127.0.0.1:11503 maxconn 2",
        "http-request deny deny_status 503 if { queue ge 10000 }",
    )
    assert text.count(" maxconn ") == 4


def test_requests_are_told_apart_by_path_and_model() -> None:
    text = text_of(with_coder("qwen3-coder"))
    assert text.index("use_backend others unless answer METH_POST") < text.index("use_backend embedding if embedding")
    assert text.index("use_backend embedding") < text.index("use_backend code if for_code")
    assert has(text, "default_backend chat", "server chat-1 127.0.0.1:11500 track chat/chat-1")


def test_the_models_of_the_chat_pool_need_no_rule() -> None:
    (chat, *others) = with_coder().pools
    text = text_of(Settings(pools=(PoolSettings(chat.name, models=("qwen3",)), *others)))
    assert "json_query" not in text


def test_without_chat_workers_only_the_users_wish_sends_chats_to_those_of_embeddings() -> None:
    embed = (PoolSettings(PoolName("embed"), Role.EMBEDDING),)
    refused = "http-request deny deny_status 503 if answer METH_POST !embedding"
    assert has(text_of(Settings(pools=embed)), refused)
    willing = Settings(pools=embed, scheduling=SchedulingSettings(chats_on_embedding=True))
    assert not has(text_of(willing), refused)
    assert has(text_of(willing), "default_backend embedding")


def test_the_times_are_those_of_the_settings() -> None:
    times = {"queue_timeout_s": 90, "request_timeout_s": 0, "body_timeout_s": 5, "write_timeout_s": 7.5}
    assert has(
        text_of(with_coder(**times)),
        "timeout queue 90s",
        "timeout server 2073600s",
        "timeout client 7500ms",
        "http-request wait-for-body time 5s if answer METH_POST",
    )


def test_the_protection_that_it_takes_from_ollama_is_its_own() -> None:
    text = text_of(with_coder(allowed_hosts=("Box.Example.org", "fe80::7")))
    assert patterns(text, "local_host") == ["box.example.org", "[fe80::7]"]
    assert has(text, "http-request deny deny_status 403 unless local_host", "http-request set-header Host localhost")
    assert "local_host" not in text_of(with_coder(host="0.0.0.0"))


def test_it_opens_to_nobody_before_the_digests_are_in_it() -> None:
    export = exported("haproxy", with_coder(host="0.0.0.0"))
    assert patterns(export.text, "known_key") == ["digest of a new key"] * 2
    assert any(step.command == "printf %s 'KEY' | sha256sum" for step in export.steps)
    assert "known_key" not in text_of(with_coder())


def test_a_store_that_clients_may_not_change_stays_as_it_is() -> None:
    rule = "http-request deny deny_status 403 if change !METH_GET !METH_OPTIONS"
    assert has(text_of(with_coder(management=False)), rule)
    assert not has(text_of(with_coder()), rule)


def test_the_steps_have_the_commands_and_the_place() -> None:
    export = exported("haproxy", pools())
    (file,) = export.files
    assert (file.name, file.place) == ("haproxy.cfg", "/etc/haproxy/haproxy.cfg")
    commands = [step.command for step in export.steps]
    assert commands[0] == "sudo apt-get install haproxy"
    assert commands[-2:] == [
        "sudo cp haproxy.cfg /etc/haproxy/haproxy.cfg",
        "sudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl reload-or-restart haproxy",
    ]
