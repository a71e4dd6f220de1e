"""The routes that ask a model for text: checks, then the machine, then the answer in the voice of the path."""

import itertools
from collections.abc import Callable

import msgspec
from aiohttp import web

from ollama_panel.sim.driver import Driver, Mail
from ollama_panel.sim.http import anthropic, native, openai, responses
from ollama_panel.sim.http.body import BadBodyError, Document, decode, encode
from ollama_panel.sim.http.dialect_writer import Voice
from ollama_panel.sim.http.inference_request import Ask, of_chat, of_generate
from ollama_panel.sim.http.library import Library, named_well
from ollama_panel.sim.http.text import Reply
from ollama_panel.sim.http.wire import RefusedError, send, send_json, start
from ollama_panel.sim.machine.catalog import Model
from ollama_panel.sim.machine.work import Counters, Done, Event, Failed, Started, Tokens

_numbers = itertools.count(1)
NO_MEDIA = (
    '{"error":{"code":400,"message":"Multimodal data provided, but model does not support multimodal requests.",'
    '"type":"invalid_request_error"}}'
)
Reader = Callable[[Document], Ask]
Maker = Callable[[Ask, Reply], Voice]

ROUTES: dict[str, tuple[str, Reader, Maker, str]] = {
    "/api/chat": ("ChatRequest", of_chat, native.chat, "chat"),
    "/api/generate": ("GenerateRequest", of_generate, native.generate, "generate"),
    "/v1/chat/completions": ("ChatCompletionRequest", openai.of_chat, openai.ChatCompletion, "chat"),
    "/v1/completions": ("CompletionRequest", openai.of_completion, openai.Completion, "generate"),
    "/v1/responses": ("ResponsesRequest", responses.of_response, responses.Response, "chat"),
    "/v1/messages": ("MessagesRequest", anthropic.of_messages, anthropic.Messages, "chat"),
}


class Talk:
    """Answers chat and generate in every dialect."""

    def __init__(self, driver: Driver, library: Library) -> None:
        self._driver, self._library = driver, library

    async def answer(self, request: web.Request, path: str, raw: bytes) -> web.StreamResponse:
        """Answer one request. Raises BadBodyError and RefusedError."""
        go_type, read, make, verb = ROUTES[path]
        ask = read(decode(raw, go_type))
        model = self._checked(ask, path, verb)
        if ask.empty and ask.keep_alive == 0:
            self._driver.unload(model.name)
            return await send_json(request, _at_once(path, ask, "unload"))
        reply = Reply((), "load") if ask.empty else ask.reply(model)
        voice = make(ask, reply)
        if ask.images and "vision" not in model.capabilities:
            raise RefusedError(400, NO_MEDIA, late=True)
        if model.remote_host:
            return await self._remote(request, voice, ask, reply)
        keep = None if ask.keep_alive is None else self._driver.stretched(ask.keep_alive)
        work = ask.work(f"{next(_numbers)}", model, reply, keep)
        mail = self._driver.submit(work, quiet=ask.empty or not ask.stream)
        try:
            if ask.stream and not ask.empty:
                return await self._stream(request, voice, mail)
            return await self._whole(request, voice, ask, mail, path)
        finally:
            self._driver.forget(work.id)

    def _checked(self, ask: Ask, path: str, verb: str) -> Model:
        if not ask.name and verb == "chat":
            raise RefusedError(400, "model is required")
        if ask.name and not named_well(ask.name):
            raise RefusedError(400, "invalid model name")
        model = self._library.find(ask.name)
        if model is None:
            raise RefusedError(404, f"model '{ask.name}' not found")
        if model.remote_host and self._library.cloud_disabled:
            raise RefusedError(403, "ollama cloud is disabled: remote model is unavailable")
        if model.embedding:
            raise RefusedError(400, f'"{ask.name}" does not support {verb}')
        if ask.tools and "tools" not in model.capabilities:
            raise RefusedError(400, f"registry.ollama.ai/library/{model.name} does not support tools")
        if ask.think and "thinking" not in model.capabilities and path.startswith("/api/"):
            raise RefusedError(400, f'"{ask.name}" does not support thinking')
        return model

    async def _stream(self, request: web.Request, voice: Voice, mail: Mail) -> web.StreamResponse:
        response: web.StreamResponse | None = None
        position, began = 0, False
        while True:
            for event in await mail.take():
                if isinstance(event, Failed) and response is None:
                    raise RefusedError(event.status, event.message, late=began)
                began = began or isinstance(event, Started)
                parts = self._parts(voice, event, position)
                position += event.count if isinstance(event, Tokens) else 0
                if response is None and parts:
                    response = await start(request, voice.stream_type, headers=voice.extra.items())
                for part in parts:
                    await response.write(part)  # type: ignore[union-attr]  # parts have started it
                if isinstance(event, Done | Failed) and response is not None:
                    await response.write_eof()
                    return response

    def _parts(self, voice: Voice, event: Event, position: int) -> list[bytes]:
        if isinstance(event, Tokens):
            return [part for index in range(position, position + event.count) for part in voice.piece(index)]
        if isinstance(event, Done):
            return voice.end(self._seen(event.counters))
        return voice.broken(event.message) if isinstance(event, Failed) else []

    async def _whole(self, request: web.Request, voice: Voice, ask: Ask, mail: Mail, path: str) -> web.StreamResponse:
        for event in await mail.take():
            if isinstance(event, Failed):
                raise RefusedError(event.status, event.message)
            if isinstance(event, Done) and ask.empty and path.startswith("/api/"):
                return await send_json(request, _at_once(path, ask, "load"))
            if isinstance(event, Done):
                return await send_json(request, voice.whole(self._seen(event.counters)), voice.whole_type)
        raise AssertionError("a quiet mailbox opens at the end only")

    async def hear(self, ask: Ask) -> str:
        """Ask for a text outside any voice (transcription). Raises RefusedError."""
        model = self._checked(ask, "/v1/audio/transcriptions", "chat")
        if "audio" not in model.capabilities:
            raise RefusedError(400, NO_MEDIA, late=True)
        reply = ask.reply(model)
        work = ask.work(f"{next(_numbers)}", model, reply, None)
        mail = self._driver.submit(work, quiet=True)
        try:
            end = (await mail.take())[-1]
        finally:
            self._driver.forget(work.id)
        if isinstance(end, Failed):
            raise RefusedError(end.status, end.message)
        return reply.text.strip()

    async def _remote(self, request: web.Request, voice: Voice, ask: Ask, reply: Reply) -> web.StreamResponse:
        """Answer for a model that runs elsewhere: at once, without a slot."""
        counters = Counters(1000, 0, sum(tokens for _, tokens in ask.prompt()), 0, 400, len(reply.pieces), 600)
        if not ask.stream:
            return await send(request, encode(voice.whole(counters)), voice.whole_type)
        response = await start(request, voice.stream_type, headers=voice.extra.items())
        for index in range(len(reply.pieces)):
            for part in voice.piece(index):
                await response.write(part)
        for part in voice.end(counters):
            await response.write(part)
        await response.write_eof()
        return response

    def _seen(self, counters: Counters) -> Counters:
        """Counters as a client sees time pass."""
        wall = self._driver.wall_us
        return msgspec.structs.replace(
            counters,
            total_us=wall(counters.total_us),
            load_us=wall(counters.load_us),
            prompt_us=wall(counters.prompt_us),
            output_us=wall(counters.output_us),
        )


def _at_once(path: str, ask: Ask, reason: str) -> Document:
    """Say that a model was loaded or unloaded."""
    return native.Native(ask, Reply((), reason), chat=path == "/api/chat").at_once(reason)


def wants_stream(path: str, raw: bytes) -> bool:
    """Whether a request that failed had asked for a stream (the framing of late errors depends on it)."""
    go_type, read, _, _ = ROUTES[path]
    try:
        return read(decode(raw, go_type)).stream
    except BadBodyError:
        document = decode(raw, go_type)
        return document.get("stream") is not False if path.startswith("/api/") else bool(document.get("stream"))
