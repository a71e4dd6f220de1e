"""Writes the table of docs/export.md that says what of each export target has been seen to work, and by which test.

    python packaging/export_page.py

A test checks that the table is up to date, that it has every target, and that every test in it exists.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ollama_panel.core.applying.methods import can_apply
from ollama_panel.core.export import targets
from ollama_panel.core.notices.render import render

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "export.md"
BEGIN, END = "<!-- targets: written by packaging/export_page.py -->\n", "<!-- end of targets -->\n"
_NONE = "—"


class Seen(NamedTuple):
    """What was seen, and the test that sees it: a file below `tests` and the name of a function."""

    what: str
    file: str
    test: str

    @property
    def link(self) -> str:
        """A link from the page to the test."""
        return f"[{self.what}](../tests/{self.file})"


class Proof(NamedTuple):
    """What was seen of a target: who reads its files, what of it was run, and how it was applied."""

    parsed: tuple[Seen, ...]
    run: tuple[Seen, ...] = ()
    applied: tuple[Seen, ...] = ()


_MACHINE, _CONTAINER, _CLUSTER = (f"core/export/{group}" for group in ("machine", "container", "cluster"))
_SHELL_RUNS = "test_it_starts_every_worker_and_stops_them_all"
_DROP_IN_PROVEN = "test_a_drop_in_is_proven_from_the_journal_rolled_back_and_undone"
_REAL_PROVEN = "test_a_real_ollama_is_changed_proven_made_to_fail_and_rolled_back"
_PROXY_READS = "test_a_proxy_reads_an_export_and_a_file_that_it_refuses_goes_back"
_500_CHATS = "test_all_of_many_chats_at_once_are_answered_by_both_workers"

PROOFS: dict[str, Proof] = {
    "systemd": Proof(
        (Seen("systemd-analyze", f"{_MACHINE}/test_systemd.py", "test_systemd_accepts_the_drop_in"),),
        (Seen("under systemd", "e2e/test_applying_services.py", _DROP_IN_PROVEN),),
        (Seen("under systemd, proven from the journal", "e2e/test_applying_services.py", _DROP_IN_PROVEN),),
    ),
    "systemd-units": Proof(
        (
            Seen(
                "systemd-analyze", f"{_MACHINE}/test_systemd_units.py", "test_systemd_accepts_the_unit_of_every_worker"
            ),
            Seen("systemd", f"{_MACHINE}/test_systemd_units.py", "test_systemd_reads_the_values_as_they_were_meant"),
        ),
        (
            Seen(
                "under systemd",
                "e2e/test_services_running.py",
                "test_every_worker_is_a_service_with_the_very_variables",
            ),
        ),
        (
            Seen("a real Ollama under systemd", "real/test_applying.py", _REAL_PROVEN),
            Seen("over SSH", "e2e/test_applying_by_ssh.py", "test_it_is_shown_put_into_force_proven_and_undone"),
        ),
    ),
    "launchd": Proof(
        (
            Seen("plistlib", f"{_MACHINE}/test_launchd.py", "test_any_text_of_xml_survives"),
            Seen("libplist", f"{_MACHINE}/test_launchd.py", "test_libplist_reads_the_same"),
        ),
        (
            Seen(
                "the command of an agent, without launchd",
                f"{_MACHINE}/test_launchd.py",
                "test_what_a_worker_prints_is_in_the_folder_of_the_logs",
            ),
        ),
        (
            Seen(
                "the words of the commands",
                "core/applying/managers/test_launchd.py",
                "test_what_launchd_tells_of_an_agent",
            ),
        ),
    ),
    "launchd-app": Proof(
        (Seen("libplist", f"{_MACHINE}/test_launchd.py", "test_libplist_reads_the_same"),),
        (
            Seen(
                "with stand-ins of macOS's programs",
                f"{_MACHINE}/test_launchd.py",
                "test_the_app_gets_the_variables_of_the_first_worker_at_login",
            ),
        ),
    ),
    "homebrew": Proof(
        (Seen("Ruby, with Homebrew's own lines", f"{_MACHINE}/test_homebrew.py", "test_ruby_reads_the_same"),),
        (),
        (Seen("the words of the commands", "core/applying/managers/test_homebrew.py", "test_homebrew_restarts_it"),),
    ),
    "windows": Proof(
        (
            Seen(
                "tree-sitter's grammar of PowerShell",
                f"{_MACHINE}/test_windows.py",
                "test_a_parser_of_powershell_accepts_the_scripts",
            ),
        ),
    ),
    "shell": Proof(
        (
            Seen("sh, dash, bash", f"{_MACHINE}/test_shell.py", "test_the_shell_accepts_the_script"),
            Seen("shellcheck", "engine/test_judging.py", "test_no_tool_of_this_machine_refuses_an_export"),
        ),
        (Seen("with stubs of Ollama", "e2e/test_shell_running.py", _SHELL_RUNS),),
    ),
    "fish": Proof(
        (Seen("fish", f"{_MACHINE}/test_fish.py", "test_fish_accepts_the_script"),),
        (Seen("with stubs of Ollama", "e2e/test_shell_running.py", _SHELL_RUNS),),
    ),
    "env": Proof(
        (
            Seen("sh", f"{_MACHINE}/test_env.py", "test_a_shell_reads_any_value_that_is_not_refused"),
            Seen("systemd", f"{_MACHINE}/test_env.py", "test_systemd_reads_any_value_that_is_not_refused"),
            Seen("Compose", f"{_MACHINE}/test_env.py", "test_compose_reads_them_too"),
        ),
    ),
    "compose": Proof(
        (Seen("docker-compose", f"{_CONTAINER}/test_compose.py", "test_compose_reads_the_values_as_they_were_meant"),),
        (
            Seen(
                "its variables and health check, with a real Ollama without a container",
                "real/test_exported_containers.py",
                "test_the_variables_of_a_compose_file_are_in_force",
            ),
        ),
        (
            Seen(
                "the words of the commands",
                "core/applying/managers/test_compose.py",
                "test_what_docker_tells_of_a_container",
            ),
        ),
    ),
    "docker": Proof(
        (Seen("shellcheck", f"{_CONTAINER}/test_docker.py", "test_shellcheck_has_nothing_to_say"),),
        (
            Seen(
                "docker, with a stand-in of its server",
                f"{_CONTAINER}/test_docker.py",
                "test_docker_asks_its_daemon_for_what_was_meant",
            ),
        ),
    ),
    "quadlet": Proof(
        (
            Seen(
                "the generator of Podman 5.4",
                f"{_CONTAINER}/test_quadlet.py",
                "test_each_container_gets_the_variables_of_its_worker",
            ),
        ),
        (
            Seen(
                "under systemd, with a stand-in of podman",
                "e2e/test_services_running.py",
                "test_systemd_hands_the_very_variables_to_podman",
            ),
        ),
        (Seen("the words of the commands", "core/applying/managers/test_systemd.py", "test_a_quadlet_becomes_a_unit"),),
    ),
    "kubernetes": Proof(
        (
            Seen(
                "kustomize", f"{_CLUSTER}/test_kubernetes.py", "test_kustomize_builds_the_objects_with_the_very_values"
            ),
            Seen("schemas of Kubernetes 1.32", f"{_CLUSTER}/test_kubernetes.py", "test_kubernetes_knows_every_field"),
            Seen(
                "haproxy",
                f"{_CLUSTER}/test_kubernetes.py",
                "test_haproxy_accepts_its_configuration_while_no_worker_is_there",
            ),
        ),
        (
            Seen(
                "the script of a pod",
                f"{_CLUSTER}/test_kubernetes.py",
                "test_a_worker_pulls_its_models_before_it_is_ready",
            ),
        ),
    ),
    "helm": Proof(
        (
            Seen(
                "Helm, with the chart", f"{_CLUSTER}/test_helm.py", "test_the_chart_makes_a_worker_with_the_very_values"
            ),
        ),
    ),
    "nix": Proof(
        (
            Seen(
                "nix-instantiate", f"{_CLUSTER}/test_nix.py", "test_nix_reads_the_module_and_units_hold_the_very_values"
            ),
        ),
    ),
    "ansible": Proof(
        (Seen("ansible-playbook", f"{_CLUSTER}/test_ansible.py", "test_ansible_accepts_the_playbook"),),
        (Seen("its files, on this machine", f"{_CLUSTER}/test_ansible.py", "test_ansible_installs_the_very_files"),),
    ),
    "haproxy": Proof(
        (Seen("haproxy", "core/export/proxy/test_haproxy.py", "test_haproxy_accepts_it"),),
        (Seen("before simulated servers", "e2e/test_front_proxies.py", _500_CHATS),),
        (Seen("under systemd, and back when refused", "e2e/test_applying_proxies.py", _PROXY_READS),),
    ),
    "nginx": Proof(
        (Seen("nginx", "core/export/proxy/test_nginx.py", "test_nginx_accepts_it"),),
        (Seen("before simulated servers", "e2e/test_front_proxies.py", _500_CHATS),),
        (Seen("under systemd, and back when refused", "e2e/test_applying_proxies.py", _PROXY_READS),),
    ),
    "modelfile": Proof(
        (Seen("Ollama", "real/test_modelfiles.py", "test_ollama_makes_the_models_by_the_commands_of_the_steps"),),
        (
            Seen(
                "a real Ollama", "real/test_modelfiles.py", "test_ollama_makes_the_models_by_the_commands_of_the_steps"
            ),
        ),
    ),
    "json": Proof(
        (
            Seen("Python", "core/export/program/test_document.py", "test_its_settings_are_settings_again"),
            Seen("jq", "engine/test_judging.py", "test_no_tool_of_this_machine_refuses_an_export"),
        ),
    ),
}


def table() -> str:
    """Return the table of all targets."""
    lines = [
        "| Target | What it is | Rendered | Parsed by | Run | Applied |",
        "|---|---|---|---|---|---|",
        *(_row(target.id, render(target.title)) for target in targets()),
    ]
    return "".join(f"{line}\n" for line in lines)


def _row(target: str, title: str) -> str:
    proof = PROOFS[target]
    by_hand = "by hand" if not can_apply(target) else _NONE
    cells = (f"`{target}`", title, "yes", _links(proof.parsed), _links(proof.run), _links(proof.applied, by_hand))
    return f"| {' | '.join(cells)} |"


def _links(seen: tuple[Seen, ...], none: str = _NONE) -> str:
    return ", ".join(one.link for one in seen) or none


def page(text: str) -> str:
    """Return the page with its table anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


def seen() -> Iterator[tuple[str, Seen]]:
    """Yield all that is in the table, with its target."""
    for target, proof in PROOFS.items():
        yield from ((target, one) for one in (*proof.parsed, *proof.run, *proof.applied))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
