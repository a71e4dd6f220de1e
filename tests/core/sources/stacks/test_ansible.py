"""Playbooks: what they copy is read as systemd will read it."""

import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading

DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"


def ansible(text: str, **files: str) -> Reading:
    return reading(SourceKind.ANSIBLE, text, path="ollama.yml", **files)


def test_a_unit_in_the_playbook_has_its_lines_there() -> None:
    found = ansible(f"""\
        - hosts: gpu
          tasks:
            - name: Settings of Ollama
              ansible.builtin.copy:
                dest: {DROP_IN}
                content: |
                  [Service]
                  Environment="OLLAMA_NUM_PARALLEL=4"
                  Environment="OLLAMA_MODELS={{{{ models }}}}"
              notify: restart
    """)
    [server] = found.servers
    assert server.variables == {"OLLAMA_NUM_PARALLEL": "4"}
    assert [(one.name, one.fate, one.place.path, one.place.line) for one in server.assignments] == [
        ("OLLAMA_NUM_PARALLEL", Fate.TAKEN, "ollama.yml", 8),
        ("OLLAMA_MODELS", Fate.IGNORED, "ollama.yml", 9),
    ]


def test_a_file_beside_the_playbook_is_read_at_its_own_place() -> None:
    found = ansible(
        f"- hosts: x\n  tasks:\n    - copy: {{src: files/override.conf, dest: {DROP_IN}}}\n",
        override__conf="[Service]\nEnvironment=A=1\n",
    )
    [one] = found.servers[0].assignments
    assert (one.name, one.value, one.place.path, one.place.line) == ("A", "1", "override.conf", 2)


@pytest.mark.parametrize(
    "task",
    [
        f"lineinfile: {{path: {DROP_IN}, line: 'Environment=OLLAMA_NUM_PARALLEL=4'}}",
        f"ansible.builtin.blockinfile: {{path: {DROP_IN}, block: 'Environment=OLLAMA_NUM_PARALLEL=4'}}",
        f"community.general.ini_file:\n      {{path: {DROP_IN}, section: Service, option: Environment,"
        " value: OLLAMA_NUM_PARALLEL=4}",
    ],
)
def test_what_edits_a_unit_is_read_as_a_part_of_it(task: str) -> None:
    assert ansible(f"- name: set\n  {task}\n").variables == {"OLLAMA_NUM_PARALLEL": "4"}


def test_containers_of_tasks_are_servers() -> None:
    found = ansible("""\
        - hosts: x
          tasks:
            - block:
              - community.docker.docker_container:
                  name: llm
                  image: ollama/ollama
                  ports: ["11500:11434"]
                  volumes: [/srv/ollama:/root/.ollama]
                  device_requests: [{driver: nvidia, count: -1, capabilities: [[gpu]]}]
                  env: {A: "1", B: "{{ b }}"}
            - docker_container: {name: web, image: open-webui, env: {OLLAMA_BASE_URL: http://llm}}
    """)
    [server] = found.servers
    assert (server.name, server.variables, server.ports, server.gpu) == ("llm", {"A": "1"}, ("11500",), True)
    assert server.folders == {"/root/.ollama": "/srv/ollama"}
    assert ([one.fate for one in found.others], codes(found)) == ([Fate.CLIENT], [])


@pytest.mark.parametrize("value", ["4", "true", "-1"])
def test_a_value_that_is_no_text_is_named_and_mended(value: str) -> None:
    text = f"- docker_container: {{name: x, image: ollama/ollama, env: {{OLLAMA_KEEP_ALIVE: {value}}}}}\n"
    found = ansible(text)
    assert codes(found) == ["number-not-text"]
    assert codes(ansible(found.mistakes[0].mended or "")) == []


@pytest.mark.parametrize(
    "text",
    [
        "- command: ollama list\n  environment: {OLLAMA_NUM_PARALLEL: '4'}\n",
        "- hosts: x\n  environment:\n    OLLAMA_KEEP_ALIVE: 24h\n  tasks: []\n",
        "- hosts: x\n  tasks:\n    - shell: ollama ps\n      environment: {OLLAMA_MAX_QUEUE: 5, OLLAMA_HOST: x}\n",
    ],
)
def test_variables_of_tasks_reach_no_service(text: str) -> None:
    assert codes(ansible(text)) == ["client-side"]


def test_what_is_right_is_silent() -> None:
    assert codes(ansible("- command: ollama list\n  environment: {OLLAMA_HOST: x}\n")) == []


@pytest.mark.parametrize("text", ["", "a: b", "- a: [", "3"])
def test_what_has_no_tasks_says_so(text: str) -> None:
    assert ansible(text).problem is not None
