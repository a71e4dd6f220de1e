import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading


def nix(text: str) -> Reading:
    return reading(SourceKind.NIX, text, path="ollama.nix")


def service(body: str) -> str:
    return f"{{ pkgs, ... }}: {{\n  services.ollama = {{\n    enable = true;\n    {body}\n  }};\n}}\n"


def test_the_server_of_the_module_has_its_options_and_variables() -> None:
    [server] = nix(
        service("""
        host = "0.0.0.0"; port = 11435; models = "/srv/models"; rocmOverrideGfx = "10.3.0";
        acceleration = "cuda"; loadModels = [ "a" "b:1b" ];
        environmentVariables = { A = "1"; B = "x y"; };
        environmentVariables.C = ''
          two
          lines'';
        """)
    ).servers
    assert server.variables == {
        "A": "1",
        "B": "x y",
        "C": "two\nlines",
        "OLLAMA_HOST": "0.0.0.0:11435",
        "OLLAMA_MODELS": "/srv/models",
        "HSA_OVERRIDE_GFX_VERSION": "10.3.0",
    }
    assert (server.name, server.gpu, server.models) == ("ollama", True, ("a", "b:1b"))


@pytest.mark.parametrize(
    ("body", "gpu"),
    [
        ("package = pkgs.ollama-rocm;", True),
        ("acceleration = false;", False),
        ("acceleration = null;", False),
        ("", None),
    ],
)
def test_whether_it_may_use_a_card(body: str, gpu: bool | None) -> None:
    assert nix(service(body)).servers[0].gpu is gpu


def test_what_only_nix_knows_is_told_and_not_guessed() -> None:
    found = nix(service('environmentVariables = { A = config.x; B = "${pkgs.y}/z"; C = "1"; }; port = cfg.port;'))
    assert found.variables == {"C": "1"}
    ignored = [(one.name, one.value) for one in found.servers[0].assignments if one.fate is Fate.IGNORED]
    assert ignored == [("A", "config.x"), ("B", '"${pkgs.y}/z"'), ("OLLAMA_HOST", "cfg.port")]


def test_units_that_run_ollama_are_servers_and_others_are_clients() -> None:
    found = nix("""\
        { config, pkgs, ... }: {
          services.ollama.enable = true;
          systemd.services.ollama.environment.A = "100%%";
          systemd.services."ollama-2" = {
            environment = { A = "2"; };
            serviceConfig = config.systemd.services.ollama.serviceConfig // { X = 1; };
          };
          systemd.services.three.serviceConfig = {
            ExecStart = "${pkgs.ollama}/bin/ollama serve";
            Environment = [ "A=3" "OLLAMA_DEBUG=1" ];
          };
          systemd.services.bot.environment = { OLLAMA_HOST = "http://x"; OLLAMA_NUM_PARALLEL = "4"; };
        }
    """)
    assert [(one.name, one.variables) for one in found.servers] == [
        ("ollama", {"A": "100%"}),
        ("ollama-2", {"A": "2"}),
        ("three", {"A": "3", "OLLAMA_DEBUG": "1"}),
    ]
    assert codes(found) == ["client-side"]
    assert found.mistakes[0].place.line == 12


def test_containers_are_servers_too() -> None:
    found = nix("""\
        { virtualisation.oci-containers.containers.llm = {
            image = "ollama/ollama";
            ports = [ "127.0.0.1:11500:11434" ];
            volumes = [ "/srv/ollama:/root/.ollama" "x:/y" ];
            environment.A = "1";
            extraOptions = [ "--device=nvidia.com/gpu=all" ];
        }; }
    """)
    [server] = found.servers
    assert (server.name, server.ports, server.gpu, server.variables) == ("llm", ("127.0.0.1:11500",), True, {"A": "1"})
    assert server.folders == {"/root/.ollama": "/srv/ollama"}


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("number-not-text", "environmentVariables = { OLLAMA_NUM_PARALLEL = 4; };"),
        ("number-not-text", "environmentVariables.OLLAMA_FLASH_ATTENTION = true;"),
        ("number-not-text", "environmentVariables.OLLAMA_KEEP_ALIVE = -1;"),
        ("wrong-place", 'environmentVariables.OLLAMA_HOST = "0.0.0.0";'),
        ("wrong-place", 'environmentVariables = { OLLAMA_MODELS = "/srv"; };'),
        ("wrong-place", 'host = "0.0.0.0"; environmentVariables = { OLLAMA_HOST = "0.0.0.0:1"; };'),
    ],
)
def test_a_mistake_is_named_and_is_gone_from_what_mends_it(code: str, body: str) -> None:
    found = nix(service(body))
    assert codes(found) == [code]
    mended = found.mistakes[0].mended
    assert (mended is not None) is (code == "number-not-text")
    if mended is not None:
        assert codes(nix(mended)) == []
        assert nix(mended).variables == found.variables


@pytest.mark.parametrize(
    "text",
    [
        '{ services.ollama.environmentVariables.A = "1"; }',
        '{ services.ollama = { enable = false; environmentVariables = { A = "1"; }; }; }',
        '{ config = { services.ollama.enable = false; services.ollama.host = "0.0.0.0"; }; }',
    ],
)
def test_a_service_that_is_not_enabled_gets_nothing(text: str) -> None:
    found = nix(text)
    assert (found.servers, codes(found), len(found.others)) == ((), ["nothing-set"], 1)


@pytest.mark.parametrize("path", ["environment.variables", "environment.sessionVariables", "home.sessionVariables"])
def test_variables_of_shells_reach_no_service(path: str) -> None:
    assert codes(nix(f'{{ {path} = {{ OLLAMA_NUM_PARALLEL = "4"; OLLAMA_HOST = "x"; }}; }}')) == ["client-side"]


@pytest.mark.parametrize(
    "body", ['environmentVariables = { OLLAMA_NUM_PARALLEL = "4"; };', "port = 11435;", "environmentVariables = {};"]
)
def test_what_is_right_is_silent(body: str) -> None:
    assert codes(nix(service(body))) == []


def test_home_manager_leaves_the_store_to_the_variables() -> None:
    text = service('environmentVariables.OLLAMA_MODELS = "/srv";')
    found = reading(SourceKind.NIX, text, path="~/.config/home-manager/ollama.nix")
    assert (found.variables, codes(found)) == ({"OLLAMA_MODELS": "/srv"}, [])


def test_what_is_no_module_says_so() -> None:
    assert nix("{ services.ollama = ").problem is not None
