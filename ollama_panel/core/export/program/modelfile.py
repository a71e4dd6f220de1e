"""Export as Modelfiles: the context and the batch size of a pool as parameters of each of its models.

A model with parameters has them wherever it runs, also for clients that cannot ask for them. A Modelfile holds nothing
of the server: no slots, no cache type, no queue. Source: Ollama `parser/parser.go`, `api/types.go` (Runner), and for
names `types/model/name.go`.
"""

import re
import shlex
from collections.abc import Collection, Iterator

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Group, Step, Syntax, Target
from ollama_panel.core.export.parts import commented
from ollama_panel.core.launch import THREADS
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.models import canonical, is_cloud_name
from ollama_panel.core.settings.tree import PoolSettings

TARGET = Target(
    "modelfile",
    Group.PROGRAM,
    notice("export.modelfile.title"),
    notice("export.modelfile.summary"),
    frozenset({Aspect.CONTEXT}),
)

_NAME = re.compile(
    r"(?:\w[\w.:-]{0,349}/)?(?:\w[\w-]{0,79}/)?\w[\w.-]{0,79}:\w[\w.-]{0,79}",
    re.ASCII,
)
"""A name with its tag: host, namespace, model and tag; the first two may be missing."""
_LONGEST_TAG = 80


class _Model(msgspec.Struct, frozen=True):
    """A model of a pool: its name, that of the model with the pool's parameters, and its Modelfile."""

    pool: PoolSettings
    name: str
    made: str
    file: str


def render(deployment: Deployment) -> Export:
    """Return a Modelfile for each model of the pools, and the commands that make a model of each."""
    models = tuple(_models(deployment))
    if not models:
        raise PanelError(notice("export.modelfile.no_model"))
    files = tuple(ExportFile(one.file, _text(one, deployment), Syntax.MODELFILE) for one in models)
    steps = (
        *(
            Step(
                notice("export.modelfile.create", model=one.name, made=one.made),
                shlex.join(("ollama", "create", one.made, "-f", one.file)),
            )
            for one in models
        ),
        Step(
            notice("export.modelfile.check"),
            "\n".join(shlex.join(("ollama", "show", "--parameters", one.made)) for one in models),
        ),
        Step(notice("export.modelfile.ask", made=tuple(one.made for one in models))),
    )
    return Export(files, steps, (notice("export.modelfile.server"),))


def _models(deployment: Deployment) -> Iterator[_Model]:
    """Yield the models of the pools with workers, each once a pool; those of ollama.com have no parameters here."""
    exported = {instance.pool for instance in deployment.instances}
    files = set[str]()
    for pool in deployment.settings.pools:
        names = {canonical(name): _with_tag(name.strip()) for name in pool.models if pool.name in exported}
        for name in names.values():
            if not is_cloud_name(name):
                found = _model(pool, name, files)
                files.add(found.file)
                yield found


def _with_tag(name: str) -> str:
    """Return a name with its tag, as it was written: registries other than Ollama's may tell the case of letters."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _model(pool: PoolSettings, name: str, files: Collection[str]) -> _Model:
    """Return a model with a file beside the others. Raises PanelError if Ollama has no such name."""
    made = f"{name}-{pool.name}"
    if not _NAME.fullmatch(name):
        raise PanelError(notice("export.modelfile.name", model=name, pool=pool.name))
    if len(made.rpartition(":")[2]) > _LONGEST_TAG:
        raise PanelError(notice("export.modelfile.long", model=name, pool=pool.name, letters=_LONGEST_TAG))
    file = re.sub("[/:]", "-", made)
    others = sum(one.startswith(file) for one in files)
    return _Model(pool, name, made, f"{file}{f'-{others + 1}' if others else ''}.Modelfile")


def _text(model: _Model, deployment: Deployment) -> str:
    pool, provenance = model.pool, deployment.provenance
    threads = pool.environment.get(THREADS, "")
    parameters = [("num_ctx", pool.context_length, "export.means.context")]
    if pool.batch:
        parameters.append(("num_batch", pool.batch, "export.modelfile.batch"))
    if threads.isascii() and threads.isdecimal():
        parameters.append(("num_thread", int(threads), "export.means.threads"))
    return "".join(
        [
            commented(deployment),
            f"# {provenance.line('export.modelfile.what', pool=pool.name)}\n",
            f"FROM {model.name}\n",
            *(f"# {provenance.line(code)}\nPARAMETER {name} {value}\n" for name, value, code in parameters),
        ]
    )
