"""Which files a source names."""

import pytest

from ollama_panel.core.doctor.asking.named_files import named_by, patterns_in
from ollama_panel.core.sources.record import SourceKind, TextFile

COMPOSE = """\
services:
  a: {image: ollama/ollama, env_file: one.env}
  b: {image: ollama/ollama, env_file: [./two.env, {path: ../three.env, required: false}]}
"""


@pytest.mark.parametrize(
    ("kind", "path", "text", "named"),
    [
        (
            SourceKind.SYSTEMD,
            "/etc/systemd/system/ollama.service",
            "[Service]\nEnvironmentFile=-/etc/default/ollama\n EnvironmentFile = %S/o.env\n#EnvironmentFile=/no\n",
            {"/etc/default/ollama": True, "/var/lib/o.env": False},
        ),
        (
            SourceKind.SYSTEMD,
            "/usr/lib/systemd/user/ollama@2.service",
            "[Service]\nEnvironmentFile=/no\nEnvironmentFile=\nEnvironmentFile=%h/%i.env\n"
            "EnvironmentFile=/etc/%H.env\nEnvironmentFile=etc/x\nEnvironmentFile=/etc/*.env\nPassEnvironment=A\n",
            {"/home/ada/2.env": False},
        ),
        (
            SourceKind.SYSTEMD,
            "/etc/systemd/system/ollama.service",
            "[Service]\nPassEnvironment=NO\nPassEnvironment=\nPassEnvironment=OLLAMA_HOST\n",
            {"/proc/1/environ": True},
        ),
        (
            SourceKind.QUADLET,
            "/etc/containers/systemd/ollama.container",
            "[Container]\nEnvironmentFile=ollama.env\n",
            {"/etc/containers/systemd/ollama.env": False},
        ),
        (
            SourceKind.COMPOSE,
            "/srv/llm/compose.yaml",
            COMPOSE,
            {
                "/srv/llm/.env": True,
                "/srv/llm/one.env": False,
                "/srv/llm/two.env": False,
                "/srv/three.env": True,
            },
        ),
        (SourceKind.COMPOSE, "/srv/compose.yaml", "services: [", {"/srv/.env": True}),
        (
            SourceKind.DOCKER_RUN,
            "/home/ada/run.sh",
            "docker run --env-file ~/o.env --env-file='b c.env' ollama/ollama",
            {"/home/ada/o.env": False, "/home/ada/b c.env": False},
        ),
        (
            SourceKind.SYSTEMD,
            "/etc/systemd/system/llm.service",
            '[Service]\nExecStart=-/bin/bash "/opt/llm/start.sh" --fast\nExecStart=/usr/local/bin/ollama serve\n',
            {"/opt/llm/start.sh": True},
        ),
        (
            SourceKind.SHELL,
            "/home/ada/.profile",
            "EnvironmentFile=/a\n. ~/.more\n[ -r x ] && . y\nsource '/b c'\n. $UNKNOWN/z\n",
            {"/home/ada/.more": True, "/b c": True},
        ),
        (
            SourceKind.LAUNCH_AGENT,
            "/Users/ada/Library/LaunchAgents/a.plist",
            "<array><string>/bin/sh</string><string>/opt/s.sh</string></array>",
            {"/opt/s.sh": True},
        ),
        (SourceKind.HELM, "/values.yaml", "env_file: x", {}),
    ],
)
def test_the_files_that_a_source_names(kind: SourceKind, path: str, text: str, named: dict[str, bool]) -> None:
    assert named_by(kind, [TextFile(path, text)], "/home/ada") == named


def test_a_source_without_a_file_names_none() -> None:
    assert named_by(SourceKind.COMPOSE, [], "/home/ada") == {}


def test_patterns_are_those_that_systemd_fills_in() -> None:
    unit = "[Service]\nEnvironmentFile=/etc/a.env\nEnvironmentFile=-/etc/%i/*.env\nEnvironmentFile=/etc/%H/*\n"
    file = TextFile("/etc/systemd/system/ollama@1.service", unit)
    (found,) = patterns_in(SourceKind.SYSTEMD, [file], "/home/ada")
    assert (found.path, found.optional, found.line) == ("/etc/1/*.env", True, 3)
    assert patterns_in(SourceKind.COMPOSE, [file], "/home/ada") == ()
