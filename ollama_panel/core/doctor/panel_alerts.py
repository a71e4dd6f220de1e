"""The alerts of the Overview as findings, each once and at one check, so that no fact is told twice.

A finding that stands for an alert has the id `alert.<code>`, and what it is about after a colon (`finding_id`).
"""

from collections.abc import Iterator, Mapping

import msgspec

from ollama_panel.core.alerts import GPU_YIELD, Alert, alerts, of_machine
from ollama_panel.core.disk_space import CODE as DISK
from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.check import Applies, Check, Look
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.fixes import setting_fix
from ollama_panel.core.doctor.remedy_labels import label_of
from ollama_panel.core.doctor.unwatched import CONTEXT, of_disks, of_servers
from ollama_panel.core.findings import Area, ChangeSettings, Evidence, Finding, Fix, Remedy, UseRemedy
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.notices.templates import FIELD, TEMPLATES
from ollama_panel.core.ollama.incident import Kind
from ollama_panel.core.ollama.sizes import power_of_two

PANEL = "servers.panel"
"""The check that has all alerts which no other has: those of the panel's own state."""

CHECK_OF: Mapping[str, str] = {
    Kind.LAYERS_SPILLED.value: "graphics.layers",
    Kind.GPU_LOST.value: "graphics.found",
    Kind.GPU_CRASHED.value: "graphics.crashes",
    Kind.GPU_UNSUPPORTED.value: "graphics.found",
    Kind.VULKAN_DISABLED.value: "graphics.found",
    Kind.INTEGRATED_GPU_DROPPED.value: "graphics.found",
    Kind.VISIBLE_DEVICES_SET.value: "graphics.found",
    Kind.OUT_OF_MEMORY.value: "memory.loads",
    Kind.VRAM_NOT_RECOVERED.value: "memory.loads",
    Kind.CONTEXT_REDUCED.value: "models.context",
    Kind.KV_TYPE_IGNORED.value: "memory.cache",
    Kind.FLASH_ATTENTION_OFF.value: "memory.cache",
    Kind.EVICTION_THRASH.value: "models.reloads",
    "context_conflict": "models.reloads",
    Kind.SLOTS_FORCED.value: "parallel.serial",
    Kind.PROMPT_CUT.value: "requests.cut",
    Kind.OPTION_UNKNOWN.value: "requests.options",
    Kind.MODELS_FOLDER_UNUSABLE.value: "models.store",
    Kind.CRASHED.value: PANEL,
    Kind.RUNNER_CRASHED.value: PANEL,
    "stores": "models.store",
    DISK: "memory.disk",
    "bypass": "requests.past",
    "slo": "requests.slo",
    "drift": "graphics.speed",
}
"""The check of each kind of alert; all others are those of `PANEL`."""

TOLD_ELSEWHERE: Mapping[str, str] = {"proxy.open_to_all": "network.panel-open"}
"""The alerts that another check tells by the settings, and the id of its finding."""

_NO_FINDINGS = frozenset({"demo", "adjust", GPU_YIELD})
"""What begins like this is no fault: a demonstration, proposals, which the Overview makes, and a GPU that was lent."""

_HEADLINES: Mapping[str, str] = {
    Kind.LAYERS_SPILLED.value: "doctor.layers_spilled",
    Kind.GPU_LOST.value: "doctor.gpu_lost",
    Kind.GPU_CRASHED.value: "doctor.gpu_crashed",
    Kind.GPU_UNSUPPORTED.value: "doctor.gpu_unsupported",
    Kind.VULKAN_DISABLED.value: "doctor.vulkan_disabled",
    Kind.INTEGRATED_GPU_DROPPED.value: "doctor.integrated_dropped",
    Kind.VISIBLE_DEVICES_SET.value: "doctor.visible_devices",
    Kind.OUT_OF_MEMORY.value: "doctor.out_of_memory",
    Kind.VRAM_NOT_RECOVERED.value: "doctor.vram_not_recovered",
    Kind.CONTEXT_REDUCED.value: "doctor.context_reduced",
    Kind.KV_TYPE_IGNORED.value: "doctor.kv_type_ignored",
    Kind.FLASH_ATTENTION_OFF.value: "doctor.flash_attention_off",
    Kind.EVICTION_THRASH.value: "doctor.thrash",
    "context_conflict": "doctor.context_conflict",
    Kind.SLOTS_FORCED.value: "doctor.slots_forced",
    Kind.PROMPT_CUT.value: "doctor.prompts_cut",
    Kind.OPTION_UNKNOWN.value: "doctor.option_unknown",
    Kind.MODELS_FOLDER_UNUSABLE.value: "doctor.folder_unusable",
    Kind.CRASHED.value: "doctor.crashed",
    Kind.RUNNER_CRASHED.value: "doctor.crashed_runner",
    DISK: "doctor.disk_nearly_full",
    "bypass": "doctor.past_the_queue",
}
"""The headline of each kind; the alert itself says why. An alert of another kind is its own headline."""


def finding_id(alert: Alert) -> str:
    """Return the id of the finding that stands for an alert: it stays the same while that is about the same."""
    if alert.code in TOLD_ELSEWHERE:
        return TOLD_ELSEWHERE[alert.code]
    if alert.code == "bypass":
        return "alert.bypass"  # with another program it is still about the same
    topic = min(alert.topics, key=str, default=())
    subject = [part for part in topic[1:] if isinstance(part, str) and part not in ("", alert.code)]
    return ":".join((f"alert.{alert.code}", *subject))


def alert_check(
    check: str,
    area: Area,
    title: Notice,
    look: Look | None = None,
    *,
    applies: Applies = subjects.logs,
) -> Check:
    """Return a check that tells the alerts of `CHECK_OF`, and what `look` finds besides."""

    def every(facts: Facts) -> Iterator[Finding]:
        yield from of_alerts(facts, check, area)
        yield from look(facts) if look is not None else ()

    return Check(check, area, title, every, applies)


def known_alerts(facts: Facts) -> tuple[Alert, ...]:
    """Return the alerts of the panel, and those of servers and disks that it does not watch; without what is no fault.

    These are told by the same rules: the server's log, and what it says of its loaded models.
    """
    watched = () if facts.snapshot is None else alerts(facts.snapshot)
    others = tuple(map(of_machine, (*of_servers(facts), *of_disks(facts))))
    of_file = {one.problem.where for one in facts.panel_file.problems} if facts.panel_file is not None else set[str]()
    told = {("problem", where) for where in of_file}  # by a check of its own, with the line
    every = (one for one in (*watched, *others) if one.code not in TOLD_ELSEWHERE)
    every = (one for one in every if not any(topic[:2] in told for topic in one.topics))
    return tuple(one for one in every if one.told.code.partition(".")[0] not in _NO_FINDINGS)


def of_alerts(facts: Facts, check: str, area: Area) -> Iterator[Finding]:
    """Yield the findings of a check that stand for alerts."""
    for alert in known_alerts(facts):
        if CHECK_OF.get(alert.code, PANEL) == check:
            yield _with_fix(facts, alert, finding_of(alert, check, area))


def _with_fix(facts: Facts, alert: Alert, found: Finding) -> Finding:
    """Return a finding of a server that the panel does not watch with the variables that help, where it can set them.

    What helps is named in the alert: a switch, or the context that a prompt needs.
    """
    told, variables = alert.told, dict[str, str]()
    if found.fix is not None or len(alert.instances) != 1:
        return found
    if alert.code in (Kind.VULKAN_DISABLED.value, Kind.INTEGRATED_GPU_DROPPED.value):
        variables = {str(told.values["variable"]): "1"}
    elif alert.code == Kind.GPU_UNSUPPORTED.value:
        variables = {"OLLAMA_VULKAN": "1"}
    elif told.code == "prompt_cut.logged" and isinstance(tokens := told.values["tokens"], int):
        variables = {CONTEXT: str(power_of_two(tokens + 1))}
    fix = setting_fix(facts, alert.instances[0], variables) if variables else None
    if fix is None:
        return found
    shown = tuple(f"{name}={value}" for name, value in variables.items())
    return msgspec.structs.replace(found, fix=fix, label=notice("doctor.label.variables", variables=shown))


def finding_of(alert: Alert, check: str, area: Area) -> Finding:
    """Return an alert as a finding: a short headline, the alert itself as the reason, its numbers as evidence."""
    headline = _headline(alert)
    fix, label = fix_of(alert), None if not alert.remedies else label_of(alert.remedies[0])
    return Finding(
        finding_id(alert),
        check,
        area,
        alert.told if headline is None else headline,
        None if headline is None else alert.told,
        tuple(_evidence(alert)),
        fix,
        label,
    )


def fix_of(alert: Alert) -> Fix | None:
    """Return what can be done about an alert at once: the first of its remedies."""
    if not alert.remedies:
        return None
    first = alert.remedies[0]
    return UseRemedy(first, alert.instances) if isinstance(first, Remedy) else ChangeSettings(first)


def _headline(alert: Alert) -> Notice | None:
    code = _HEADLINES.get(alert.code)
    values = _values(alert.told)
    if code is None or not TEMPLATES[code].fields <= values.keys():
        return None
    told = notice(code, **{name: values[name] for name in TEMPLATES[code].fields})
    return msgspec.structs.replace(told, level=alert.told.level)


def _values(told: Notice) -> dict[str, Value]:
    """Return the values of a notice with those of the notices in it, which do not replace its own."""
    inner = [one for value in told.values.values() if isinstance(value, Notice) for one in _values(value).items()]
    return {**dict(reversed(inner)), **told.values}


def _evidence(alert: Alert) -> Iterator[Evidence]:
    """Yield what shows an alert: lines of other programs that it has, else its own numbers with their units."""
    told = alert.told
    lines = [line for one in (told, *_parts(told)) for line in one.evidence]
    for line in lines:
        yield Evidence(line, ", ".join(alert.instances))
    if not lines:
        numbers = list(_numbers(told)) or [f"code={told.code}"]
        yield Evidence(" ".join(numbers), ", ".join(alert.instances))


def _parts(told: Notice) -> Iterator[Notice]:
    for value in told.values.values():
        if isinstance(value, Notice):
            yield value
            yield from _parts(value)


def _numbers(told: Notice) -> Iterator[str]:
    """Yield what a notice has of names and numbers, as `layers=33`."""
    formats = dict(FIELD.findall(TEMPLATES[told.code].text))
    for name, value in told.values.items():
        if isinstance(value, Notice):
            continue
        shown = value if isinstance(value, tuple) else (value,)
        words = ",".join(_word(one, formats.get(name, "")) for one in shown)
        yield f"{name}={words}"


def _word(value: object, style: str) -> str:
    if isinstance(value, Notice):
        return render(value)
    if isinstance(value, (int, float)) and style in ("bytes", "seconds", "number"):
        return str(getattr(ENGLISH, style)(value)).replace(" ", "")
    return str(value)
