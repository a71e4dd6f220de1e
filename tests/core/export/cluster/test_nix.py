"""The module for NixOS: Nix accepts it, and the units that NixOS makes of it hold the very values."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.cluster.nix import quoted
from ollama_panel.core.export.deployment import Accelerator, Site, Words
from ollama_panel.core.notices.render import render
from tests.core.export import unit_reader
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

NIX = shutil.which("nix-instantiate")
needs_nix = pytest.mark.skipif(not NIX, reason="nix-instantiate is not installed")

ARGUMENTS = """{
  config.services.ollama = { home = "/var/lib/ollama"; models = "/var/lib/ollama/models"; };
  config.systemd.services.ollama.serviceConfig = { ExecStart = "/nix/store/ollama serve"; User = "ollama"; };
  lib.mkDefault = value: value;
  pkgs = { ollama-cuda = "cuda"; ollama-rocm = "rocm"; ollama-vulkan = "vulkan"; };
}"""
"""What NixOS hands to a module, as far as ours reads it."""

STRING = r'"((?:[^"\\$]|\\.)*)"'
ATTRIBUTE = re.compile(rf'      "?(\w+)"? = {STRING};')
TEXTS = st.text("a\"\\${}'%nt \t", max_size=10)


def evaluated(text: str, folder: Path) -> dict[str, Any]:
    """Return what Nix makes of the module."""
    (folder / "ollama.nix").write_text(text, encoding="utf-8", newline="\n")
    child = subprocess.run(
        [str(NIX), "--eval", "--strict", "--json", "--store", "dummy://", "-E", f"import ./ollama.nix {ARGUMENTS}"],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "NIX_STATE_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    return dict(json.loads(child.stdout))


def in_unit(value: str) -> str:
    """Return a variable's value as systemd reads the unit that NixOS writes (`systemd-lib.nix`: `toJSON`)."""
    (word,) = unit_reader.words(json.dumps(f"A={value}", ensure_ascii=False))
    return word.removeprefix("A=")


def read(text: str) -> list[dict[str, str]]:
    """Return the variables of each service in the text, in the order of the workers."""
    parts = re.findall(r"(?:environmentVariables|environment) = \{\n(.*?)\n    \};", text, re.DOTALL)
    return [{name: in_unit(unquoted(body)) for name, body in ATTRIBUTE.findall(part)} for part in parts]


def unquoted(body: str) -> str:
    """Return the text of a string of Nix, in which only `n`, `r` and `t` have a meaning behind a backslash."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1]), body)


@needs_nix
@pytest.mark.parametrize("words", [render, nasty])
def test_nix_reads_the_module_and_units_hold_the_very_values(words: Words, tmp_path: Path) -> None:
    settings = pools(TRICKY | {"LINES": "two\nlines", "LONG": "x" * 10_240})
    first, second, third = instances(settings)
    module = evaluated(exported("nix", settings, words=words).text, tmp_path)
    app = module["services"]["ollama"]["environmentVariables"]
    assert {name: in_unit(value) for name, value in app.items()} == without_host(first.environment)
    services = module["systemd"]["services"]
    home = {"HOME": "/var/lib/ollama", "OLLAMA_MODELS": "/var/lib/ollama/models"}
    for name, instance in (("ollama-chat-2", second), ("ollama-embed-1", third)):
        environment = {name: in_unit(value) for name, value in services[name]["environment"].items()}
        assert environment == home | instance.environment
        assert services[name]["serviceConfig"] == {"ExecStart": "/nix/store/ollama serve", "User": "ollama"}


@needs_nix
def test_a_worker_may_have_a_home_a_store_and_variables_with_the_names_of_keywords(tmp_path: Path) -> None:
    own = {"HOME": "/srv", "OLLAMA_MODELS": "/srv/50%", "inherit": "1", "or": "2"}
    module = evaluated(exported("nix", pools(own)).text, tmp_path)
    assert module["services"]["ollama"]["models"] == "/srv/50%%"
    chat, embedding = (module["systemd"]["services"][name] for name in ("ollama-chat-2", "ollama-embed-1"))
    assert {name: in_unit(chat["environment"][name]) for name in own} == own
    assert "ReadWritePaths" not in chat["serviceConfig"]
    assert embedding["environment"]["HOME"] == "/var/lib/ollama"


@needs_nix
def test_a_store_of_one_pool_alone_may_be_written_to(tmp_path: Path) -> None:
    chat, embedding = pools().pools
    own = msgspec.structs.replace(embedding, environment={"OLLAMA_MODELS": "/srv/models"})
    settings = msgspec.structs.replace(pools(), pools=(chat, own))
    services = evaluated(exported("nix", settings).text, tmp_path)["systemd"]["services"]
    assert services["ollama-embed-1"]["serviceConfig"]["ReadWritePaths"] == ["/var/lib/ollama", "/srv/models"]


@given(st.dictionaries(names, printable | TEXTS, max_size=5))
def test_any_value_survives(environment: dict[str, str]) -> None:
    settings = pools(environment)
    first, *further = instances(settings)
    assert read(exported("nix", settings).text) == [
        without_host(first.environment),
        *(one.environment for one in further),
    ]


def without_host(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name != "OLLAMA_HOST"}


@pytest.mark.parametrize(
    ("value", "written"), [("${x}", r'"\${x}"'), ('"', r'"\""'), ("\\", r'"\\"'), ("''", "\"''\""), ("a\nb", r'"a\nb"')]
)
def test_special_signs_are_escaped(value: str, written: str) -> None:
    assert quoted(value) == written


@pytest.mark.parametrize(
    ("accelerator", "package"),
    [
        (Accelerator.NVIDIA, "    package = pkgs.ollama-cuda;\n"),
        (Accelerator.ROCM, "    package = pkgs.ollama-rocm;\n"),
        (Accelerator.VULKAN, "    package = pkgs.ollama-vulkan;\n"),
        (Accelerator.CPU, "enable = true;\n    # All workers"),
    ],
)
def test_the_package_is_that_of_the_card(accelerator: Accelerator, package: str) -> None:
    assert package in exported("nix", pools(), site=Site(accelerator=accelerator)).text


def test_one_worker_alone_needs_no_user_by_name() -> None:
    text = exported("nix", pools(workers=0)).text
    assert 'mkDefault "ollama"' not in text
    assert "ollama-embed-1" not in text


@pytest.mark.parametrize("value", ["back\rto start", "nul\0", "bell\a"])
def test_a_control_character_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="which a systemd unit cannot hold"):
        exported("nix", pools({"MOTD": value}))
