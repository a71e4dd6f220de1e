"""Scripts that start containers, as a shell and Docker read them."""

import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading


def run(text: str, system: str = "", **files: str) -> Reading:
    return reading(SourceKind.DOCKER_RUN, text, path="run.sh", system=system, **files)


def test_a_script_is_a_server_with_its_lines() -> None:
    found = run("""\
        #!/bin/sh
        PORT=11500
        export SLOTS=3
        docker rm -f llm || true
        sudo docker run -d --gpus=all \\
            -v /srv/ollama:/root/.ollama -v cache:/x \\
            --mount 'type=bind,"source=/a,b",target=/models' \\
            -p 127.0.0.1:$PORT:11434 --memory=8g \\
            -e A="x y" --env B='$c' -e SLOTS -e "C=${D:-4}" \\
            --name llm --restart unless-stopped ollama/ollama:0.32.0 # now
        docker exec llm ollama pull qwen3:8b
    """)
    [server] = found.servers
    assert server.variables == {"A": "x y", "B": "$c", "SLOTS": "3", "C": "4"}
    assert (server.name, server.image, server.ports) == ("llm", "ollama/ollama:0.32.0", ("127.0.0.1:11500",))
    assert (server.gpu, server.memory_limit, server.models) == (True, 8 * 1024**3, ("qwen3:8b",))
    assert server.folders == {"/root/.ollama": "/srv/ollama", "/models": "/a,b"}
    assert {one.place.line for one in server.assignments} == {9}


@pytest.mark.parametrize("sign", ["\\", "^", "`"])
def test_a_command_goes_on_in_the_next_line_in_every_shell(sign: str) -> None:
    found = run(f"docker run -d {sign}\n  -e A=1 {sign}\n  -e B=2 ollama/ollama\n")
    assert [(one.name, one.value, one.place.line) for one in found.servers[0].assignments] == [
        ("A", "1", 2),
        ("B", "2", 3),
    ]


def test_the_last_of_a_name_counts_and_files_come_first() -> None:
    found = run(
        "podman run -e A=2 --env-file ./ollama.env ollama/ollama", ollama__env="# x\nA=1\nB=two words\nC\nD=$x\n"
    )
    assert found.variables == {"A": "2", "B": "two words", "D": "$x"}
    assert [(one.name, one.fate) for one in found.servers[0].assignments if one.fate is not Fate.TAKEN] == [
        ("A", Fate.OVERRULED),
        ("C", Fate.IGNORED),
    ]


def test_what_only_the_shell_knows_is_not_guessed() -> None:
    found = run("docker run -e A=$HOST -e B -e C=$(nproc) -e D=1 ollama/ollama")
    assert found.variables == {"D": "1"}
    assert [one.fate for one in found.servers[0].assignments][:3] == [Fate.IGNORED] * 3


def test_other_containers_are_clients() -> None:
    found = run("docker run -d --name web -e OLLAMA_BASE_URL=http://x ghcr.io/open-webui/open-webui:main")
    assert (found.servers, [one.fate for one in found.others], codes(found)) == ((), [Fate.CLIENT], [])


MISTAKES = [
    ("option-behind-image", "docker run -d ollama/ollama -e OLLAMA_NUM_PARALLEL=4", ""),
    ("option-behind-image", "docker run -d ollama/ollama --gpus=all", ""),
    ("option-behind-image", "docker run -d --name x ollama/ollama serve \\\n  --env OLLAMA_NUM_PARALLEL=4", ""),
    ("blank-around-equals", "docker run -d -e OLLAMA_NUM_PARALLEL = 4 ollama/ollama", ""),
    ("blank-around-equals", "docker run -d \\\n  -e OLLAMA_NUM_PARALLEL = 4 \\\n  ollama/ollama", ""),
    ("blank-around-equals", "podman run --env OLLAMA_KEEP_ALIVE = 1h ollama/ollama", ""),
    ("not-expanded", "docker run -e 'OLLAMA_MODELS=$HOME/models' ollama/ollama", ""),
    ("not-expanded", "docker run -e OLLAMA_MODELS='~/models' ollama/ollama", ""),
    ("not-expanded", "docker run -e OLLAMA_MODELS=\\$HOME/models ollama/ollama", ""),
    ("no-gpu-in-container", "docker run -d ollama/ollama", "Darwin"),
    ("no-gpu-in-container", "docker run -d --memory 5g ollama/ollama", "Darwin"),
    ("no-gpu-in-container", "docker run -d --platform linux/arm64 ollama/ollama", ""),
    ("loopback-in-container", "docker run -e OLLAMA_HOST=127.0.0.1 ollama/ollama", ""),
    ("loopback-in-container", 'docker run -e "OLLAMA_HOST=localhost:11434" ollama/ollama', ""),
    ("loopback-in-container", "docker run --env=OLLAMA_HOST=127.0.0.1:11434 -p 1:11434 ollama/ollama", ""),
    ("wrong-port", "docker run -p 11434:8080 ollama/ollama", ""),
    ("wrong-port", "docker run -p 11434:11434 -e OLLAMA_HOST=0.0.0.0:11435 ollama/ollama", ""),
    ("wrong-port", "docker run -p 127.0.0.1:11434:80 ollama/ollama", ""),
    ("unreadable-file", "docker run --env-file ollama.env ollama/ollama", ""),
    ("unreadable-file", "docker run --env-file=/etc/ollama.env ollama/ollama", ""),
    ("unreadable-file", "docker run --env-file x -e A=1 ollama/ollama", ""),
    ("client-side", "docker run -e OLLAMA_NUM_PARALLEL=4 open-webui", ""),
    ("client-side", "docker run -e OLLAMA_KEEP_ALIVE=4 --name bot litellm", ""),
    ("client-side", "docker run -eOLLAMA_MAX_QUEUE=4 n8n", ""),
]


@pytest.mark.parametrize(("code", "text", "system"), MISTAKES)
def test_a_mistake_is_named_and_is_gone_from_what_mends_it(code: str, text: str, system: str) -> None:
    found = run(text, system)
    assert codes(found) == [code]
    mended = found.mistakes[0].mended
    assert (mended is not None) is (code in ("blank-around-equals", "loopback-in-container"))
    if mended is not None:
        assert codes(run(mended, system)) == []
        assert len(run(mended, system).variables) == 1


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("quotes-inside", 'OLLAMA_KEEP_ALIVE="24h"'),
        ("quotes-inside", "OLLAMA_KEEP_ALIVE='24h'"),
        ("quotes-inside", 'OLLAMA_ORIGINS=""'),
        ("comment-in-value", "OLLAMA_KEEP_ALIVE=24h # a day"),
        ("comment-in-value", "OLLAMA_KEEP_ALIVE=24h #"),
        ("comment-in-value", "OLLAMA_KEEP_ALIVE= # none"),
        ("export-in-environment-file", "export OLLAMA_KEEP_ALIVE=24h"),
        ("export-in-environment-file", "  export OLLAMA_KEEP_ALIVE=24h"),
        ("export-in-environment-file", "export OLLAMA_KEEP_ALIVE =24h"),
        ("blank-around-equals", "OLLAMA_KEEP_ALIVE = 24h"),
        ("blank-around-equals", "OLLAMA_KEEP_ALIVE =24h"),
        ("blank-around-equals", "  OLLAMA_KEEP_ALIVE  =  24h"),
    ],
)
def test_a_mistake_in_a_file_of_variables_is_named(code: str, line: str) -> None:
    script = "docker run --env-file ollama.env ollama/ollama"
    found = run(script, ollama__env=f"A=1\n{line}\n")
    assert codes(found) == [code]
    assert (found.mistakes[0].place.path, found.mistakes[0].place.line) == ("ollama.env", 2)
    assert codes(run(script, ollama__env=found.mistakes[0].mended or "")) == []


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("docker run -d --gpus all -p 11434:11434 -e OLLAMA_NUM_PARALLEL=4 ollama/ollama", ""),
        ("docker run ollama/ollama serve", "Linux"),
        ("docker run -e OLLAMA_HOST=127.0.0.1 --network host ollama/ollama", ""),
        ('docker run -e OLLAMA_MODELS="$HOME/models" ollama/ollama', ""),
        ("docker run -e OLLAMA_ORIGINS='http://a?x=$' ollama/ollama", ""),
    ],
)
def test_what_is_right_is_silent(text: str, system: str) -> None:
    assert codes(run(text, system)) == []


@pytest.mark.parametrize("text", ["", "docker ps", "echo docker run x", "docker run", "'"])
def test_what_starts_no_container_is_no_error(text: str) -> None:
    assert run(text).servers == ()
