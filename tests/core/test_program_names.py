"""What people call a program."""

import shlex

import pytest

from ollama_panel.core.program_names import program_name

PYTHON = "/usr/bin/python3.11"


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("python3 rag_indexer.py", "rag_indexer.py"),
        ("/srv/venv/bin/python3 /srv/venv/bin/aider --model x", "aider"),
        ("python3 -u -W ignore -X dev /srv/rag_indexer.py --all", "rag_indexer.py"),
        ("python3 -m aider", "aider"),
        ("python3 -um aider.__main__ x", "aider"),
        ("python3 -maider", "aider"),
        ("python3 /srv/rag/__main__.py", "rag"),
        ("python3 /srv/rag/main.py", "rag/main.py"),
        ("python3 main.py", "main.py"),
        ("python3 ./main.py", "main.py"),
        ("python3 /usr/bin/uvicorn open_webui.main:app --port 8080", "open_webui.main:app"),
        ("python3 -m uvicorn --reload chat:app", "chat:app"),
        ("python3 /usr/bin/gunicorn --config x.py", "gunicorn"),
        ("python3 /usr/bin/open-webui serve", "open-webui"),
        ("python3 -c 'import httpx'", "python3"),
        ("python3 -", "python3"),
        ("python3", "python3"),
        ("python3 -i", "python3"),
        ("python3 /", "python3"),
    ],
)
def test_a_script_of_python_has_its_own_name(command: str, shown: str) -> None:
    assert program_name("python3", PYTHON, shlex.split(command)) == shown


@pytest.mark.parametrize(
    ("program", "command", "shown"),
    [
        ("/usr/bin/node", "node /usr/lib/node_modules/@openai/codex/bin/codex.js exec", "@openai/codex"),
        ("/usr/bin/node", "node --enable-source-maps /opt/node_modules/cline/dist/cli.js", "cline"),
        ("/usr/bin/node", "node -r dotenv/config bot.mjs", "bot.mjs"),
        ("/usr/bin/node", "node /srv/bot/index.js", "bot/index.js"),
        ("/usr/bin/node", "node -e 'fetch(1)'", "node"),
        ("/usr/bin/deno", "deno run --allow-net chat.ts", "chat.ts"),
        ("/usr/bin/java", "java -Xmx1g -cp a.jar:b.jar com.acme.Rag", "com.acme.Rag"),
        ("/usr/bin/java", "java -jar /opt/acme/rag.jar --server", "rag.jar"),
        ("/usr/bin/ruby3.1", "ruby -W chat.rb", "chat.rb"),
        ("/usr/bin/bash", "bash ./ask.sh", "ask.sh"),
        ("C:\\Python313\\python.exe", "python.exe 'C:\\rag\\rag_indexer.py'", "rag_indexer.py"),
    ],
)
def test_so_has_one_of_another_interpreter(program: str, command: str, shown: str) -> None:
    words = shlex.split(command)
    assert program_name(words[0], program, words) == shown


@pytest.mark.parametrize(
    ("name", "program", "command", "shown"),
    [
        ("curl", "/usr/bin/curl", "curl -s http://x/api/chat", "curl"),
        ("rag.py", PYTHON, "/usr/bin/python3 ./rag.py", "rag.py"),
        ("MainThread", "/usr/bin/node", "node chat.mjs", "chat.mjs"),
        ("python3", "", "python3 rag.py", "rag.py"),
        ("pythonic", "/usr/bin/pythonic", "pythonic rag.py", "pythonic"),
        ("a\x1b[31m\n", "", "", "a[31m"),
        ("", "/opt/chat", "", "chat"),
        ("", "", "", ""),
    ],
)
def test_any_other_program_has_that_of_its_process(name: str, program: str, command: str, shown: str) -> None:
    assert program_name(name, program, shlex.split(command)) == shown


def test_a_script_may_not_command_a_terminal() -> None:
    assert program_name("python3", PYTHON, ["python3", "/srv/x\x1b]0;y\x07.py"]) == "x]0;y.py"
