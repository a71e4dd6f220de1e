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
    # Kubernetes and Helm
    "export.cluster.manifest": "a file for Kubernetes",
    "export.cluster.cards": (
        "Each worker takes a whole card ({resource}): see that the vendor's device plugin offers {cards}."
    ),
    "export.kubernetes.title": "Kubernetes folder",
    "export.kubernetes.summary": (
        "For more than one machine: a StatefulSet per pool, and HAProxy with a queue before the workers."
    ),
    "export.kubernetes.pool": (
        "Pool {pool}: each worker has its own volume of {size} for its models; change that to what they need."
    ),
    "export.kubernetes.one_queue": "One HAProxy alone: each would have a queue of its own for the same workers.",
    "export.kubernetes.apply": "Save the files in the folder {folder}, and apply it.",
    "export.kubernetes.wait": "Wait until all workers are ready: a worker pulls the models of its pool before.",
    "export.kubernetes.pull": (
        "No models are named for these workers in the settings: pull them into the volume of each, or name them."
    ),
    "export.kubernetes.use": (
        "Clients in the cluster use {url}; for a client on this machine, open a way to it. The list of models there is "
        "that of {worker}, and a pull fills its volume alone."
    ),
    "export.helm.title": "Helm values",
    "export.helm.summary": "Values of the chart otwld/ollama: a file for each pool, a release for each worker.",
    "export.helm.chart": "Values of the chart {chart}, version {version}.",
    "export.helm.release": (
        "Pool {pool}: a release per worker has a volume of {size} of its own; change that to what the models need."
    ),
    "export.helm.repository": "Add the repository of the chart.",
    "export.helm.install": "Save the files, and install each worker; a command returns when its worker is ready.",
    "export.helm.use": "The workers are {urls}; what stands before them, such as HAProxy, sends clients there.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "export.cluster.no_vulkan": (
        "No device plugin gives a container any card for Vulkan: choose the accelerator nvidia, rocm or cpu."
    ),
    "export.helm.no_model": (
        'The chart cannot pull "{model}" of pool {pool}, because that is no name of a model: correct it in Settings.'
    ),
    "export.container.no_metal": (
        "No container reaches the GPU of a Mac: export launchd, or choose another accelerator than metal."
    ),
}
