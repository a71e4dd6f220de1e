"""The English templates of services of Linux, environment files and shells, by level; see `templates`."""

INFO: dict[str, str] = {
    # systemd
    "export.systemd.title": "systemd drop-in",
    "export.systemd.summary": "Settings of the first worker for the ollama.service that Ollama's installer made.",
    "export.systemd.install": (
        "Put the file in its place. It holds the settings of {worker}; the service keeps its address, and what you "
        "wrote with systemctl edit stays."
    ),
    "export.systemd.restart": "Reload the units and restart {unit}, which ends the requests that it works on.",
    "export.systemd.others": "The other workers need units of their own: see {target}.",
    "export.systemd.worker": "Worker {worker}. OLLAMA_HOST is left as it is: 127.0.0.1:11434 unless set elsewhere.",
    "export.units.title": "systemd units",
    "export.units.summary": "A service for every worker, of the system or of your user; the first as ollama.service.",
    "export.units.what": "Puts the files beside it in their places, and starts the services, also at every boot.",
    "export.units.no_service": "There is no {unit} on this machine: install Ollama with its own installer first.",
    "export.units.install": (
        "Put the files in their places and start the services, also at every boot. A restart ends the requests that a "
        "worker works on."
    ),
    "export.units.runs": (
        "See that every worker runs. A service {prefix}… that is not of this export is left from an earlier one: end "
        "it by systemctl disable --now and its name."
    ),
    "export.units.description": "Ollama worker {worker} on {url}",
    "export.units.address": "{worker} answers on {url}.",
    "export.services.proof": "See in the logs of the servers what is in force.",
    "export.services.linger": "Let your services run from the boot on, without a login.",
    # What variables mean, and what is missing without the panel
    "export.means.parallel": "Requests that a loaded model works on at once",
    "export.means.context": "Tokens that each of them can hold",
    "export.means.loaded": "Models that stay loaded side by side",
    "export.means.keep_alive": "How long a model stays loaded after its last request",
    "export.means.queue": "Requests that wait for a model to be loaded; more are refused",
    "export.means.no_prune": "The first worker alone cleans the store that all share",
    "export.means.flash": "Flash attention: less memory for the context",
    "export.means.cache": "How exactly the context is kept: f16, or q8_0 in half the memory",
    "export.means.models": "The folder of the models",
    "export.means.host": "Where the server listens",
    "export.means.threads": "Threads that a model computes with on the processor",
    "export.without_panel": "Without the panel no chat goes before batch work: export haproxy too for a queue.",
    # A shell script
    "export.shell.title": "Shell script",
    "export.shell.summary": "Starts every worker in a terminal and stops them all on Ctrl-C.",
    "export.shell.use": "Run the script in a terminal; Ctrl-C there stops all workers.",
    "export.shell.what": "Starts every worker, waits until each one answers, and stops them all on Ctrl-C.",
    "export.shell.no_client": "curl or wget is needed to see when Ollama is ready: install one of them.",
    "export.shell.wait": "wait_for NAME URL PID: at most a minute",
    "export.shell.ended": "{worker} has ended before it was ready: see its messages above.",
    "export.shell.silent": "{worker} does not answer on {url} after a minute: see its messages above.",
    "export.shell.ready": "{worker} is ready on {url}",
    "export.shell.all_ready": "All workers are ready. Ctrl-C stops them.",
    "export.fish.title": "fish script",
    "export.fish.summary": "Starts every worker in a terminal with fish and stops them all on Ctrl-C.",
    "export.fish.script": "a fish script",
    # Environment files
    "export.env.title": ".env",
    "export.env.summary": "A file of variables for each worker, for units, Compose files and shells of your own.",
    "export.env.worker": "Worker {worker} on {url}",
    "export.env.file": "an environment file",
    "export.env.unit": "For services of your own: put the files in their places, and name each in its unit, as {line}.",
    "export.env.compose": (
        "For Compose, in a service: {line}. OLLAMA_HOST and OLLAMA_MODELS are those of this machine: set them under "
        "environment, which wins."
    ),
    "export.env.shell": "For a shell: let the variables of one worker reach the server.",
    "export.env.address": (
        "Leave out the line with OLLAMA_HOST where a server that is there already, as {worker}, keeps its address."
    ),
    # Quadlets of Podman
    "export.quadlet.title": "Podman quadlets",
    "export.quadlet.summary": "A container for each worker, run by systemd through Podman, with its health check.",
    "export.quadlet.file": "a quadlet",
    "export.quadlet.toolkit": (
        "Describe the cards for containers, by the NVIDIA Container Toolkit, once and after each update of the driver."
    ),
    "export.quadlet.install": (
        "Put the files in their places. Services of an earlier export as {target} have the same names and would win: "
        "remove them first."
    ),
    "export.quadlet.start": "Start the services; the first start pulls the image. They start at every boot, too.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "export.env.no_value": (
        "{name} in the environment of pool {pool} has a backtick besides a single quote or a backslash at its end, "
        "which shells and Compose read differently: take it out."
    ),
    "export.quadlet.no_folder": (
        "A quadlet cannot mount the folder {folder}: name one by its whole path, without a colon or a double quote."
    ),
}
