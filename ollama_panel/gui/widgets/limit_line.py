"""The lines of a pool's card that says what limits its models, and how its SLO is kept."""

from collections.abc import Iterable, Iterator

from ollama_panel.core.limits import LimitReason, SloRecord
from ollama_panel.core.scheduling.compliance import KEPT
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.widgets.card import set_tone
from ollama_panel.gui.widgets.elided_label import TwoLineLabel


class LimitLine(TwoLineLabel):
    """Is hidden while the pool promises nothing and only the slots limit its models."""

    def __init__(self) -> None:
        super().__init__("", "caption")
        self.hide()

    def show_pool(self, slo: SloRecord | None, members: Iterable[InstanceRecord]) -> None:
        """Show the SLO of a pool, and the limits of the models in its instances."""
        limits = (limit for one in members for limit in one.limits if limit.reason is not LimitReason.SLOTS)
        told = dict.fromkeys(notice_text(limit.told) for limit in limits)
        parts = (*(self._kept(slo) if slo is not None else ()), *told)
        self.show_text(" · ".join(parts))
        missed = slo is not None and slo.kept is not None and slo.kept < 1 - KEPT
        set_tone(self, "warn" if missed else "")
        self.setVisible(bool(parts))

    def _kept(self, slo: SloRecord) -> Iterator[str]:
        """Yield the targets, with the share of the last requests that met them."""
        targets = list[str]()
        if slo.first_token_s is not None:
            targets.append(self.tr("first token in {time}").format(time=" ".join(fmt.seconds(slo.first_token_s))))
        if slo.tokens_per_s is not None:
            targets.append(self.tr("{rate} tokens/s").format(rate=fmt.rate(slo.tokens_per_s)))
        text = self.tr("SLO {targets}: kept by {share} of the last {number}")
        if slo.kept is None:
            text = self.tr("SLO {targets}: no request yet")
        shown = {"share": fmt.percent(slo.kept, 1), "number": fmt.number(slo.counted)}
        yield text.format(targets=", ".join(targets), **shown)
