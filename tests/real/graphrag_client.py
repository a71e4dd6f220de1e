"""LightRAG indexes a text at an Ollama: `graphrag_client.py ADDRESS CHAT_MODEL EMBEDDING_MODEL DIMENSION FOLDER`.

It is used as its examples show: its own clients, its own concurrency (4 prompts and 8 embeddings at a time), and a
time-out of 180 s. A model of random weights extracts nothing, so each of its extractions is exchanged, once it has
come, for the names in the text: without entities there would be nothing to describe, merge and embed. The last line
of the output is a JSON object: calls by path, what failed, and the longest call and longest wait in the queue, seconds.
"""
# ruff: noqa: T201 (its output is its interface)

import asyncio
import json
import logging
import re
import sys
from collections import Counter
from functools import partial
from itertools import pairwise
from time import perf_counter
from typing import Any

import httpx
from lightrag import LightRAG
from lightrag.llm.ollama import ollama_embed, ollama_model_complete
from lightrag.utils import EmbeddingFunc, Tokenizer

TIMEOUT_S = 180
OPTIONS = {"num_ctx": 32_768, "num_predict": 64}
"""LightRAG asks for a context of 32k; a model of random weights would not stop by itself."""

NAMES = ("Ada", "Bruno", "Clara", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ines", "Jonas", "Karla", "Leo", "Mona")
VERBS = ("repaired the clock of", "wrote a letter to", "sold a boat to", "taught chess to", "sang for")
DOCUMENTS, SENTENCES = 4, 50


class Letters:
    """A token for every character, as the tiny models have for English text."""

    def encode(self, content: str) -> list[int]:
        return [ord(letter) for letter in content]

    def decode(self, tokens: list[int]) -> str:
        return "".join(map(chr, tokens))


class Observer:
    """Every HTTP call of the process; LightRAG would repeat some failed ones without a word."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.failures: list[str] = []
        self.longest_call_s = self.longest_wait_s = 0.0
        send = httpx.AsyncClient.send
        httpx.AsyncClient.send = lambda client, request, **more: self._observe(send, client, request, **more)

    async def _observe(self, send: Any, client: httpx.AsyncClient, request: httpx.Request, **more: Any) -> Any:
        begun = perf_counter()
        self.calls[request.url.path] += 1
        try:
            response = await send(client, request, **more)
        except Exception as error:
            self.failures.append(f"{request.url.path}: {error!r} after {perf_counter() - begun:.1f} s")
            raise
        if response.status_code != 200:
            self.failures.append(f"{request.url.path}: {response.status_code} {response.text[:200]}")
        self.longest_call_s = max(self.longest_call_s, perf_counter() - begun)
        self.longest_wait_s = max(self.longest_wait_s, float(response.headers.get("X-Queue-Wait-Time", 0)))
        return response


def document(number: int) -> str:
    """Return a chronicle of a village, about 1,800 characters."""
    lines = [f"Chronicle of the village, volume {number}."]
    for day in range(SENTENCES):
        who, whom = NAMES[(day * 7 + number) % len(NAMES)], NAMES[(day * 3 + number * 5 + 1) % len(NAMES)]
        lines.append(f"On day {day} {who} {VERBS[day % len(VERBS)]} {whom}.")
    return " ".join(lines)


def extraction(text: str) -> str:
    """Return the names of a text, and who follows whom, in LightRAG's format."""
    found = [name for name in re.findall(r"\b[A-Z]\w+", text) if name in NAMES]
    rows = [f"entity<|#|>{name}<|#|>Person<|#|>{name} lives in the village." for name in dict.fromkeys(found)]
    pairs = dict.fromkeys((one, other) for one, other in pairwise(found) if one != other)
    rows += [f"relation<|#|>{one}<|#|>{other}<|#|>village<|#|>{one} knows {other}." for one, other in list(pairs)[:12]]
    return "\n".join([*rows, "<|COMPLETE|>"])


async def complete(prompt: str, system_prompt: str | None = None, **more: Any) -> Any:
    answer = await ollama_model_complete(prompt, system_prompt=system_prompt, **more)
    text = re.search(r"---Input Text---\n```\n(.*?)\n```", prompt, re.DOTALL)
    return extraction(text[1]) if text else answer


async def main(address: str, chat: str, embedding: str, dimension: str, folder: str) -> None:
    logging.getLogger("lightrag").setLevel(logging.WARNING)
    observer = Observer()
    embed = partial(ollama_embed.func, embed_model=embedding, host=address, timeout=TIMEOUT_S)
    rag = LightRAG(
        working_dir=folder,
        llm_model_func=complete,
        llm_model_name=chat,
        llm_model_kwargs={"host": address, "options": OPTIONS, "timeout": TIMEOUT_S},
        default_llm_timeout=TIMEOUT_S,
        default_embedding_timeout=TIMEOUT_S,
        embedding_func=EmbeddingFunc(embedding_dim=int(dimension), max_token_size=512, func=embed),
        tokenizer=Tokenizer("letters", Letters()),
    )
    await rag.initialize_storages()
    begun = perf_counter()
    await rag.ainsert([document(number) for number in range(1, DOCUMENTS + 1)])
    result = {
        "documents": {status: count for status, count in (await rag.get_processing_status()).items() if count},
        "calls": observer.calls,
        "failures": observer.failures,
        "longest_call_s": round(observer.longest_call_s, 2),
        "longest_wait_s": round(observer.longest_wait_s, 2),
        "time_s": round(perf_counter() - begun, 2),
    }
    await rag.finalize_storages()
    print(json.dumps(result))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
