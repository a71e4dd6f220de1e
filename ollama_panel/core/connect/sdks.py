"""The client libraries of OpenAI, Anthropic and Ollama."""

from collections.abc import Mapping

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import Endpoint, Guide, Language, Marks, Way
from ollama_panel.core.connect.timeouts import FLOOR_S
from ollama_panel.core.notices import notice

_MESSAGE = '[{"role": "user", "content": "Hello"}]'
_JS_MESSAGE = '[{ role: "user", content: "Hello" }]'


def openai(endpoint: Endpoint) -> Guide:
    """Return the guide for OpenAI's libraries, and for programs that read the variables of these."""
    url, key = texts.openai_url(endpoint.url), endpoint.key or texts.NO_KEY
    python = texts.lines(
        [
            "from openai import OpenAI",
            "",
            "client = OpenAI(",
            f"    base_url={texts.quoted(url)},",
            f"    api_key={texts.quoted(key)},",
            f"    timeout={endpoint.timeout.seconds},",
            ")",
            "answer = client.chat.completions.create(",
            f"    model={texts.quoted(endpoint.model)},",
            f"    messages={_MESSAGE},",
            ")",
            "print(answer.choices[0].message.content)",
        ]
    )
    javascript = texts.lines(
        [
            'import OpenAI from "openai";',
            "",
            "const client = new OpenAI({",
            f"  baseURL: {texts.quoted(url)},",
            f"  apiKey: {texts.quoted(key)},",
            f"  timeout: {endpoint.timeout.seconds * 1000},",
            "});",
            "const answer = await client.chat.completions.create({",
            f"  model: {texts.quoted(endpoint.model)},",
            f"  messages: {_JS_MESSAGE},",
            "});",
            "console.log(answer.choices[0].message.content);",
        ]
    )
    return Guide(
        id="openai",
        name="OpenAI SDK",
        ways=(
            Way("python", "Python", python, Language.PYTHON),
            Way("javascript", "JavaScript", javascript, Language.JAVASCRIPT),
            _environment({"OPENAI_BASE_URL": url, "OPENAI_API_KEY": key}, endpoint),
        ),
        version="3.57 (Python), 6.49 (JavaScript)",
        source="https://github.com/openai/openai-python/blob/main/src/openai/_client.py",
        running=notice("connect.running.code"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "timeout", FLOOR_S),
        marks=Marks(agents=("openai/", "asyncopenai/")),
    )


def anthropic(endpoint: Endpoint) -> Guide:
    """Return the guide for Anthropic's libraries, and for programs that read the variables of these."""
    key = endpoint.key or texts.NO_KEY
    python = texts.lines(
        [
            "from anthropic import Anthropic",
            "",
            "client = Anthropic(",
            f"    base_url={texts.quoted(endpoint.url)},",
            f"    api_key={texts.quoted(key)},",
            f"    timeout={endpoint.timeout.seconds},",
            ")",
            "answer = client.messages.create(",
            f"    model={texts.quoted(endpoint.model)},",
            "    max_tokens=1024,",
            f"    messages={_MESSAGE},",
            ")",
            "print(answer.content[0].text)",
        ]
    )
    javascript = texts.lines(
        [
            'import Anthropic from "@anthropic-ai/sdk";',
            "",
            "const client = new Anthropic({",
            f"  baseURL: {texts.quoted(endpoint.url)},",
            f"  apiKey: {texts.quoted(key)},",
            f"  timeout: {endpoint.timeout.seconds * 1000},",
            "});",
            "const answer = await client.messages.create({",
            f"  model: {texts.quoted(endpoint.model)},",
            "  max_tokens: 1024,",
            f"  messages: {_JS_MESSAGE},",
            "});",
            "console.log(answer.content[0].text);",
        ]
    )
    return Guide(
        id="anthropic",
        name="Anthropic SDK",
        ways=(
            Way("python", "Python", python, Language.PYTHON),
            Way("javascript", "JavaScript", javascript, Language.JAVASCRIPT),
            _environment({"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": key}, endpoint),
        ),
        version="2.14 (Python), 1.14 (JavaScript)",
        source="https://github.com/anthropics/anthropic-sdk-python/blob/main/src/anthropic/_client.py",
        running=notice("connect.running.code"),
        key=notice("connect.key.x_api_key"),
        timeout=texts.told_timeout(endpoint, "timeout", FLOOR_S),
        marks=Marks(agents=("anthropic/", "asyncanthropic/")),
    )


def ollama_sdk(endpoint: Endpoint) -> Guide:
    """Return the guide for Ollama's libraries, which wait without end unless they are told how long."""
    headers = texts.bearer(endpoint)
    python = texts.lines(
        [
            "from ollama import Client",
            "",
            "client = Client(",
            f"    host={texts.quoted(endpoint.url)},",
            f"    headers={texts.json_line(headers)}," if headers else None,
            f"    timeout={endpoint.timeout.seconds},",
            ")",
            "answer = client.chat(",
            f"    model={texts.quoted(endpoint.model)},",
            f"    messages={_MESSAGE},",
            ")",
            "print(answer.message.content)",
        ]
    )
    javascript = texts.lines(
        [
            'import { Ollama } from "ollama";',
            "",
            "const client = new Ollama({",
            f"  host: {texts.quoted(endpoint.url)},",
            f"  headers: {texts.json_line(headers)}," if headers else None,
            "});",
            "const answer = await client.chat({",
            f"  model: {texts.quoted(endpoint.model)},",
            f"  messages: {_JS_MESSAGE},",
            "});",
            "console.log(answer.message.content);",
        ]
    )
    return Guide(
        id="ollama-sdk",
        name="Ollama SDK",
        ways=(
            Way("python", "Python", python, Language.PYTHON),
            Way("javascript", "JavaScript", javascript, Language.JAVASCRIPT),
        ),
        version="0.6.3 (Python), 0.6.4 (JavaScript)",
        source="https://github.com/ollama/ollama-python/blob/main/ollama/_client.py",
        running=notice("connect.running.code"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "timeout"),
        marks=Marks(agents=("ollama-python/", "ollama-js/")),
    )


def _environment(values: Mapping[str, str], endpoint: Endpoint) -> Way:
    note = notice("connect.note.environment")
    text = texts.variables(values, endpoint.system)
    return Way("environment", notice("connect.way.environment"), text, texts.shell(endpoint.system), note=note)
