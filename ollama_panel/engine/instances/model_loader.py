"""Loads models by Ollama's documented empty request."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

import httpx
import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.api import says_model_missing
from ollama_panel.core.ollama.models import ModelFacts, is_embedding
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.scheduling.in_flight import load_limit_us
from ollama_panel.core.text import printable

_CONNECT_S = 5.0
_NO_OPTIONS = LoadOptions()


class _Error(msgspec.Struct):
    """What Ollama says of a load that has failed."""

    error: object = ""


class NotLoadedError(PanelError):
    """A model is not loaded, as a server says in its `words`, "" where it says nothing.

    `missing`: the server does not have the model.
    """

    def __init__(self, why: Notice, words: str = "", *, missing: bool = False) -> None:
        super().__init__(why)
        self.words = words
        self.missing = missing


class ModelLoader:
    """Loads models into any server. `facts` returns what is known of a model.

    `turn` is entered for each load: it waits until that may begin.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        facts: Callable[[ModelName], ModelFacts | None],
        turn: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self._client = client
        self._facts = facts
        self._turn = turn

    async def load(
        self, url: str, model: ModelName, *, keep_alive: str = "", options: LoadOptions = _NO_OPTIONS
    ) -> None:
        """Load a model into the server at `url` when it is its turn; return when it is loaded.

        It gets the context and the slots of the server's environment unless the `options` say otherwise. `keep_alive`
        is a text as in the settings, "" = what the server's environment says. One that is loaded with the same options
        only gets the new `keep_alive`. Raises NotLoadedError if it is not loaded.
        """
        facts = self._facts(model)
        path, body = load_request(model, facts, keep_alive, options)
        longest_s = load_limit_us(facts.size if facts else 0) / 1e6
        async with self._turn():
            try:
                timeout = httpx.Timeout(longest_s, connect=_CONNECT_S)
                answer = await self._client.post(f"{url}{path}", json=body, timeout=timeout)
            except httpx.TimeoutException as error:
                why = notice("models.load_timeout", model=model, seconds=round(longest_s))
                raise NotLoadedError(why) from error
            except httpx.HTTPError as error:
                reason = printable(str(error)).strip().rstrip(".") or type(error).__name__
                raise NotLoadedError(notice("models.not_loaded", model=model, reason=reason)) from error
        if not answer.is_success:
            words = _words(answer)
            why = notice("models.not_loaded", model=model, reason=words)
            missing = says_model_missing(answer.status_code, words)
            raise NotLoadedError(why, words, missing=missing)


def load_request(
    model: ModelName, facts: ModelFacts | None, keep_alive: str = "", options: LoadOptions = _NO_OPTIONS
) -> tuple[str, dict[str, Any]]:
    """Return the path and the body of the empty request that loads a model (Ollama `server/routes.go`, v0.32.15).

    `GenerateHandler` refuses a model that only computes embeddings, `EmbedHandler` loads one for no input. Whole
    seconds go out as a number: as text they lack a unit (`api/types.go` Duration.UnmarshalJSON).
    """
    embeds = facts is not None and is_embedding(facts)
    body: dict[str, Any] = {"model": model, "input": []} if embeds else {"model": model, "stream": False}
    if keep_alive:
        seconds = durations.parse_setting(keep_alive)
        body["keep_alive"] = keep_alive if seconds is None or durations.parse(keep_alive) is not None else int(seconds)
    if given := {name: value for name, value in msgspec.structs.asdict(options).items() if value is not None}:
        body["options"] = given
    return ("/api/embed" if embeds else "/api/generate"), body


def _words(answer: httpx.Response) -> str:
    """Return Ollama's words for a failed load, for the end of a sentence."""
    try:
        said = str(msgspec.json.decode(answer.content, type=_Error).error)
    except msgspec.DecodeError:
        said = ""
    return printable(said).strip().rstrip(".") or f"status {answer.status_code}"
