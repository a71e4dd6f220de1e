"""The error that is shown to users."""

from typing_extensions import override

from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render


class PanelError(Exception):
    """What went wrong, where, and what to do, as a notice; as a string it is its English sentence."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self.notice = notice

    @override
    def __str__(self) -> str:
        return render(self.notice)
