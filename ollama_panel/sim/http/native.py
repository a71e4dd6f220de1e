"""Answers in Ollama's own dialect: NDJSON lines and JSON objects (`api/types.go`, 0.32)."""

from ollama_panel.sim.http.body import Document, encode
from ollama_panel.sim.http.dialect_writer import moment
from ollama_panel.sim.http.inference_request import InferenceRequest
from ollama_panel.sim.http.text import Reply, identity, words
from ollama_panel.sim.machine.work import Counters

JSON_TYPE = "application/json; charset=utf-8"
NDJSON_TYPE = "application/x-ndjson"


class Native:
    """Writes the answers of `/api/chat` and `/api/generate`; durations are in nanoseconds."""

    stream_type = NDJSON_TYPE
    whole_type = JSON_TYPE

    def __init__(self, inference: InferenceRequest, reply: Reply, *, chat: bool) -> None:
        self.inference, self.reply = inference, reply
        self._chat = chat
        self.extra: dict[str, str] = {}

    def piece(self, index: int) -> list[bytes]:
        """Return one piece."""
        if self.reply.tool:
            return []
        piece = self.reply.pieces[index]
        thinking = index < self.reply.thinking
        return [self._line(self._says("" if thinking else piece, piece if thinking else ""), index)]

    def end(self, counters: Counters) -> list[bytes]:
        """Return the end of a stream."""
        call = [self._line(self._says("", "", self.reply.tool))] if self.reply.tool else []
        return [*call, encode(self._final(self._says("", ""), counters)) + b"\n"]

    def broken(self, message: str) -> list[bytes]:
        """Return the error line that ends a stream."""
        return [encode({"error": message}) + b"\n"]

    def whole(self, counters: Counters) -> Document:
        """Return a whole answer."""
        said = self._says(self.reply.text, self.reply.thoughts, self.reply.tool)
        return self._final(said, counters, all_probabilities=True)

    def at_once(self, reason: str) -> Document:
        """Return the answer to a request that only loads or unloads a model."""
        return {**self._head(), **self._says("", ""), "done": True, "done_reason": reason}

    def _says(self, text: str, thinking: str, tool: tuple[str, Document] | None = None) -> Document:
        if not self._chat:
            return {"response": text, "thinking": thinking} if thinking else {"response": text}
        message: Document = {"role": "assistant", "content": text}
        if thinking:
            message["thinking"] = thinking
        if tool:
            function = {"index": 0, "name": tool[0], "arguments": tool[1]}
            message["tool_calls"] = [{"id": call_id(self.reply), "function": function}]
        return {"message": message}

    def _context(self, counters: Counters) -> Document:
        if self._chat or self.inference.raw:
            return {}
        seed, count = identity(self.reply.text), counters.prompt_tokens + counters.output_tokens
        return {"context": [259 + (seed + 37 * at) % 2000 for at in range(count)]}

    def _head(self) -> Document:
        return {"model": self.inference.name, "created_at": moment()}

    def _line(self, said: Document, index: int | None = None) -> bytes:
        line = {**self._head(), **said, "done": False}
        if self.inference.logprobs is not None and index is not None:
            line["logprobs"] = [probability(self.inference, self.reply, index)]
        return encode(line) + b"\n"

    def _final(self, said: Document, counters: Counters, *, all_probabilities: bool = False) -> Document:
        final = {**self._head(), **said, "done": True, "done_reason": self.reply.reason, **self._context(counters)}
        if all_probabilities and self.inference.logprobs is not None:
            final["logprobs"] = [
                probability(self.inference, self.reply, index) for index in range(len(self.reply.pieces))
            ]
        return final | metrics(counters)


def chat(inference: InferenceRequest, reply: Reply) -> Native:
    """Return the writer of `/api/chat`."""
    return Native(inference, reply, chat=True)


def generate(inference: InferenceRequest, reply: Reply) -> Native:
    """Return the writer of `/api/generate`."""
    return Native(inference, reply, chat=False)


def probability(inference: InferenceRequest, reply: Reply, index: int) -> Document:
    """Return what an answer with `logprobs` says of one token."""
    piece = reply.pieces[index]
    found = _token(piece, index)
    if inference.logprobs:
        others = words(identity(piece), inference.logprobs - 1)
        found["top_logprobs"] = [_token(piece, index), *(_token(other, index + 1) for other in others)]
    return found


def metrics(counters: Counters) -> Document:
    """Return the counters of a final chunk without those that are 0 (Go's omitempty)."""
    found = {
        "total_duration": counters.total_us * 1000,
        "load_duration": counters.load_us * 1000,
        "prompt_eval_count": counters.prompt_tokens,
        "prompt_eval_duration": counters.prompt_us * 1000,
        "eval_count": counters.output_tokens,
        "eval_duration": counters.output_us * 1000,
    }
    return {key: value for key, value in found.items() if value}


def call_id(reply: Reply) -> str:
    """Return the id of a tool call."""
    return f"call_{identity(repr(reply.tool)) % 36**8:08x}"[:13]


def _token(piece: str, index: int) -> Document:
    return {"token": piece, "logprob": -0.5 - (index % 7) / 8, "bytes": list(piece.encode())}
