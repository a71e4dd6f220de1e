"""nginx accepts the file, and nothing in it is read as something else."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given

from ollama_panel.core.export.deployment import Words
from ollama_panel.core.export.proxy.nginx import quoted
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import ApiKey, KeyRule, PoolSettings, Settings
from tests.core.export.proxy.samples import NAMES, nginx_statements, with_coder
from tests.core.export.samples import exported, nasty, pools, printable
from tests.fakes.front_proxies import NGINX, nginx_file

needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not installed")

KEYS = tuple(ApiKey(name, "0" * 64) for name in NAMES.values())
LONG_HOST = ".".join(["a" * 60] * 4)


def text_of(settings: Settings, words: Words = render) -> str:
    return exported("nginx", settings, words=words).text


def statements(settings: Settings, words: Words = render) -> list[str]:
    return [" ".join(statement) for statement in nginx_statements(text_of(settings, words))]


@needs_nginx
@pytest.mark.parametrize("words", [render, nasty])
@pytest.mark.parametrize(
    "settings",
    [
        pools(),
        with_coder(*NAMES.values(), allowed_hosts=("Box.Example.org", "fe80::7", LONG_HOST), allowed_origins=("*",)),
        with_coder(host="::", second_host="127.0.0.1", second_port=11434, api_keys=KEYS, management=False),
        with_coder(header_timeout_s=0.25, body_timeout_s=0, write_timeout_s=31_536_000, request_timeout_s=900),
        Settings(pools=(PoolSettings(PoolName("embed"), Role.EMBEDDING),)),
    ],
)
def test_nginx_accepts_it(settings: Settings, words: Words, tmp_path: Path) -> None:
    file = nginx_file(tmp_path, text_of(settings, words))
    child = subprocess.run(
        [NGINX, "-t", "-c", str(file), "-e", str(tmp_path / "log")], capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    assert "warn" not in child.stderr


@needs_nginx
def test_nginx_accepts_a_key_of_the_panel_in_the_place_of_its_own(tmp_path: Path) -> None:
    key = "op-" + "A-_9" * 10 + "abc"
    text = text_of(with_coder(require_key=KeyRule.ALWAYS))
    file = nginx_file(tmp_path, re.sub(r'# ("~\^.*)KEY', rf"\1{key}", text))
    assert subprocess.run([NGINX, "-t", "-c", str(file), "-e", str(tmp_path / "log")], check=False).returncode == 0
    assert key in (tmp_path / "ollama.conf").read_text()


@given(printable)
def test_the_name_of_a_key_stays_in_its_comment(name: str) -> None:
    plain, hostile = (
        statements(with_coder(host="0.0.0.0", api_keys=(ApiKey(one, "0" * 64),)))
        for one in ("laptop", name.replace("\t", ""))
    )
    assert plain == hostile


@given(printable)
def test_any_text_is_one_word_as_nginx_reads_it(text: str) -> None:
    assert list(nginx_statements(f"map {quoted(text)} 1;")) == [["map", text, "1"]]


def test_words_of_any_language_stay_in_their_comments() -> None:
    settings = with_coder("qwen3-coder", host="0.0.0.0", api_keys=KEYS)
    assert statements(settings) == statements(settings, nasty)


def test_requests_go_to_the_workers_of_their_path() -> None:
    found = statements(with_coder("qwen3-coder"))
    upstream = found.index("upstream ollama_chat {")
    assert found[upstream : upstream + 7] == [
        "upstream ollama_chat {",
        "zone ollama_chat 64k",
        "least_conn",
        "server 127.0.0.1:11500 max_fails=1 fail_timeout=5s",
        "server 127.0.0.1:11501 max_fails=1 fail_timeout=5s",
        "keepalive 64",
        "}",
    ]
    for path, goes_to in {
        "= /api/chat": "proxy_pass http://$ollama_chats",
        "= /v1/embeddings": "proxy_pass http://ollama_embedding",
        "/code/": "set $ollama_chats ollama_code",
        "/": "proxy_pass http://ollama_others",
    }.items():
        assert found[found.index(f"location {path} {{") + 1] == goes_to
    assert "set $ollama_chats ollama_chat" in found


def test_without_other_pools_nothing_is_chosen_by_name() -> None:
    assert "$ollama_chats" not in text_of(pools())
    assert "proxy_pass http://ollama_chat" in statements(pools())


def test_no_worker_of_embeddings_gets_a_chat() -> None:
    found = statements(Settings(pools=(PoolSettings(PoolName("embed"), Role.EMBEDDING),)))
    assert found[found.index("location = /api/chat {") + 1] == "return 503"
    assert found[found.index("location = /api/embed {") + 1] == "proxy_pass http://ollama_embedding"


def test_nothing_holds_an_answer_up() -> None:
    found = statements(with_coder(request_timeout_s=0, write_timeout_s=7.5))
    for directive in (
        "proxy_buffering off",
        "gzip off",
        "proxy_set_header Host localhost",
        "proxy_read_timeout 2073600s",
        "send_timeout 7500ms",
        "client_max_body_size 512m",
    ):
        assert directive in found


def test_it_says_that_it_has_no_queue() -> None:
    export = exported("nginx", pools())
    assert "nginx without NGINX Plus lets no request wait" in export.text
    assert "max_conns" not in export.text


def test_it_opens_to_nobody_before_the_keys_are_in_it() -> None:
    found = statements(with_coder(host="0.0.0.0", api_keys=KEYS))
    maps = found.index("map $http_x_api_key $ollama_header {")
    assert found[maps : maps + 6] == [
        "map $http_x_api_key $ollama_header {",
        "default 0",
        "}",
        "map $http_authorization $ollama_key {",
        "default $ollama_header",
        "}",
    ]
    assert "if ($ollama_key = 0) {" in found


def test_the_steps_have_the_commands_and_the_place() -> None:
    export = exported("nginx", pools())
    (file,) = export.files
    assert (file.name, file.place) == ("ollama-panel.conf", "/etc/nginx/conf.d/ollama-panel.conf")
    commands = [step.command for step in export.steps]
    assert commands[-3:] == [
        "sudo cp ollama-panel.conf /etc/nginx/conf.d/ollama-panel.conf",
        "sudo sed -i 's/worker_connections .*/worker_connections 16384;/' /etc/nginx/nginx.conf",
        "sudo nginx -t && sudo systemctl reload-or-restart nginx",
    ]
