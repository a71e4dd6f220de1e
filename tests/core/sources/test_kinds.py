import pytest

from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.record import SourceKind
from tests.core.export.samples import exported, pools

SERVICE = "[Service]\nEnvironment=OLLAMA_DEBUG=1\n"

FILES = {
    ("/etc/systemd/system/ollama.service", SERVICE): SourceKind.SYSTEMD,
    ("/etc/systemd/system/ollama.service.d/x.conf", "# [Service]\n"): SourceKind.SYSTEMD,
    ("override.conf", SERVICE): SourceKind.SYSTEMD,
    ("override.conf", 'Environment="OLLAMA_DEBUG=1"\n'): SourceKind.SYSTEMD,
    ("~/.config/containers/systemd/ollama.container", "[Container]\n"): SourceKind.QUADLET,
    ("/etc/containers/systemd/ollama.container.d/x.conf", "[Container]\n"): SourceKind.QUADLET,
    ("/etc/default/ollama", "OLLAMA_DEBUG=1\n"): SourceKind.ENVIRONMENT_FILE,
    ("/etc/environment", "A=1\n"): SourceKind.ENVIRONMENT_FILE,
    ("/etc/conf.d/ollama", "export A=1\n"): SourceKind.SHELL,
    ("~/.config/environment.d/ollama.conf", "A=1\n"): SourceKind.ENVIRONMENT_FILE,
    (".env", "OLLAMA_HOST=x\n"): SourceKind.ENVIRONMENT_FILE,
    ("prod.env", "OLLAMA_HOST=x\n"): SourceKind.ENVIRONMENT_FILE,
    ("~/Library/LaunchAgents/x.plist", "<plist/>"): SourceKind.LAUNCH_AGENT,
    ("set.sh", "launchctl setenv OLLAMA_DEBUG 1\n"): SourceKind.LAUNCHCTL,
    ("~/.bashrc", "export OLLAMA_HOST=x\n"): SourceKind.SHELL,
    ("~/.zshrc", "launchctl setenv OLLAMA_DEBUG 1\n"): SourceKind.LAUNCHCTL,
    ("start.sh", "ollama serve\n"): SourceKind.SHELL,
    ("run.sh", "docker run -d \\\n  ollama/ollama\n"): SourceKind.DOCKER_RUN,
    ("~/.config/fish/config.fish", "set -gx A 1\n"): SourceKind.FISH,
    ("~/.config/fish/fish_variables", "SETUVAR A:1\n"): SourceKind.FISH,
    ("start.bat", "set A=1\n"): SourceKind.BATCH,
    ("C:\\x\\Start.CMD", "set A=1\n"): SourceKind.BATCH,
    ("start.ps1", "$env:A = 1\n"): SourceKind.POWERSHELL,
    ("reg query HKCU\\Environment", "    A    REG_SZ    1\n"): SourceKind.REGISTRY,
    ("compose.yml", "services:\n  ollama:\n    image: ollama/ollama\n"): SourceKind.COMPOSE,
    ("docker inspect ollama", "[]"): SourceKind.DOCKER_INSPECT,
    ("x.json", '[{"Id": "1", "Image": "x", "Config": {}}]'): SourceKind.DOCKER_INSPECT,
    ("configuration.nix", "{ services.ollama.enable = true; }"): SourceKind.NIX,
    ("playbook.yml", "- hosts: all\n  tasks: []\n"): SourceKind.ANSIBLE,
    ("deployment.yaml", "apiVersion: v1\nkind: Pod\n"): SourceKind.KUBERNETES,
    ("part.yaml", "spec:\n  containers:\n    - name: ollama\n"): SourceKind.KUBERNETES,
    ("values.yaml", "ollama:\n  gpu: {enabled: true}\nextraEnv: []\n"): SourceKind.HELM,
    ("my-ollama.xml", '<Container version="2"><Repository>x</Repository></Container>'): SourceKind.UNRAID,
    ("midclt call app.config ollama", "{}"): SourceKind.TRUENAS,
    ("user_config.yaml", "ollama:\n  additional_envs: []\n"): SourceKind.TRUENAS,
    ("~/.ollama/server.json", "{}"): SourceKind.OLLAMA_FILE,
    ("x.json", '{"disable_ollama_cloud": true}'): SourceKind.OLLAMA_FILE,
    ("app.json", '{"expose": true, "models": "", "context_length": 1}'): SourceKind.APP,
    ("settings.json", '{"pools": []}'): SourceKind.PANEL,
}

TEXTS = {
    SERVICE: SourceKind.SYSTEMD,
    "#[Service]\n#Environment=A=1\n": SourceKind.SYSTEMD,
    "[Container]\nImage=x\n": SourceKind.QUADLET,
    "#!/usr/bin/env fish\nset x 1\n": SourceKind.FISH,
    "#!/bin/bash\nls\n": SourceKind.SHELL,
    "docker run ollama/ollama\n": SourceKind.DOCKER_RUN,
    "launchctl setenv A 1\n": SourceKind.LAUNCHCTL,
    "HKEY_CURRENT_USER\\Environment\n    A    REG_SZ    1\n": SourceKind.REGISTRY,
    "$env:OLLAMA_HOST = 'x'\n": SourceKind.POWERSHELL,
    "@echo off\nset A=1\n": SourceKind.BATCH,
    "set -gx A 1\n": SourceKind.FISH,
    "export OLLAMA_HOST=x\n": SourceKind.SHELL,
    "# mine\nOLLAMA_HOST=x\nA=1\n": SourceKind.ENVIRONMENT_FILE,
    "services:\n  ollama: {}\n": SourceKind.COMPOSE,
    '<?xml version="1.0"?>\n<plist version="1.0"/>': SourceKind.LAUNCH_AGENT,
    '{"disable_ollama_cloud": true}': SourceKind.OLLAMA_FILE,
    "{ services.ollama = { enable = true; }; }": SourceKind.NIX,
}

EXPORTS = {
    "systemd": SourceKind.SYSTEMD,
    "systemd-units": SourceKind.SYSTEMD,
    "launchd": SourceKind.LAUNCH_AGENT,
    "launchd-app": SourceKind.LAUNCH_AGENT,
    "homebrew": SourceKind.ENVIRONMENT_FILE,
    "windows": SourceKind.POWERSHELL,
    "shell": SourceKind.SHELL,
    "fish": SourceKind.FISH,
    "env": SourceKind.ENVIRONMENT_FILE,
    "compose": SourceKind.COMPOSE,
    "docker": SourceKind.DOCKER_RUN,
    "kubernetes": SourceKind.KUBERNETES,
    "helm": SourceKind.HELM,
    "nix": SourceKind.NIX,
    "ansible": SourceKind.ANSIBLE,
    "json": SourceKind.PANEL,
}


@pytest.mark.parametrize(("file", "kind"), FILES.items(), ids=[path for path, _ in FILES])
def test_a_file_has_the_format_of_its_name_or_of_its_text(file: tuple[str, str], kind: SourceKind) -> None:
    assert kind_of(*file) is kind


@pytest.mark.parametrize(("text", "kind"), TEXTS.items())
def test_a_text_without_a_name_has_the_only_format_that_it_can_be(text: str, kind: SourceKind) -> None:
    assert kind_of("-", text) is kind


@pytest.mark.parametrize(
    ("path", "text"), [("README.md", "# Ollama\n\nHow to.\n"), ("a.json", "{}"), ("x", ""), ("x.py", "import os\n")]
)
def test_what_is_no_source_has_none(path: str, text: str) -> None:
    assert kind_of(path, text) is None


@pytest.mark.parametrize(("target", "kind"), EXPORTS.items())
def test_the_panels_own_exports_are_known(target: str, kind: SourceKind) -> None:
    first = exported(target, pools()).files[0]
    assert kind_of(first.place or first.name, first.text) is kind
    assert kind_of(first.name, first.text) is kind


def test_a_long_text_of_nothing_is_of_no_format() -> None:
    for text in (" " * 200_000, "\n" * 200_000, "\r" * 200_000, "docker run \\\n" * 20_000):
        assert kind_of("/srv/thing", text) is None
