"""A closed loop of clients: each sends its next request when the answer to its last one has ended.

Each client begins with a request that is not counted, all at once as they go on later: what a server sets up for a
number of requests is set up then. When the last of these has ended, requests that end are counted in windows, until the
mean of the tokens per second is known well enough (`core.tuning.statistics`) or the time is over.

A window is as many whole cycles of the workload as give each client a request, or fewer if few of these fit into the
time; where three cycles would take too long, it is a fifth of what the time is expected to hold. N clients that never
pause spend N seconds on requests in each second, so a window has taken the sum of the seconds of its requests, divided
by N (the response time law of closed systems: Lazowska et al., Quantitative System Performance, chapter 3). Requests
that run in step with each other then count as often as they should: windows between two moments, by the clock, held a
step of reading prompts more or less, and on a simulated M4 Pro with 9 clients the first of four gave a quarter of the
rate of the others.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from math import ceil
from statistics import mean

import aiohttp

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.tuning.prompts import Calibration, Writer, calibration
from ollama_panel.core.tuning.statistics import FEWEST_BATCHES, enough
from ollama_panel.core.tuning.wave import Wave, Window
from ollama_panel.engine.tuning.exchange import SILENT_S, Exchange, carry_out, now

MOST_S = 60.0
"""How long a trial measures at most, without its first requests: scheduling study, section 8.2."""
_SHORTEST_S = 0.5
"""The shortest window of whole cycles: in less, the delay of the network counts."""
_FEWEST_CYCLES = 3
"""So many must fit into the time: of two windows the half width would be nine times their deviation."""
_FEWEST_LARGE = 4
"""So many windows must fit into the time if they are of several cycles; else they are shorter, and more."""
_PATIENCE = 1.5
"""A trial ends after this many times its time, also without the fewest cycles: its first requests were quick ones."""
_FEW_WORDS, _MANY_WORDS = 20, 120


def new_session(headers: dict[str, str] | None = None) -> aiohttp.ClientSession:
    """Return an HTTP client for any number of streams at once; whoever gets it closes it.

    It is aiohttp's: httpx takes four times the CPU for each piece of a stream, 21 to 29 us against 5 to 6
    (`tests/bench/load_overhead.py`, 1 to 32 clients), which models on the CPU would lack.
    """
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=SILENT_S)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout, headers=headers)


async def calibrated(session: aiohttp.ClientSession, url: str, writer: Writer) -> Calibration:
    """Return how the model of a server counts, by two short requests. Raises PanelError if it does not answer them."""
    few = await _prompt_tokens(session, url, writer, _FEW_WORDS)
    many = await _prompt_tokens(session, url, writer, _MANY_WORDS)
    return calibration(_FEW_WORDS, few, _MANY_WORDS, many)


async def load_model(session: aiohttp.ClientSession, url: str, writer: Writer) -> None:
    """Let a server load the model as the requests of the writer want it. Raises PanelError if it does not."""
    await _prompt_tokens(session, url, writer, 1)


async def _prompt_tokens(session: aiohttp.ClientSession, url: str, writer: Writer, words: int) -> int:
    """Return how many tokens a prompt of so many words has. Raises PanelError if the server does not answer it."""
    answer = Exchange(now(), stream=writer.streams)
    await carry_out(session, url + writer.path, writer.sized(words), answer)
    return answer.prompt_tokens


async def measure(
    session: aiohttp.ClientSession,
    urls: Sequence[str],
    writer: Writer,
    concurrency: int,
    *,
    longer: bool = False,
    most_s: float = MOST_S,
    on_progress: Callable[[Wave], None] = lambda _: None,
) -> Wave:
    """Let `concurrency` clients send to each server, and return what they have seen.

    It takes about `most_s` seconds at most after the first requests (half as long again if these were quick ones), and
    twice that and twice the windows if it is to be `longer`. `on_progress` gets what there is after each window, about
    twice a second at most. However it ends, also when it is cancelled, all its connections are closed. Raises
    PanelError with the server's words as soon as a request fails, or if no token has come.
    """
    times = 2 if longer else 1
    loop = _ClosedLoop(session, writer, most_s * times, FEWEST_BATCHES * times, on_progress)
    return await loop.run([url + writer.path for url in urls for _ in range(concurrency)])


class _ClosedLoop:
    """The clients of one wave, and what they have seen."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        writer: Writer,
        most_s: float,
        fewest: int,
        on_progress: Callable[[Wave], None],
    ) -> None:
        self._session = session
        self._writer = writer
        self._most_s = most_s
        self._fewest = fewest
        self._on_progress = on_progress
        self._numbers = count()
        self._clients = self._beginning = 0
        self._awaited = 0
        self._reached = asyncio.Event()
        self._all_began = asyncio.Event()
        self._durations = list[float]()
        self._running = set[Exchange]()
        self._began: float | None = None
        self._counted = list[Exchange]()
        self._windows = list[Window]()
        self._pieces = 0
        self._tokens = 0
        self._asked = 0

    async def run(self, urls: Sequence[str]) -> Wave:
        """Let a client send to each of the URLs until that is measured. Raises PanelError if a request fails."""
        self._clients = self._beginning = len(urls)
        try:
            async with asyncio.TaskGroup() as group:
                clients = [group.create_task(self._client(url)) for url in urls]
                await self._observe()
                for client in clients:
                    client.cancel()
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None  # it has ended the other clients
        wave = self._wave()
        if not wave.tokens:
            raise PanelError(notice("measuring.nothing", seconds=wave.seconds))
        return wave

    async def _client(self, url: str) -> None:
        await self._request(url)
        self._beginning -= 1
        if not self._beginning:
            self._all_began.set()
        while True:
            await self._request(url)

    async def _request(self, url: str) -> None:
        number = next(self._numbers)
        answer = Exchange(now(), stream=self._writer.streams)
        self._running.add(answer)
        await carry_out(self._session, url, self._writer.body(number), answer)
        self._running.discard(answer)
        self._durations.append(answer.seconds)
        self._pieces += answer.pieces
        self._tokens += answer.tokens
        if self._began is not None:
            self._counted.append(answer)
            self._asked += self._writer.workload.planned(number).answer
            if len(self._counted) >= self._awaited:
                self._reached.set()

    async def _ended(self, number: int, deadline: float) -> bool:
        """Return when so many requests have ended, or at the deadline; whether they have."""
        self._awaited = number
        self._reached.clear()
        if len(self._counted) < number:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    await self._reached.wait()
        return len(self._counted) >= number

    async def _observe(self) -> None:
        """Return when it is measured well enough, or when the time is over."""
        await self._all_began.wait()
        fewest, requests, length = self._window_size()
        began = last = self._began = now()
        pieces, deadline = self._pieces_so_far(), began + _PATIENCE * self._most_s
        while (len(self._windows) < fewest and last < deadline) or (
            last + length <= began + self._most_s and not self._is_known()
        ):
            counted = len(self._windows) * requests
            if not await self._ended(counted + requests, deadline):
                break
            self._windows.append(self._window(self._counted[counted : counted + requests]))
            last = now()
            self._on_progress(self._wave())
        if not self._windows:
            self._windows.append(self._window(self._counted) if self._counted else self._unended(began, pieces))

    def _window(self, ended: Sequence[Exchange]) -> Window:
        """Return the window of some requests."""
        seconds = sum(one.seconds for one in ended) / self._clients
        return Window(seconds, sum(one.tokens for one in ended), len(ended))

    def _unended(self, began: float, pieces: int) -> Window:
        """Return what has come since then of answers of which none has ended, reckoned by their pieces."""
        per_piece = self._tokens / self._pieces if self._pieces else 1.0
        return Window(now() - began, (self._pieces_so_far() - pieces) * per_piece, 0)

    def _window_size(self) -> tuple[int, int, float]:
        """Return the fewest windows, how many requests each has, and its seconds, about."""
        cycle = len(self._writer.workload.requests)
        seconds = mean(self._durations) * cycle / self._clients
        if _FEWEST_CYCLES * seconds > self._most_s:
            requests = max(1, int(self._most_s / seconds * cycle / self._fewest))
            return self._fewest, requests, requests / cycle * seconds
        wanted = ceil(max(self._clients / cycle, _SHORTEST_S / seconds))
        cycles = max(1, min(wanted, int(self._most_s / (_FEWEST_LARGE * seconds))))
        return _FEWEST_CYCLES, cycles * cycle, cycles * seconds

    def _is_known(self) -> bool:
        return len(self._windows) >= self._fewest and enough(self._wave().rates)

    def _pieces_so_far(self) -> int:
        return self._pieces + sum(answer.pieces for answer in self._running)

    def _wave(self) -> Wave:
        """Return what was seen so far."""
        sent_since = [
            one for one in (*self._counted, *self._running) if self._began is not None and one.sent >= self._began
        ]
        return Wave(
            tuple(self._windows),
            tuple(one.first - one.sent for one in sent_since if one.first is not None),
            tuple(time for one in self._counted if (time := one.token_s) is not None),
            tuple(one.seconds for one in self._counted),
            self._asked,
            sum(one.output_tokens for one in self._counted),
        )
