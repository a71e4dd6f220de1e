"""The words of "Give me my GPU": who has the GPU, what that means for requests, and what the buttons say.

On a machine without a GPU the models take main memory, so the words are about that.
"""

from collections.abc import Iterator

from PySide6.QtCore import QObject

from ollama_panel.core.gpu_yield import YieldCause, YieldState
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text


def running(snapshot: Snapshot) -> int:
    """Return how many requests are at work, which must end or be cut before the GPU is free."""
    at_work = sum(one.state in (RequestState.LOADING, RequestState.RUNNING) for one in snapshot.requests)
    return max(at_work, sum(one.in_flight for one in snapshot.instances))


class GpuTexts(QObject):
    """The texts for a snapshot; an object, because Qt's tool finds plurals only where an object translates them."""

    def give(self, snapshot: Snapshot) -> str:
        """Return the text of the button that gives the GPU to the user."""
        return self.tr("Give me my GPU") if snapshot.gpu else self.tr("Give me my memory")

    def back(self, snapshot: Snapshot) -> str:
        """Return the text of the button that takes the GPU back."""
        return self.tr("Take the GPU back") if snapshot.gpu else self.tr("Take the memory back")

    def cut(self) -> str:
        """Return the text of the button that ends the answers that run."""
        return self.tr("Cut them now")

    def give_tip(self, snapshot: Snapshot) -> str:
        """Return what giving the GPU away does."""
        if snapshot.gpu_yield.refused:
            program = snapshot.gpu_yield.program or self.tr("another program")
            return self.tr("{program} still uses it, but you have taken it back.").format(program=program)
        return self.tr("Unloads all models, and lets requests wait until you take it back")

    def back_tip(self) -> str:
        """Return what taking the GPU back does."""
        return self.tr("Requests that wait are answered again; the models are loaded as they are needed")

    def cut_tip(self) -> str:
        """Return what cutting does."""
        return self.tr("Ends the answers that are being written; what has been written of them stays with the clients")

    def finish_choice(self, count: int) -> str:
        """Return the choice to let requests end first."""
        return self.tr("Let %n request(s) end first", "", count)

    def cut_choice(self, count: int) -> str:
        """Return the choice to cut requests."""
        return self.tr("Cut %n request(s) now", "", count)

    def title(self, snapshot: Snapshot) -> str:
        """Return who has the GPU, "" while the models have it."""
        away, gpu = snapshot.gpu_yield, snapshot.gpu
        if away.state is YieldState.SERVING:
            return ""
        if away.state is YieldState.FINISHING:
            return self.tr("Freeing the GPU…") if gpu else self.tr("Freeing the memory…")
        if away.cause is YieldCause.PROGRAM and away.program:
            text = self.tr("{program} has the GPU") if gpu else self.tr("{program} has the memory")
            return text.format(program=away.program)
        if away.cause is YieldCause.GPU_BUSY:
            return self.tr("Others have the GPU") if gpu else self.tr("Others have the memory")
        return self.tr("You have the GPU") if gpu else self.tr("You have the memory")

    def facts(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Return what that means now: who runs or waits, what was freed, when it comes back, and how many notes."""
        return tuple(self._facts(snapshot))

    def notes(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Return what is not as one might think; the alerts have it, too."""
        return tuple(map(notice_text, snapshot.gpu_yield.notes))

    def _facts(self, snapshot: Snapshot) -> Iterator[str]:
        away = snapshot.gpu_yield
        if away.state is YieldState.FINISHING:
            yield self.tr("%n request(s) still end", "", away.running)
        if away.state is not YieldState.SERVING and away.waiting:
            yield self.tr("%n request(s) wait", "", away.waiting)
        if away.state is YieldState.YIELDED:
            if away.freed:
                yield self.tr("{size} freed").format(size=fmt.size(away.freed))
            yield self._until(snapshot)
        if away.notes:
            yield self.tr("%n note(s) in the alerts", "", len(away.notes))

    def _until(self, snapshot: Snapshot) -> str:
        """Return when the panel takes the GPU back."""
        away = snapshot.gpu_yield
        if away.resumes_at is not None:
            left = max(0.0, away.resumes_at - snapshot.at)
            return self.tr("back in {time}").format(time=fmt.about(left))
        if away.cause is YieldCause.PROGRAM and away.program:
            return self.tr("until {program} ends").format(program=away.program)
        if away.cause is YieldCause.GPU_BUSY:
            return self.tr("until they are done")
        return self.tr("until you take it back")
