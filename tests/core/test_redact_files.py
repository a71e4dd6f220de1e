"""Secrets are taken out of files of every format that sources have; the rest of them stays readable."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.applying.shown import without_secrets as shown_without
from ollama_panel.core.redact_files import without_secrets

SECRETS = {
    "environment file": "HF_TOKEN=canary\nexport A_KEY='canary and canary'\nDB_PW=canary\n",
    "several lines in quotes": 'MY_SECRET="canary\n canary\ncanary" B=1\n',
    "a line that goes on": "[Service]\nEnvironment=HF_TOKEN=\\\ncanary\n",
    "quotes of systemd": "Environment=\"HF_TOKEN=canary canary\" A=1 'A_KEY=canary'\n",
    "YAML": (
        "a:\n  HF_TOKEN: canary\n  A_KEY: |\n    canary\n    canary: canary\n"
        "  B_KEY:\n    canary\n  C: {E_TOKEN: canary, F: 1}\n"
    ),
    "lists": (
        "command: [serve, --api-key, canary]\nargs:\n- --api-key=canary\n- 'D_TOKEN=canary'\napi_keys: [canary, a]\n"
    ),
    "pairs": "env:\n- name: HF_TOKEN\n  value: canary\n- {name: A_KEY, value: 'canary'}\n",
    "JSON": '{"Env": ["HF_TOKEN=canary"], "password": "canary", "A_KEY": "canary", "Args": ["--api-key", "canary"]}\n',
    "JSON without blanks": '{"HF_TOKEN":"canary","auth":{"token":"canary"},"api_keys":["canary","canary"]}\n',
    "JSON in JSON": 'msg="{\\"token\\":\\"canary, canary\\",\\"a\\":1}"\nsh -c "HF_TOKEN=\\"canary canary\\" serve"\n',
    "pairs of Python": "environ.items(): [('HF_TOKEN', 'canary'), (\"A_KEY\", \"canary\")]\n",
    "Nix": "environmentVariables = { HF_TOKEN = \"canary\"; A_KEY = ''canary canary''; };\n",
    "property list": "<key>HF_TOKEN</key>\n<string>canary</string>\n<key>A_KEY</key><string>canary</string>\n",
    "XML of Unraid": '<Config Target="HF_TOKEN" Mask="true">canary</Config>\n<Config Name="A_KEY">canary</Config>\n',
    "fish": "set -gx HF_TOKEN canary\nset -Ux A_KEY 'canary canary'\n",
    "Windows": 'setx HF_TOKEN canary\nset HF_TOKEN=canary\n$env:A_KEY = "canary"\n    HF_TOKEN    REG_SZ    canary\n',
    "a call": '[Environment]::SetEnvironmentVariable("HF_TOKEN", "canary", "User")\n',
    "launchctl": "launchctl setenv HF_TOKEN canary\n",
    "command lines": "curl -u me:canary https://me:canary@h/?api_key=canary\ndocker login -u me -p canary\n",
    "headers": "curl -H 'X-Api-Key: canary' -H 'Authorization: Bearer canary'\nuse Authorization: Bearer canary\n",
    "a key of PEM": "-----BEGIN RSA PRIVATE KEY-----\ncanary\ncanary\n-----END RSA PRIVATE KEY-----\n",
    "well-known tokens": "echo hf_canarycanarycanary sk-proj-canarycanarycanary ghp_canarycanarycanarycanary\n",
    "a key of the panel": "asked with op-" + "canary-_" * 6 + "\n",
}
OPEN = [
    "Environment=OLLAMA_NUM_PARALLEL=4 OLLAMA_KEEP_ALIVE=5m\n",
    "PassEnvironment=HF_TOKEN OLLAMA_HOST\n",
    "export HF_TOKEN OLLAMA_HOST\n",
    "OLLAMA_MAX_TOKENS=4096\nOLLAMA_AUTH=false\n",
    '{"unit": "tokens", "wanted": 4096, "code": "access.key_needed", "level": "info"}\n',
    "secrets:\n  hf:\n    file: /run/hf\nmonkey: 1\nbypassing: []\n",
]


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_left(kind: str) -> None:
    text = SECRETS[kind]
    assert "canary" not in shown_without(text)
    assert shown_without(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("text", OPEN)
def test_what_is_no_secret_stays(text: str) -> None:
    assert shown_without(text) == text


def test_what_is_left_can_be_read() -> None:
    read = json.loads(without_secrets(SECRETS["JSON"]))
    assert (read["Env"], read["Args"][0]) == (["HF_TOKEN=(hidden)"], "--api-key")
    assert yaml.safe_load(without_secrets(SECRETS["YAML"]))["a"]["C"] == {"E_TOKEN": "(hidden)", "F": 1}


@given(
    st.lists(
        st.sampled_from(["HF_TOKEN", "=", ": ", " ", '"', "'", "\\", "\n", "  ", "x", "|", "{", ",", "\r", "name"])
    )
)
def test_any_text_keeps_its_lines_and_is_the_same_when_done_twice(parts: list[str]) -> None:
    once = without_secrets("".join(parts))
    assert once.count("\n") == parts.count("\n")
    assert without_secrets(once) == once
