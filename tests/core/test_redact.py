"""Secrets stay in the panel."""

import msgspec
import pytest

from ollama_panel.core import redact
from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, ProxySettings, Settings

SECRET_NAMES = [
    "HF_TOKEN",
    "GITHUBTOKEN",
    "X_TOKENS",
    "aws_secret_access_key",
    "AWS_SECRET",
    "DB_PASSWORD",
    "DBPASS",
    "PGPASSWORD",
    "MYSQL_PWD",
    "mysql_pwd",
    "redis_pass",
    "SENTRY_DSN",
    "POSTGRES_DSN",
    "dsn",
    "OPENAI_API_KEY",
    "OPENAI_APIKEY",
    "apiKey",
    "openaiApiKey",
    "SSL_KEY_FILE",
    "KEYS",
    "LLAMA_API_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "PROXY_AUTHORIZATION",
    "NPM_AUTH",
    "SESSION_COOKIE",
    "CLIENT-SECRET",
    "my.private.pem",
    "PASSPHRASE",
    "TOKENIZER_KEY",
    "KEYBOARD_PASSWORD",
    "CLIENT_CREDS",
    "registry_cred",
    "SESSION_JWT",
    "HUB_BEARER",
]

HARMLESS_NAMES = [
    "OLLAMA_KEEP_ALIVE",
    "OLLAMA_KV_CACHE_TYPE",
    "OLLAMA_HOST",
    "OLLAMA_MODELS",
    "OLLAMA_ORIGINS",
    "OLLAMA_NUM_PARALLEL",
    "OLLAMA_DEBUG",
    "TOKENIZERS_PARALLELISM",
    "TOKENIZER_PATH",
    "KEYBOARD_LAYOUT",
    "MONKEY_PATCH",
    "BYPASS_CACHE",
    "COMPASS",
    "PASSTHROUGH_MODE",
    "AUTHOR",
    "LLAMA_ARG_CACHE_RAM",
    "LLAMA_ARG_THREADS",
    "CUDA_VISIBLE_DEVICES",
    "HSA_OVERRIDE_GFX_VERSION",
    "PATH",
    "HOME",
    "LANG",
    "KEYWORDS",
    "KEYMAP",
    "CREDITS",
    "ACCREDITED",
]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_variable_that_sounds_secret_is_hidden(name: str) -> None:
    assert redact.environment({name: "canary-7"}) == {name: "(hidden)"}


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_one_that_only_looks_so_is_shown(name: str) -> None:
    assert redact.environment({name: "canary-7"}) == {name: "canary-7"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OLLAMA_NUM_PREDICT_TOKENS", "512"),
        ("MAX_TOKENS", "4096"),
        ("OLLAMA_AUTH", "true"),
        ("USE_API_KEY", "1"),
        ("HF_TOKEN", ""),
    ],
)
def test_a_switch_and_a_count_tell_nothing(name: str, value: str) -> None:
    assert redact.variable(name, value) == value


def test_a_number_may_be_a_password() -> None:
    assert redact.variable("MYSQL_PWD", "4711") == "(hidden)"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://me:pw@proxy:3128", "http://(hidden)@proxy:3128"),
        ("http://token@proxy:3128/x", "http://(hidden)@proxy:3128/x"),
        ("http://me:p@w@proxy:3128", "http://(hidden)@proxy:3128"),
        ("http://me:p/w@proxy:3128", "http://(hidden)@proxy:3128"),
        ("socks5h://me:pw@[::1]:1080", "socks5h://(hidden)@[::1]:1080"),
        ("postgres://me:pw@db/x,postgres://you:wp@db2/x", "postgres://(hidden)@db/x,postgres://(hidden)@db2/x"),
        ("me:pw@proxy:3128", "(hidden)@proxy:3128"),
        ("me:p@w@proxy", "(hidden)@proxy"),
        ("https://h/v1?api_key=canary&model=a", "https://h/v1?api_key=(hidden)&model=a"),
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("http://[::1]:11434/x@y", "http://[::1]:11434/x@y"),
        ("http://proxy:3128/mail?to=a@b", "http://proxy:3128/mail?to=a@b"),
        ("https://hf.co/@me/model", "https://hf.co/@me/model"),
        ("0.0.0.0:11434", "0.0.0.0:11434"),
        ("me@example.com", "me@example.com"),
        ("app://*,http://nas:*", "app://*,http://nas:*"),
    ],
)
def test_the_login_in_a_url_is_hidden_whatever_the_name(value: str, shown: str) -> None:
    assert redact.variable("HTTPS_PROXY", value) == shown
    assert redact.variable("OLLAMA_REMOTES", value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Server=db;Uid=me;Pwd=canary-7;Encrypt=yes", "Server=db;Uid=me;Pwd=(hidden);Encrypt=yes"),
        ("AccountName=a;AccountKey=canary7==;E=x", "AccountName=a;AccountKey=(hidden);E=x"),
        ("Shared Access Key=canary-7; Host=h", "Shared Access Key=(hidden); Host=h"),
        ("a=1;b=2", "a=1;b=2"),
    ],
)
def test_a_secret_in_a_connection_string_is_hidden(value: str, shown: str) -> None:
    assert redact.environment({"DATABASE": value}) == {"DATABASE": shown}


def test_a_secret_that_stands_in_another_variable_too_is_hidden_there() -> None:
    shown = redact.environment({"HF_TOKEN": "canary-1", "EXTRA_HEADERS": "x-hf: canary-1", "LANG": "C"})
    assert shown == {"HF_TOKEN": "(hidden)", "EXTRA_HEADERS": "x-hf: (hidden)", "LANG": "C"}


@pytest.mark.parametrize(
    "line",
    [
        'level=INFO msg="server config" env="map[HTTPS_PROXY:http://me:canary@h:1 OLLAMA_DEBUG:INFO]"',
        'msg=subprocess env="[PATH=/usr/bin HF_TOKEN=canary LD_LIBRARY_PATH=/x]"',
        'env="map[HF_TOKEN:ca,na]ry;canary OLLAMA_DEBUG:INFO]"',
        'cmd="/usr/lib/ollama/llama-server --model /m --api-key canary --port 1"',
        "llama-server --api-key=canary",
        '{"error": "bad request", "api_key": "canary", "model": "a"}',
        r"body={\"password\":\"canary canary\",\"model\":\"a\"}",
        "Authorization: Bearer canary-1",
        'header "authorization": "Basic canary="',
        "sent bearer canary.1.x to the registry",
        'Get "https://me:canary@registry/v2/": dial tcp: no such host',
        "GET /api/tags?token=canary&x=1",
        "DB_PASSWORD='can ary canary'",
        '{"HF_TOKEN":"canary","token": "canary canary","a":"b"}',
        r"body={\"refresh_token\":\"canary canary\",\"model\":\"a\"}",
        "environ({'HF_TOKEN': 'canary', 'A': 'b'})",
    ],
)
def test_a_line_of_a_log_tells_no_secret(line: str) -> None:
    assert "canary" not in redact.text(line)


@pytest.mark.parametrize(
    "line",
    [
        "llama_model_loader: - kv  12: tokenizer.ggml.bos_token_id u32 = 1",
        "print_info: EOS token        = 128009 '<|eot_id|>'",
        'msg="key with type not found" key=tokenizer.ggml.add_eot_token default=false',
        "llama-server --model /m/blobs/sha256-aa --port 41765 -c 16384 -np 1 --cache-type-k q8_0 --no-mmap --keep 5",
        'msg="truncating input prompt" limit=2048 prompt=2097 keep=5 new=2048',
        'env="map[OLLAMA_KEEP_ALIVE:5m0s OLLAMA_ORIGINS:[http://localhost http://localhost:*] OLLAMA_NUM_PARALLEL:1]"',
        '[GIN] 2026/01/15 - 10:00:00 | 200 |  1.2s |  127.0.0.1 | POST  "/api/chat"',
        "load_tensors: offloaded 31/33 layers to GPU",
        "slot print_timing: prompt eval time = 11.96 ms / 3 tokens ( 3.99 ms per token, 250.90 tokens per second)",
        "the bearer of this message",
        '{"prompt_tokens":"12","tokenizer":"bpe","unit":"tokens"}',
    ],
)
def test_a_line_without_one_stays_as_it_is(line: str) -> None:
    assert redact.text(line) == line


def test_the_values_of_an_instance_are_found_wherever_they_stand_in_its_log() -> None:
    hide = redact.hider(
        {
            "HF_TOKEN": "canary-1",
            "HTTP_PROXY": "http://me:can%40ry-2@h:1",
            "DB_PASS": "ollama",
            "SSH_AUTH_SOCK": "/run/user/1/agent",
            "PORT": "11434",
        }
    )
    assert hide("sent canary-1, me:can%40ry-2 and can@ry-2") == "sent (hidden), (hidden) and (hidden)"
    line = "/srv/ollama/models at 11434 and /run/user/1/agent"
    assert hide(line) == line


def test_both_values_of_a_name_that_is_set_twice_are_found() -> None:
    hide = redact.hider_of([("HF_TOKEN", "canary-1"), ("HF_TOKEN", "canary-2")])
    assert hide("sent canary-1 and canary-2") == "sent (hidden) and (hidden)"


def test_a_line_of_64_kib_is_cut_rather_than_searched() -> None:
    assert len(redact.hider({})("a: " * 20_000)) < 10_000


def test_settings_keep_everything_but_their_secrets() -> None:
    whole = Settings(
        proxy=ProxySettings(api_keys=(ApiKey("laptop", "d1ge57"),)),
        pools=(PoolSettings(PoolName("chat"), environment={"HF_TOKEN": "abc", "A": "1"}),),
    )
    shown = redact.settings(whole)
    assert b"d1ge57" not in msgspec.json.encode(shown)
    assert b"abc" not in msgspec.json.encode(shown)
    assert shown.proxy.api_keys[0].name == "laptop"
    assert shown.pools[0].environment["A"] == "1"
    assert redact.settings(Settings()) == Settings()


def test_what_is_hidden_is_not_hidden_again() -> None:
    once = redact.text("API_KEY=geheim-1")
    assert (once, redact.text(once)) == ("API_KEY=(hidden)", "API_KEY=(hidden)")
