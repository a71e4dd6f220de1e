"""Which files become which sources."""

import json

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.asking.sources import Named, grouped, places_of, source_of, texts_of, wanted
from ollama_panel.core.notices.render import render
from ollama_panel.core.sources.record import SourceKind

SHOWN = """\
Id=ollama.service
LoadState=loaded
FragmentPath=/etc/systemd/system/ollama.service
DropInPaths=/etc/systemd/system/ollama.service.d/b.conf
EnvironmentFiles=/etc/default/ollama (ignore_errors=yes)
EnvironmentFiles=/etc/more (ignore_errors=no)

Id=ollama-box.service
LoadState=loaded
FragmentPath=/run/systemd/generator/ollama-box.service
SourcePath=/etc/containers/systemd/ollama-box.container

Id=gone.service
LoadState=not-found
"""
FILES = "\n".join(
    (
        "/etc/systemd/system/ollama.service",
        "/etc/systemd/system/ollama.service.d/a.conf",
        "/etc/systemd/system/ollama.service.d/b.conf",
        "/etc/systemd/system/gone.service.d/x.conf",
    )
)
CONTAINER = {
    "Name": "/ollama",
    "Config": {"Labels": {"com.docker.compose.project.config_files": "/srv/a.yml,/srv/b.yml"}},
}


def test_units_with_their_drop_ins_and_what_else_was_found() -> None:
    places = places_of(
        [
            Block("system", (), "Linux\n"),
            Block("home", (), "/home/ada"),
            Block("paths", ("system",), FILES),
            Block("units", ("system",), SHOWN),
            Block("paths", ("compose",), "/srv/a.yml\n/home/ada/compose.yaml\n"),
            Block("inspect", ("docker",), json.dumps([CONTAINER])),
            Block("inspect", ("podman",), "Error: no such object"),
            Block("paths", ("shell",), "/home/ada/.profile\n"),
            Block("unseen", ("podman",), "no permission\n"),
            Block("text", ("truenas", "midclt call app.config ollama"), "{}"),
        ]
    )
    folder = "/etc/systemd/system"
    assert places.named == (
        Named(
            SourceKind.SYSTEMD,
            (
                f"{folder}/ollama.service",
                f"{folder}/ollama.service.d/a.conf",
                f"{folder}/ollama.service.d/b.conf",
                "/etc/default/ollama",
                "/etc/more",
            ),
            "ollama.service",
        ),
        Named(SourceKind.SYSTEMD, (f"{folder}/gone.service.d/x.conf",), "gone.service"),
        Named(SourceKind.COMPOSE, ("/srv/a.yml", "/srv/b.yml")),
        Named(SourceKind.COMPOSE, ("/home/ada/compose.yaml", "/home/ada/compose.override.yaml")),
        Named(SourceKind.SHELL, ("/home/ada/.profile",)),
    )
    assert [one.path for one in places.told] == ["docker inspect ollama", "midclt call app.config ollama"]
    assert places.unseen == (("podman", "no permission"),)
    assert (places.system, places.home) == ("Linux", "/home/ada")


def test_the_variables_of_a_session_are_a_script() -> None:
    (told,) = places_of([Block("session", (), "OLLAMA_HOST=0.0.0.0\nOLLAMA_ORIGINS=a b\n")]).told
    assert (told.kind, told.path) == (SourceKind.LAUNCHCTL, "launchctl getenv")
    assert told.files[0].text == "launchctl setenv OLLAMA_HOST 0.0.0.0\nlaunchctl setenv OLLAMA_ORIGINS 'a b'\n"


def test_a_file_that_cannot_be_read_or_is_missing_says_so() -> None:
    unit = "[Service]\nEnvironmentFile=/closed\nEnvironmentFile=/gone\nEnvironmentFile=-/may-be\n"
    texts = texts_of([Block("text", ("/u.service", "read"), unit), Block("text", ("/closed", "closed"), "")])
    named = Named(SourceKind.SYSTEMD, ("/u.service",), "u.service")
    assert wanted(named, texts, "/root") == ("/closed", "/gone", "/may-be")
    source = source_of(named, texts, "Linux", "/root")
    assert source is not None
    assert [(one.path, one.problem and render(one.problem)) for one in source.files] == [
        ("/u.service", None),
        ("/closed", "/closed cannot be read: it is another user's."),
        ("/gone", "/gone is not there."),
    ]
    assert source_of(Named(SourceKind.SYSTEMD, ("/none",)), texts, "Linux", "/root") is None


def test_a_file_that_is_too_large_is_not_taken_in_part() -> None:
    (large,) = texts_of([Block("text", ("/x.sh", "read"), "x" * (1 << 19))]).values()
    assert (large.text, large.problem and large.problem.code) == ("", "looking.large")


def test_what_a_script_reads_counts_if_it_is_about_ollama() -> None:
    named = Named(SourceKind.SHELL, ("/s.sh",))
    found = [
        Block("text", ("/s.sh", "read"), ". /a\nsource /b\n"),
        Block("text", ("/a", "read"), "alias l=ls\n"),
        Block("text", ("/b", "read"), "export OLLAMA_HOST=0.0.0.0\n"),
    ]
    source = source_of(named, texts_of(found), "Linux", "/root")
    assert source is not None
    assert [one.path for one in source.files] == ["/s.sh", "/b"]


def test_a_program_that_a_unit_starts_is_no_text() -> None:
    named = Named(SourceKind.SYSTEMD, ("/u.service",))
    found = [
        Block("text", ("/u.service", "read"), "[Service]\nExecStart=/opt/a /opt/b\n"),
        Block("text", ("/opt/a", "read"), "#!/bin/sh\nexec ollama serve\n"),
        Block("text", ("/opt/b", "read"), "\x7fELF\0"),
    ]
    source = source_of(named, texts_of(found), "Linux", "/root")
    assert source is not None
    assert [one.path for one in source.files] == ["/u.service", "/opt/a"]


def test_files_of_a_folder_are_put_together() -> None:
    unit, compose, objects = SourceKind.SYSTEMD, SourceKind.COMPOSE, SourceKind.KUBERNETES
    files = [
        ("/a.service", unit),
        ("/a.service.d/x.conf", unit),
        ("/mine/override.conf", unit),
        ("/b", None),
        ("/c.sh", SourceKind.SHELL),
        ("/p/compose.yml", compose),
        ("/p/compose.override.yml", compose),
        ("/q/x.override.yml", compose),
        ("/k/a.yaml", objects),
        ("/k/kustomization.yaml", objects),
        ("/k/o.env", SourceKind.ENVIRONMENT_FILE),
        ("/l/a.yaml", objects),
        ("/l/o.env", SourceKind.ENVIRONMENT_FILE),
    ]
    assert grouped(files) == (
        Named(unit, ("/mine/override.conf",)),
        Named(unit, ("/a.service", "/a.service.d/x.conf"), "a.service"),
        Named(compose, ("/p/compose.yml", "/p/compose.override.yml")),
        Named(compose, ("/q/x.override.yml",)),
        Named(objects, ("/k/kustomization.yaml", "/k/a.yaml", "/k/o.env")),
        Named(objects, ("/l/a.yaml",)),
        Named(SourceKind.SHELL, ("/c.sh",)),
        Named(SourceKind.ENVIRONMENT_FILE, ("/l/o.env",)),
    )
