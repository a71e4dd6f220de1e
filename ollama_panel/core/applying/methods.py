"""Which targets can be put into force on a machine, by which manager, and why the others cannot."""

from collections.abc import Callable

from ollama_panel.core.applying.managers import ServiceControl
from ollama_panel.core.applying.managers.compose import Compose
from ollama_panel.core.applying.managers.edited import Edited, Untold
from ollama_panel.core.applying.managers.homebrew import Homebrew
from ollama_panel.core.applying.managers.launchd import Launchd
from ollama_panel.core.applying.managers.proxies import HAPROXY, NGINX
from ollama_panel.core.applying.managers.systemd import Systemd
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export, Site
from ollama_panel.core.notices import Notice, notice

_MANAGERS: dict[str, Callable[[Site], ServiceControl]] = {
    "systemd": lambda site: Systemd(site.of_user and site.service.user_unit),
    "systemd-units": lambda site: Systemd(site.of_user),
    "quadlet": lambda site: Systemd(site.of_user, containers=True),
    "launchd": lambda _: Launchd(),
    "homebrew": lambda _: Homebrew(),
    "compose": lambda _: Compose(),
    "nginx": lambda _: NGINX,
    "haproxy": lambda _: HAPROXY,
}

_WHY_NOT = {
    "docker": "apply.not_docker",
    "shell": "apply.not_script",
    "fish": "apply.not_script",
    "windows": "apply.not_windows",
    "launchd-app": "apply.not_app",
    "env": "apply.not_env",
    "kubernetes": "apply.not_kubernetes",
    "helm": "apply.not_helm",
    "nix": "apply.not_nix",
    "ansible": "apply.not_ansible",
    "modelfile": "apply.not_modelfile",
    "json": "apply.not_json",
}


def can_apply(target: str) -> bool:
    """Return whether the panel can put an export for a target into force, prove and undo it."""
    return target in _MANAGERS


def why_not(target: str) -> Notice:
    """Return why the panel leaves a target to its own tools, and which command does it."""
    return notice(_WHY_NOT.get(target, "apply.not_this"))


def manager_of(export: Export) -> ServiceControl:
    """Return what puts an export into force. Raises PanelError if its target is none of those."""
    if export.edits:
        told = export.site.service.unit and can_apply(export.target)
        return Edited(_MANAGERS[export.target](export.site)) if told else Untold()
    if not can_apply(export.target):
        raise PanelError(why_not(export.target))
    return _MANAGERS[export.target](export.site)
