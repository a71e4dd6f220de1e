"""The target of a scenario: a URL, and the models there by what they can do."""

import base64
import zlib

import msgspec


class Models(msgspec.Struct, frozen=True):
    """Names of models by what they can do."""

    chat: str
    embedding: str
    tools: str
    thinking: str
    vision: str


SIMULATED = Models(chat="tiny", embedding="all-minilm", tools="llama3.2:3b", thinking="gpt-oss:20b", vision="gemma3:4b")


class Target(msgspec.Struct, frozen=True):
    """An address that speaks Ollama's API, and the models to ask for; `tokens` is how long answers may be."""

    url: str
    models: Models = SIMULATED
    tokens: int = 12

    @property
    def options(self) -> dict[str, float]:
        """Return the options of the native API that make an answer short and always the same."""
        return {"num_predict": self.tokens, "temperature": 0, "seed": 1}


QUESTION = [{"role": "user", "content": "Why is the sky blue?"}]

CONVERSATION = [
    {"role": "system", "content": "You answer briefly."},
    {"role": "user", "content": "Grüße! 你好 🙂"},
    {"role": "assistant", "content": "Hello."},
    {"role": "user", "content": 'Say "quote\\backslash" and a\nnew line.'},
]

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
            "required": ["city"],
        },
    },
}

COUNTRY = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "population": {"type": "integer"},
        "languages": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "population", "languages"],
}


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = (1).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    pixel = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


PICTURE = _png()
PICTURE_TEXT = base64.b64encode(PICTURE).decode()
