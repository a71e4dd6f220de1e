"""The checks of graphics cards: whether they are found and used, all layers on them, and as fast as they could be."""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.cards import cards, found_no_card, runs_on_processor
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.driver_failures import Failure, failure_in, last_failure
from ollama_panel.core.doctor.facts import Facts, LoadedFacts
from ollama_panel.core.doctor.in_force import environment_of
from ollama_panel.core.doctor.panel_alerts import alert_check
from ollama_panel.core.doctor.quantities import number, size
from ollama_panel.core.doctor.server_sources import mistake_codes
from ollama_panel.core.findings import Area, Evidence, Finding, RunCommands
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.ollama.versions import numbers
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.sources import codes
from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.core.telemetry_notices import of_gpu

OLDEST_DRIVER = 531
"""NVIDIA's driver that all versions of Ollama with CUDA 12 need (Ollama `docs/gpu.mdx`, 2025; later ones need 550)."""
LEAST_MEMORY = 2 * GIB
"""A card with less is one for screens: Ollama leaves some 0.5 GiB of it free, and one more on newer versions."""

_SMI = "nvidia-smi"
_CHOOSING = {
    GpuVendor.NVIDIA: ("CUDA_VISIBLE_DEVICES",),
    GpuVendor.AMD: ("ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"),
}
_OFF = frozenset({"-1", "none", "void", "nodevfiles"})


def _drivers(facts: Facts) -> Iterator[Finding]:
    for gpu in cards(facts):
        version = gpu.driver or (facts.drivers.get("nvidia", "") if gpu.vendor is GpuVendor.NVIDIA else "")
        if gpu.vendor is GpuVendor.NVIDIA and 0 < next(iter(numbers(version)), 0) < OLDEST_DRIVER:
            yield Finding(
                "graphics.driver",
                "graphics.driver",
                Area.GRAPHICS,
                notice("doctor.driver_old", version=version, oldest=OLDEST_DRIVER),
                notice("doctor.driver_old_why"),
                (Evidence(f"driver={version}", gpu.name or gpu.id),),
            )
            return
    yield from _driver_failures(facts)


def _driver_failures(facts: Facts) -> Iterator[Finding]:
    """Tell of a driver that fails: by its own words, or by a server's log unless a later start has found its card."""
    for one in facts.unseen:
        said = str(one.why.values.get("reason", ""))
        failure = failure_in(said) if one.what == _SMI else None
        if failure is not None:
            yield _of_driver(facts, failure, Evidence(said, one.what), failure.commands)
            return
    for log in facts.logs:
        failure, line = last_failure(log)
        mine = [one for one in facts.loaded if one.server == log.server]
        if failure is None or not all(runs_on_processor(facts, one) for one in mine):
            continue
        restart = () if "sudo reboot" in failure.commands else tuple(_restart(facts, log.server))
        name = next((one.id for one in facts.servers if one.pid == log.server), "")
        commands = (*failure.commands, *restart) if failure.commands else ()
        yield _of_driver(facts, failure, Evidence(line.strip(), name), commands)
        return


def _of_driver(facts: Facts, failure: Failure, shown: Evidence, commands: tuple[str, ...]) -> Finding:
    linux = facts.machine.system == "Linux" and not facts.machine.wsl
    fix = RunCommands(commands) if commands and linux else None
    label = notice("doctor.label.driver")
    told = notice("doctor.driver_fails")
    return Finding("graphics.driver", "graphics.driver", Area.GRAPHICS, told, failure.why, (shown,), fix, label)


def _restart(facts: Facts, pid: int) -> Iterator[str]:
    unit = next((one.name for one in facts.units if one.pid == pid and not one.user_unit), "")
    if unit:
        yield f"sudo systemctl restart {unit}"


def _lost(facts: Facts) -> Iterator[Finding]:
    """Tell of cards whose driver does not answer any more, where no panel watches them."""
    if facts.snapshot is not None and facts.snapshot.telemetry is not None:
        return
    for gpu in facts.gpus:
        if gpu.lost:
            yield Finding(
                f"graphics.found:{gpu.id}",
                "graphics.found",
                Area.GRAPHICS,
                notice("doctor.gpu_lost", cards=(gpu.name or gpu.id,)),
                notice("gpu_lost.driver", card=gpu.name or gpu.id),
                (Evidence("lost=true", gpu.id),),
            )


def _unused(facts: Facts) -> Iterator[Finding]:
    """Tell of models on the processor though there is a card for them, unless somebody has asked for that."""
    able = [one for one in cards(facts) if one.vendor in _CHOOSING and not one.unified and _is_large(one)]
    told = mistake_codes(facts) & {codes.NO_GPU_IN_CONTAINER, codes.GFX_FORMAT}
    if not able or told or any(_drivers(facts)):
        return
    for server in facts.servers:
        if server.owner.kind in (OwnerKind.PANEL, OwnerKind.OTHER_PANEL) and _hiding(facts, server):
            continue  # the settings of a pool say so
        models = [one for one in facts.loaded if one.server == server.pid]
        on_cpu = [one for one in models if runs_on_processor(facts, one)]
        if on_cpu and len(on_cpu) == len(models) and not _asked(facts, server):
            yield _of_unused(facts, server, on_cpu[0], able[0])


def _is_large(gpu: GpuReading) -> bool:
    return gpu.memory_total is not None and gpu.memory_total > LEAST_MEMORY


def _asked(facts: Facts, server: FoundServer) -> bool:
    """Return whether a runner was started without layers for the card, as a client or a Modelfile can ask for."""
    started = (runner_arguments(one.arguments) for one in facts.runners if one.server == server.pid)
    return any(one is not None and one.gpu_layers == 0 for one in started)


def _of_unused(facts: Facts, server: FoundServer, loaded: LoadedFacts, gpu: GpuReading) -> Finding:
    environment = _environment(facts, server)
    hidden = _hiding(facts, server)
    container = next((one for one in facts.containers if one.server == server.pid != 0), None)
    line = next((found for log in facts.logs if log.server == server.pid and (found := found_no_card(log))), "")
    evidence = [Evidence(f"size={size(loaded.size)} size_vram={size(loaded.size_vram)}", f"/api/ps {loaded.name}")]
    evidence += [Evidence(f"total={size(gpu.memory_total or 0)}", gpu.name or gpu.id)]
    if hidden:
        why = notice("doctor.unused_hidden", variable=hidden, value=environment[hidden])
        evidence.append(Evidence(f"{hidden}={environment[hidden]}", server.id))
    elif container is not None and container.gpu is False:
        why = notice("doctor.unused_container", name=container.name)
        evidence.append(Evidence("gpu=false", container.name))
    else:
        why = notice("doctor.unused_unknown", instance=server.id)
    evidence += [Evidence(line.strip(), server.id)] if line else []
    told = notice("doctor.unused", model=loaded.name, card=gpu.name or gpu.id)
    if hidden:
        told = msgspec.structs.replace(told, level=Level.INFO)  # that is how one asks for the processor on purpose
    return Finding(f"graphics.unused:{server.id}", "graphics.unused", Area.GRAPHICS, told, why, tuple(evidence))


def _environment(facts: Facts, server: FoundServer) -> dict[str, str]:
    return {**(server.variables or {}), **(environment_of(facts, server) or {})}


def _hiding(facts: Facts, server: FoundServer) -> str:
    """Return the variable that hides all cards, "" = none: an invalid number or name (Ollama `docs/gpu.mdx`)."""
    environment = _environment(facts, server)
    names = (name for names in _CHOOSING.values() for name in names)
    return next((name for name in names if plain(environment.get(name, "")).lower() in _OFF), "")


def _slow(facts: Facts) -> Iterator[Finding]:
    """Tell of cards that heat or their supply slows down; a power limit is as it was set, and no fault."""
    telemetry = facts.snapshot.telemetry if facts.snapshot is not None else None
    drifting = facts.snapshot is not None and any(one.code == "drift.slow" for one in facts.snapshot.notices)
    for gpu in facts.gpus or (telemetry.gpus if telemetry is not None else ()):
        reasons = (gpu.throttles or frozenset()) & {Throttle.THERMAL, Throttle.HARDWARE}
        told = of_gpu(msgspec.structs.replace(gpu, throttles=frozenset(reasons)))
        if gpu.lost or not reasons or told is None or drifting:
            continue
        hot = Throttle.THERMAL in reasons
        yield Finding(
            f"graphics.throttle:{gpu.id}",
            "graphics.throttle",
            Area.GRAPHICS,
            notice("doctor.throttled", card=gpu.name or gpu.id, reasons=told.values["reasons"]),
            notice("doctor.throttled_heat") if hot else notice("doctor.throttled_supply"),
            (Evidence(_reading(gpu), gpu.id),),
        )


def _reading(gpu: GpuReading) -> str:
    parts = (
        (gpu.temperature_c, "temperature={}°C"),
        (gpu.clock_graphics_mhz, "clock={}MHz"),
        (gpu.power_w, "power={}W"),
        (gpu.utilization_percent, "busy={}%"),
    )
    shown = [text.format(number(value)) for value, text in parts if value is not None]
    reasons = ",".join(sorted(one.value for one in gpu.throttles or ()))
    return " ".join((*shown, f"throttle={reasons}"))


CHECKS: tuple[Check, ...] = (
    alert_check("graphics.found", Area.GRAPHICS, notice("doctor.check.found"), _lost, applies=subjects.has_cards),
    Check("graphics.driver", Area.GRAPHICS, notice("doctor.check.driver"), _drivers, subjects.drivers),
    alert_check("graphics.layers", Area.GRAPHICS, notice("doctor.check.layers"), applies=subjects.loaded_beside_cards),
    Check("graphics.unused", Area.GRAPHICS, notice("doctor.check.unused"), _unused, subjects.loaded_beside_cards),
    Check("graphics.throttle", Area.GRAPHICS, notice("doctor.check.throttle"), _slow, subjects.throttles),
    alert_check("graphics.speed", Area.GRAPHICS, notice("doctor.check.speed"), applies=subjects.measured),
    alert_check("graphics.crashes", Area.GRAPHICS, notice("doctor.check.crashes"), applies=subjects.has_cards),
)
