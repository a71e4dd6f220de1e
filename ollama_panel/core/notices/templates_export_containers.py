"""The English templates of containers and clusters, by level; see `templates`."""

INFO: dict[str, str] = {
    # Docker Compose and docker run
    "export.compose.title": "Docker Compose file",
    "export.compose.summary": "One container per worker, with its health check; they start again with Docker.",
    "export.compose.file": "a Compose file",
    "export.compose.up": "Save it as {path}, and start all workers; the command returns when they are healthy.",
    "export.docker.title": "docker run script",
    "export.docker.summary": "One container per worker, started by a shell script, with its health check.",
    "export.docker.replace": "replace NAME: a container of an earlier run goes; the models stay",
    "export.docker.run": "Save it as {file}, and run it; run it again after each change.",
    "export.docker.stop": "To end all workers later, remove their containers; the models stay.",
    "export.container.worker": "Worker {worker}: {url}",
    "export.container.local": (
        "Docker publishes these ports on this machine alone, where the panel or another proxy can stand in front."
    ),
    "export.container.toolkit": "Install the NVIDIA Container Toolkit once, and let Docker use it.",
    "export.container.pull": "The volume {volume} is empty at first: pull the models into it.",
    "export.container.proof": "Read the settings in force from the log of the first worker.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "export.container.no_metal": (
        "No container reaches the GPU of a Mac: export launchd, or choose another accelerator than metal."
    ),
}
