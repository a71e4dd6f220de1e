"""The English templates about what describes servers for others to run, by level; see `templates`."""

INFO: dict[str, str] = {
    # What becomes of an assignment, whatever the source
    "source.not_ollamas": "Ollama does not read {name}.",
    "source.later_wins": "A later line sets it again, and that counts.",
    "source.blank_in_name": "Its name is not {name}, but ends in a blank.",
    "source.container.of_other": "{program} gets it, not Ollama's server.",
    "source.compose.of_shell": "Compose takes {name} from the shell that starts it; the file has no value.",
    "source.compose.profile": "{service} starts only with one of its profiles: {profiles}.",
    "source.compose.env_fills": "Compose fills the file from .env; no container gets it.",
    "source.kubernetes.elsewhere": "{name} comes from {kind}, which is not in these files.",
    "source.helm.disabled": "{key} is not enabled, so that its chart starts no server.",
    "source.nix.unknown": "Only Nix knows the value of {name}: {written}.",
    "source.run.of_shell": "Only the shell that runs the script knows the value of {name}.",
    "source.run.of_image": ("It stands behind the image {image}, so that it is an argument of Ollama and no variable."),
    "source.ansible.template": "Only Ansible knows the value of {name}, which is a template.",
}

WARNING: dict[str, str] = {
    "source.no_yaml": "{path} is no YAML: {cause} (line {line}).",
    "source.no_json": "{path} is no JSON: {cause}.",
    "source.blank_around_equals": (
        "The blank before the equals sign is a part of the name, so that Ollama finds no {name}: take it out."
    ),
    # Containers
    "source.container.client_side": (
        "Only Ollama's server reads {name}, and {program} is none: set it where the server starts."
    ),
    "source.container.no_metal": (
        "{container} gets no GPU: containers on a Mac have none, so that it computes on the processor alone. Run "
        "Ollama there without a container."
    ),
    "source.container.wrong_port": (
        "The ports of {container} lead to {ports} in it, but Ollama listens on {port} there: clients do not reach it."
    ),
    # Compose
    "source.compose.no_services": "{path} has no services: it is no file of Compose.",
    "source.compose.quotes": (
        "In a list of Compose the quotes in {given} are a part of the value of {name}: leave them out, or put them "
        "around the whole entry."
    ),
    "source.compose.unset": (
        "{name} is filled from {unset}, which is set neither in .env nor with a default: without it in the shell "
        "that starts Compose, it is empty."
    ),
    "source.compose.not_passed_on": (
        "{name} is in .env, from which Compose only fills the file: no container gets it. Name it under environment, "
        "or the file under env_file."
    ),
    "source.compose.no_env_file": "The file {file} with variables was not found: what it sets is not known.",
    # Kubernetes and Helm
    "source.kubernetes.no_objects": "{path} has no pods: it is no file of Kubernetes with a server.",
    "source.kubernetes.missing": "{name} refers to {missing}, which is not set before it: it stays as it is written.",
    "source.helm.no_values": "{path} has no values for a chart of Ollama.",
    "source.nix.broken": "{path} is no Nix expression that the panel can read (line {line}).",
    "source.nix.disabled": "services.ollama.enable is not true here, so that these settings start no server.",
    "source.nix.by_module": "NixOS sets {name} itself, from the option {option} of services.ollama: set it there.",
    "source.no_xml": "{path} is no XML: {cause} (line {line}).",
    "source.unraid.no_template": "{path} names no repository: it is no template of a container.",
    "source.truenas.no_values": "{path} has no values of the app of Ollama.",
    "source.ollama_file.no_boolean": "Ollama takes no notice of {key}, because {given} is neither true nor false.",
    "source.ollama_file.not_read": "Ollama does not read {key} in this file: set {name} where the server starts.",
    "source.app.no_settings": "{path} has no settings of Ollama's app.",
    "source.panel.no_settings": "{path} has no settings of the panel.",
    "source.run.none": "{path} starts no container.",
    "source.run.not_filled": (
        "{given} is in single quotes, so that the shell fills nothing in: {name} has just these signs."
    ),
    "source.env_file.comment": (
        "Docker takes the comment behind it for a part of the value of {name}: give it a line of its own."
    ),
    "source.env_file.quotes": ("Docker takes the quotes in {given} for a part of the value of {name}: leave them out."),
    "source.ansible.no_tasks": "{path} has no tasks: it is no playbook of Ansible.",
}

ERROR: dict[str, str] = {
    "source.container.loopback": (
        "{container} listens on {given}, which is the container itself: no other program reaches it. Set OLLAMA_HOST "
        "to {wanted}; the published port says who may come in."
    ),
    "source.compose.twice": "Compose refuses the file: {key} is there twice in one place.",
    "source.compose.mapping_in_list": (
        "Compose refuses an entry of a list with a colon: write {name}=value, or take the dashes away."
    ),
    "source.compose.dollar": "Compose refuses a dollar sign that begins no name: write two of them in {name}.",
    "source.kubernetes.not_text": "Kubernetes refuses {given} for {name}, which is no text: put it in quotes.",
    "source.helm.no_list": "{key} must be a list of entries with name and value: the chart cannot use a mapping.",
    "source.nix.not_text": "NixOS refuses {given} for {name}, which is no text: put it in quotes.",
    "source.run.behind_image": (
        "{option} stands behind the image {image}: Docker gives it to Ollama as an argument. Put it before the image."
    ),
    "source.run.blank": (
        "With blanks around the equals sign, Docker takes the sign for the image: write {name}=value in one word."
    ),
    "source.env_file.refused": (
        "Docker refuses a name with a blank: the line must begin with {name}=, without export."
    ),
    "source.ansible.not_text": "Ansible refuses {given} for {name}, which is no text: put it in quotes.",
}
