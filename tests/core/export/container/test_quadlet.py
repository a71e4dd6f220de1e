"""The quadlets: Podman's generator makes services of them, and each container gets the very values."""

import shutil
import subprocess
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.container.image import store_of
from ollama_panel.core.export.deployment import Accelerator, Export, Site, Words
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from tests.core.export import unit_reader
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools

_PLACES = ("/usr/libexec/podman/quadlet", "/usr/lib/podman/quadlet")
QUADLET = shutil.which("quadlet") or next(filter(shutil.which, _PLACES), "")
needs_quadlet = pytest.mark.skipif(not QUADLET, reason="quadlet is not installed")

HOSTILE = {**TRICKY, "LINES": "two\nlines\n", "LONG": "x y\\\"'$%`" * 1024}
values = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=40)


def containers(export: Export) -> dict[str, str]:
    return {file.name: file.text for file in export.files if file.name.endswith(".container")}


def generated(folder: Path, export: Export) -> dict[str, str]:
    """Return the services that the generator makes of an export, by name."""
    folder.mkdir(exist_ok=True)
    for file in export.files:
        (folder / file.name).write_text(file.text, encoding="utf-8", newline="\n")
    child = subprocess.run(
        [QUADLET, "--dryrun", "--no-kmsg-log"],
        env={"QUADLET_UNIT_DIRS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    parts = child.stdout.split("---")
    return dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) % 2 else {}


def arguments(service: str) -> list[str]:
    """Return the command line of a service as the program gets it: `$$` is one dollar sign (systemd.service(5))."""
    (line,) = [line for line in service.splitlines() if line.startswith("ExecStart=")]
    return [word.replace("$$", "$") for word in unit_reader.command(line.removeprefix("ExecStart="))]


def after(option: str, argv: list[str]) -> list[str]:
    return [value for name, value in pairwise(argv) if name == option]


def environment(service: str) -> dict[str, str]:
    return dict(one.split("=", 1) for one in after("--env", arguments(service)))


def expected(told: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the variables of each worker in its container."""
    planned = instances(pools(told))
    return [{**one.environment, "OLLAMA_HOST": "0.0.0.0:11434"} for one in planned]


def read(text: str) -> dict[str, str]:
    """Return the variables of a quadlet, by the rules of unit files."""
    return {name: value.replace("$$", "$") for name, value in unit_reader.variables(text).items()}


@given(st.dictionaries(names, values, max_size=5))
def test_any_value_is_read_back_from_the_quadlet(told: dict[str, str]) -> None:
    texts = containers(exported("quadlet", pools(told)))
    assert [read(text) for text in texts.values()] == expected(told)


@needs_quadlet
@pytest.mark.parametrize("words", [render, nasty])
def test_each_container_gets_the_variables_of_its_worker(tmp_path: Path, words: Words) -> None:
    services = generated(tmp_path / "q", exported("quadlet", pools(HOSTILE), words=words))
    names = [f"ollama-{one.id}.service" for one in instances(pools())]
    assert sorted(services) == sorted([*names, "ollama-volume.service"])
    assert [environment(services[name]) for name in names] == expected(HOSTILE)


@needs_quadlet
@settings(max_examples=25)
@given(told=st.dictionaries(names, values, max_size=5))
def test_the_generator_reads_any_value(tmp_path_factory: pytest.TempPathFactory, told: dict[str, str]) -> None:
    services = generated(tmp_path_factory.mktemp("quadlet"), exported("quadlet", pools(told, workers=1)))
    assert environment(services["ollama-chat-1.service"]).items() >= told.items()


@needs_quadlet
def test_a_container_has_its_address_its_volume_and_its_health_check(tmp_path: Path) -> None:
    services = generated(tmp_path / "q", exported("quadlet", pools(), site=Site(ollama="0.32.15")))
    service = services["ollama-chat-2.service"]
    argv = arguments(service)
    assert after("--publish", argv) == ["127.0.0.1:11501:11434"]
    assert after("-v", argv) == ["ollama:/root/.ollama"]
    assert after("--name", argv) == ["ollama-chat-2"]
    assert after("--health-cmd", argv) == ["ollama ps"]
    assert argv[-1] == "docker.io/ollama/ollama:0.32.15"
    assert "Requires=ollama-volume.service" in service
    assert "Restart=always" in service


@needs_quadlet
@pytest.mark.parametrize(
    ("accelerator", "of_user", "devices", "tag"),
    [
        (Accelerator.CPU, False, [], "latest"),
        (Accelerator.NVIDIA, False, ["nvidia.com/gpu=all"], "latest"),
        (Accelerator.ROCM, True, ["/dev/kfd", "/dev/dri"], "rocm"),
        (Accelerator.VULKAN, False, ["/dev/dri"], "latest"),
    ],
)
def test_the_cards_reach_the_containers(
    tmp_path: Path, accelerator: Accelerator, of_user: bool, devices: list[str], tag: str
) -> None:
    export = exported("quadlet", pools(), site=Site(accelerator=accelerator, of_user=of_user))
    argv = arguments(generated(tmp_path / "q", export)["ollama-chat-1.service"])
    assert after("--device", argv) == devices
    assert argv[-1].endswith(f":{tag}")
    assert ("--group-add=keep-groups" in argv) == of_user
    assert ("label=disable" in argv) == bool(devices)


@needs_quadlet
@pytest.mark.parametrize("folder", ["/data", "/my 100% $models/it's here", "/模型\\x41"])
def test_the_folder_of_the_models_is_mounted_as_it_is(tmp_path: Path, folder: str) -> None:
    export = exported("quadlet", with_models(folder))
    assert [file.name for file in export.files if file.name.endswith(".volume")] == []
    services = generated(tmp_path / "q", export)
    argv = arguments(services["ollama-chat-1.service"])
    assert after("-v", argv) == [f"{folder}:/root/.ollama/models"]
    assert "OLLAMA_MODELS" not in environment(services["ollama-chat-1.service"])


@needs_quadlet
@settings(max_examples=25)
@given(rest=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=':"'), min_size=1, max_size=30))
def test_the_generator_mounts_any_folder_that_is_not_refused(
    tmp_path_factory: pytest.TempPathFactory, rest: str
) -> None:
    settings = msgspec.structs.replace(with_models(f"/{rest}"), pools=pools(workers=1).pools[:1])
    (service,) = generated(tmp_path_factory.mktemp("quadlet"), exported("quadlet", settings)).values()
    folder = store_of(instances(settings)[0])  # Ollama itself reads no blanks and quotes around a value
    assert after("-v", arguments(service)) == [f"{folder}:/root/.ollama/models"]


@pytest.mark.parametrize("folder", ["/a:b", "/a\nb", '/"a"'])
def test_a_folder_that_no_volume_can_name_is_refused_in_a_sentence(folder: str) -> None:
    with pytest.raises(PanelError, match="A quadlet cannot mount the folder"):
        exported("quadlet", with_models(folder))


def test_no_container_reaches_the_gpu_of_a_mac() -> None:
    with pytest.raises(PanelError, match="No container reaches the GPU of a Mac"):
        exported("quadlet", pools(), site=Site(accelerator=Accelerator.METAL))


def test_a_control_character_is_refused() -> None:
    with pytest.raises(PanelError, match="which a quadlet cannot hold"):
        exported("quadlet", pools({"MOTD": "bell\a"}))


def test_the_steps_are_those_of_the_manager() -> None:
    export = exported("quadlet", pools(), site=Site(accelerator=Accelerator.NVIDIA))
    commands = [line for step in export.steps for line in step.command.splitlines()]
    units = "ollama-chat-1.service ollama-chat-2.service ollama-embed-1.service"
    assert commands[:4] == [
        "sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml",
        "sudo install -D -m 644 -t /etc/containers/systemd ollama-chat-1.container ollama-chat-2.container "
        "ollama-embed-1.container ollama.volume",
        "sudo systemctl daemon-reload",
        f"sudo systemctl restart {units}",
    ]
    assert commands[4].startswith("sudo podman exec ollama-chat-1 ollama pull ")
    own = exported("quadlet", pools(), site=Site(of_user=True))
    assert own.files[0].place == "~/.config/containers/systemd/ollama-chat-1.container"
    typed = " ".join(step.command for step in own.steps)
    assert "sudo" not in typed
    assert "loginctl enable-linger" in typed


def with_models(folder: str) -> Settings:
    return msgspec.structs.replace(pools(), ollama=OllamaSettings(models_dir=folder))
