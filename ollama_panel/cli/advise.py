"""`ollama-panel advise`: what to set on this machine, or on one that is described, with the arithmetic.

What asks the machine for its memory is imported when no panel answers: it takes longer than all else.
"""

from collections.abc import Iterator

import msgspec

from ollama_panel.cli import output, panel_client, parsers
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.advice import machines, questions, report
from ollama_panel.core.advice.machines import MachineFacts
from ollama_panel.core.advice.questions import Answer, Question
from ollama_panel.core.advice.speed import rough
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices.render import render, with_texts
from ollama_panel.core.panel_api import V1

_PATH = f"{V1}/advice"
_EXAMPLES = """\
ollama-panel advise --use RAG --people 6
ollama-panel advise --use agent --model qwen3-coder:30b --memory 64GiB --gpu "RTX 4090 24GiB"
ollama-panel advise --people 20 --gpu "M4 Max" --memory 64GiB
ollama-panel advise qwen35"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = parsers.add(commands, "advise", "say what to set, with the arithmetic of each number", show, _EXAMPLES)
    parser.add_argument("name", metavar="FAMILY", nargs="?", default="", help="does Ollama run it in parallel?")
    parser.add_argument("--family", default="", metavar="NAME", help="the same, of a family or a model")
    uses = [use.value for use in Use]
    parser.add_argument("--use", type=str.lower, choices=uses, default=Use.CHAT.value, help="what models are used for")
    parser.add_argument("--people", type=parsers.whole, default=1, metavar="N", help="how many people use them")
    parser.add_argument("--model", dest="names", action="append", metavar="NAME", help="it must be served; repeatable")
    parser.add_argument("--memory", default="", metavar="SIZE", help="of a machine that is described: main memory")
    parser.add_argument("--gpu", action="append", metavar="CARD", help='its card or chip, "RTX 4070 12GiB"; repeatable')
    parser.add_argument("--cores", type=parsers.whole, metavar="N", help="its cores")
    parser.add_argument("--table", action="store_true", help="also print what is published of hardware")
    parsers.add_json(parser)


def show(chosen: PanelArguments) -> int:
    """Print the advice: the running panel's, else one for typical models."""
    question = _question(chosen)
    found = panel_client.if_running(chosen.state_dir, lambda panel: panel.get(_PATH, Answer, _query(question)))
    if found is None:
        found = questions.answer(question, _this_machine(question), ())
    if chosen.json:
        output.print_json(msgspec.json.encode(with_texts(msgspec.to_builtins(found))))
    else:
        print("\n".join(_lines(found, table=chosen.table)))
    return 0 if found.family is not None or (found.advice is not None and found.advice.pools) else 1


def _question(chosen: PanelArguments) -> Question:
    if chosen.people < 1:
        raise parsers.UsageError("--people must be at least 1")
    if chosen.cores == 0:
        raise parsers.UsageError("--cores must be at least 1")
    return Question(
        Use(chosen.use),
        chosen.people,
        tuple(chosen.names or ()),
        chosen.memory,
        tuple(chosen.gpu or ()),
        chosen.cores,
        chosen.family or chosen.name,
    )


def _query(question: Question) -> panel_client.Query:
    given = msgspec.to_builtins(question)
    return {
        name: ",".join(value) if isinstance(value, list | tuple) else value for name, value in given.items() if value
    }


def _lines(found: Answer, *, table: bool) -> Iterator[str]:
    if found.family is not None:
        yield render(found.family)
    if found.advice is not None:
        yield from ("    " * depth + render(line) for depth, line in report.lines(found.advice))
    if table:
        yield ""
        yield from _table(found)


def _table(found: Answer) -> Iterator[str]:
    """Yield what is published of hardware, one answer at a time, after what was measured here."""
    unknown = output.UNKNOWN
    rows = [("HARDWARE", "GB/S", "MODEL", "TOKENS/S", "PROMPT TOKENS/S", "SOURCE")]
    for model, here in sorted(found.measured.items()):
        rate = f"{rough(here.tokens_per_s):g}"
        rows.append(("this machine", unknown, model, rate, unknown, f"{output.counted(here.answers, 'answer')} here"))
    for one in found.published:
        known, width = one.measured, f"{one.bandwidth:g}"
        if known is None:
            rows.append((one.name, width, unknown, unknown, unknown, "data sheet"))
            continue
        prompt = unknown if known.prompt_per_s is None else f"{known.prompt_per_s:g}"
        rows.append((one.name, width, known.model, f"{known.tokens_per_s:g}", prompt, known.source))
    for figure in found.circulating:
        told = f"guides, without model or method: {figure.requests_per_s:g} requests/s"
        rows.append((figure.machine, unknown, unknown, f"{figure.tokens_per_s:g}", unknown, told))
    return aligned(rows)


def _this_machine(question: Question) -> MachineFacts:
    """Return the machine at hand, as far as a panel need not run to know it; unknown if the question needs it not."""
    from ollama_panel.core.snapshot import MemoryKind
    from ollama_panel.engine.host.cores import physical_cores
    from ollama_panel.engine.host.gpu import Cards
    from ollama_panel.engine.host.gpu.budget import budget_of
    from ollama_panel.engine.host.gpu.main_memory import MainMemory

    memory = None if question.family or question.memory or question.gpu else Cards.find().memory.read()
    if memory is None:
        return MachineFacts(MemoryKind.SYSTEM, None, 0)
    main, cards = MainMemory().read(), max(1, len(memory.cards))
    found = MachineFacts(memory.kind, budget_of(memory).total, memory.total, name=memory.name, cards=cards)
    return machines.at_hand(found, main.total if main is not None else None, cores=physical_cores())
