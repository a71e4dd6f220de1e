"""The English templates about the engine, its instances, plans and the command line, by level; see `templates`."""

INFO = {
    # Parts that other notices are made of
    "evidence": 'It said: "{line}".',
    "joined": "{first} {then}",
    "problem": "{where}: {what}",
    "part.proxy": "proxy",
    "part.instances": "instances",
    "part.workers": "workers",
    # Instances
    "instance.adopted": "It was running already: its environment is not the panel's to change.",
    "port.owner": "{name} (process {pid})",
    "port.owner_process": "process {pid}",
    "port.owner_user": "a program of user {user}",
    "port.owner_unknown": "another program",
    "proxy.moved": "The panel listens on {url} now: clients must use that address.",
    "proxy.way_ollama": "The ollama command, and Ollama's client libraries:",
    "proxy.way_openai": "Clients that speak OpenAI's dialect:",
    "proxy.step_export": "{command} # before the client is started",
    "proxy.others": "Other machines reach the panel at {urls}.",
    # Models
    "serial.embedding": "Ollama runs embedding models one request at a time; add workers instead.",
    "serial.safetensors": "Ollama runs safetensors (MLX) models one request at a time; add workers instead.",
    "serial.family": "Ollama runs the {family} family one request at a time; add workers instead.",
    # What a graphics card tells of itself
    "gpu.lost": "lost by its driver",
    "gpu.full_speed": "not slowed",
    "gpu.slowed": "slowed by {reasons}",
    "throttle.power": "its power limit",
    "throttle.thermal": "heat",
    "throttle.hardware": "its own protection",
    # What an Apply is doing
    "rollout.start": "Starting {instance}.",
    "rollout.restart": "Restarting {instance}: {changes}.",
    "rollout.restart_after_one": "Restarting {instance} when its running request has ended: {changes}.",
    "rollout.restart_after": "Restarting {instance} when its {requests:count} running requests have ended: {changes}.",
    "rollout.step": "{number:count} of {all:count}: {what}",
    "rollout.stop": "Stopping {instance} when its requests have ended.",
    # What an Apply would do
    "plan.restart": "{instances}: restarted one after the other, without losing a request ({changes}).",
    "plan.restart_one": "{instance}: restarted, without losing a request ({changes}).",
    "plan.start": "{instances}: started.",
    "plan.stop": "{instances}: stopped when the running requests have ended.",
    "plan.refuse_chats": (
        "Chats and completions are refused, also those that wait: no worker is left that may answer them."
    ),
    "plan.refuse_chats_but_adopted": (
        "Chats and completions are refused, also those that wait, unless an Ollama that the panel did not start "
        "answers them: no worker is left that may."
    ),
    "plan.refuse_all": "All requests are refused, also those that wait: no worker is left.",
    "plan.refuse_all_but_adopted": (
        "All requests are refused, also those that wait, unless an Ollama that the panel did not start answers them: "
        "no worker is left."
    ),
    "plan.move_everywhere": "The proxy listens on all addresses of this machine, on port {port}.",
    "plan.move": "The proxy moves to {address}; clients must use the new address.",
    "plan.live": "At once, without a restart: {settings:setting}.",
    "plan.reload": "Without a restart, the next request loads its model anew: {settings:setting}.",
    "plan.of_pool": "{setting:setting} of {pool}",
    "plan.nothing": "Nothing changes.",
    "plan.saved": "The settings are saved; nothing that runs changes.",
    "plan.without_workers": "{pools}: no workers yet, so no request goes there.",
    "change.none_to_undo": "Nothing that requests are served by was changed in this run: there is nothing to undo.",
    "change.program": "another Ollama",
    "change.port": "port {before} → {after}",
    "change.setting": "{setting:setting} {before:count} → {after:count}",
    "change.all_cores": "all",
    "change.threads": "share of the cores {before:count} → {after:count}",
    "change.variable": "{name} {before} → {after}",
    "changed.on": "{setting:setting} on",
    "changed.off": "{setting:setting} off",
    "changed.other": "{setting:setting} changed",
    "changed.named": "{name}: {setting:setting} {before:count} → {after:count}",
    "changed.of_pool": "{pool}: {change}",
    "changed.pool_added": "pool {pool} added",
    "changed.pool_removed": "pool {pool} removed",
    # The panel itself
    "demo": ("Demonstration: Ollama was not found, so these instances are simulated. Numbers are not your machine's."),
    "demo.asked": "Demonstration: these instances are simulated. Numbers are not your machine's.",
    "panel.stopping": "Stopping when the running requests have ended; a second signal ends them now.",
    "advice.serve": "Without a window there is: ollama-panel serve",
    "file.none": "{name} is a pipe, a device or a folder, not a file",
    "advice.folder_rights": "Check the folder and its rights.",
    "advice.disk_room": "Make room on that disk.",
    "advice.another_place": "Choose another place.",
    "advice.other_user": "If the panel is another user's, run the command as that user.",
    "advice.restart_panel": "Restart the panel.",
    "advice.log_on_screen": "Warnings are shown here only.",
    "advice.lock_unknown": "A second panel will not know who has the folder.",
    "advice.not_recorded": "Nothing is recorded.",
}

WARNING = {
    # What the user has switched off
    "state.proxy_off": "The proxy is off: clients are not answered.",
    "state.paused": "The queue is paused: requests wait until you resume it ({waiting:count} now).",
    "state.all_stopped": "All instances are stopped: requests wait until you start one.",
    # Instances
    "instance.again_soon": "{why} It is started again (try {number:count} of {all:count}).",
    "instance.program_awaited": "{why} It is started as soon as that works, as when an update is complete.",
    "instance.starting_again": "{why} It is being started again (try {number:count} of {all:count}).",
    "instance.gone": "Nothing answers at {url}; it is used again as soon as something does.",
    "instance.timed_out": "It did not answer in time and was killed.",
    "instance.runner_silent": (
        "The server answers, but its process for {models} does not: requests for that stand still. Restart the server."
    ),
    "instance.silent": "It has stopped answering.",
    "instance.port_taken": "Port {port} is taken by {owner}.",
    "process.exited": "The server ended with exit code {code}.",
    "process.signalled": "The server was ended by {signal}.",
    "process.signal_number": "The server was ended by signal {number}.",
    "orphan.ended": "Ended process {pid}, left behind by an earlier run of the panel.",
    # The machine and the proxy
    "app.conflict": (
        "The Ollama app runs and wants port {port}, which the panel has: it starts a server in vain every second. An "
        "app before 0.22.1 also ends the panel's workers once; the panel starts them again."
    ),
    "cores.contention": (
        "This machine has no GPU, and Ollama {version} cannot divide its processor cores among {workers:count} "
        "workers: they slow each other down several times. Use one worker in all, or update Ollama to 0.30 or later."
    ),
    "memory.swaps": (
        "The loaded models do not fit beside the other programs: this Mac has moved {size:bytes} to its disk in the "
        "last minutes, which slows everything down. Use fewer workers, a shorter context or a smaller model."
    ),
    "gpu.silent": (
        "The driver of the graphics cards has not answered for {seconds:count} seconds: what they do is unknown until "
        "it does. Restart the computer if it stays so."
    ),
    # Files that the panel can do without
    "loads.unreadable": (
        "What loads of models took of the memory cannot be read from {path}: until they are loaded again, forecasts "
        "are estimates. The file is then replaced; nothing need be done."
    ),
    "recording.ended": "Recording to {path} has ended ({reason}).",
    "recording.full": "Recording to {path} has ended: the file is large enough.",
    "recording.end_lost": "The end of {path} was lost ({reason}).",
    "context.not_raised": "The context could not be raised: {why}",
}

ERROR = {
    # Instances
    "instance.gave_up": (
        "{why} After {tries:count} tries the panel gave up: find the cause in its log, then start it."
    ),
    "instance.down": "It does not run.",
    "instance.unknown": "There is no instance {instance}; there are {known}.",
    "instance.none": "There is no instance {instance}: there is none at all.",
    "instance.not_ours": "{instance} was started by another program: start and stop it there.",
    "program.missing": "There is no program {path}: install Ollama, or set its path in Settings.",
    "program.forbidden": "{path} may not be run: check the file's permissions.",
    "program.not_started": "{path} could not be started: {reason}.",
    "program.unusable": (
        "{path} is no program that can be run: give the path of Ollama's program, or none to have it searched for."
    ),
    "rollout.failed": "{instance} does not run with these settings: {why} The others stay as they are.",
    "rollout.ended": "The panel has ended before the settings were in force everywhere.",
    # The engine and its files
    "engine.stopped": "The engine has stopped: {error}. The log has the details.",
    "engine.not_running": "The engine does not run any more; start it again.",
    "engine.not_started": "The engine ended before it had started.",
    "unexpected": "Something unexpected went wrong: {error}. The log has the details.",
    "file.not_read": "{path} cannot be read ({reason}).",
    "file.busy": "{path} is being changed by process {pid}; nothing was changed. Try again.",
    "file.not_written": "{path} cannot be written ({reason}).",
    "folder.no_home": (
        "There is no home folder for the panel's files: set the variable HOME, or give a folder with --state-dir."
    ),
    "folder.unusable": "The state folder {path} cannot be used ({reason}); give another one with --state-dir.",
    "folder.taken": ("Another Ollama Panel already runs on {path}; use that one, or stop it first."),
    "folder.taken_by": ("Another Ollama Panel (process {pid}) already runs on {path}; use that one, or stop it first."),
    "folder.lost": (
        "The state folder {path} was deleted or moved, and another Ollama Panel has taken its place; "
        "stop one of the two."
    ),
    "folder.lost_by": (
        "The state folder {path} was deleted or moved, and another Ollama Panel (process {pid}) has taken its place; "
        "stop one of the two."
    ),
    "folder.made_again": (
        "The state folder {path} was deleted or moved while the panel runs. "
        "It has been made again, with the settings in force."
    ),
    "panel.few_files": (
        "The panel may have only {limit} files and connections open, and needs {least}: raise the limit (ulimit -n)."
    ),
    "panel.no_threads": (
        "The system does not let the panel start a thread: "
        "end other programs, or raise the limit of processes (ulimit -u)."
    ),
    # The proxy
    "proxy.no_free_port": "No port from {first} to {last} is free on {host}: choose one in Settings.",
    "proxy.port_taken": (
        "The proxy cannot listen on {host}:{port}: {owner} has that port. Stop it, or choose another port."
    ),
    "proxy.no_address": "The proxy cannot listen on {host}:{port}: {reason}. Choose another address or port.",
    "proxy.no_host": (
        "The proxy cannot listen on {host}:{port}: that is neither an address nor a name. "
        "Give an address, such as 127.0.0.1 for this machine only."
    ),
    "ports.too_few": (
        "There are not enough free ports from {first} up for all workers: "
        "set a lower first port in Settings, or fewer workers."
    ),
    # The command line
    "window.no_display": (
        "The window cannot be opened: there is no display (DISPLAY and WAYLAND_DISPLAY are not set)."
    ),
    "window.display_silent": "The window cannot be opened: the display {display} does not answer.",
    "window.ending": (
        "Ollama Panel is just ending: its last requests are still served. Start it again when it has ended."
    ),
    "window.silent": (
        "Ollama Panel already runs (process {pid}), but its window does not answer; end that process, then try again."
    ),
    "window.libraries": "The window needs libraries that are missing. Type this, then try again: {command}",
    "window.libraries_by_name": (
        "The window needs libraries that are missing: {names}. Install them with the system's package manager."
    ),
    "window.no_qt": "The window cannot be opened: Qt cannot be loaded ({reason}).",
    "cli.listen": '--listen takes HOST:PORT, like 127.0.0.1:11435, not "{given}".',
    "cli.output": "What the command found or did cannot be printed ({reason}).",
    "status.nobody": ("No panel runs on {path}: start one with ollama-panel, or give its folder with --state-dir."),
    "status.proxy_off": "The panel (process {pid}) runs, but its proxy is off: switch it on in the window.",
    "status.silent": "The panel does not answer at {url} ({reason}): is it still running?",
    "status.stranger": (
        "The panel at {url} is not the one of this folder: restart the panel, or name its folder with --state-dir."
    ),
    "status.answer": "The panel at {url} answers {status}: {answer}",
    "status.version": "The panel at {url} is of another version than this command ({reason}).",
    "instance.or_pool": "There is no instance or pool {name}; there are {known}.",
    "pool.no_workers": "The pool {pool} has no workers: give it some with ollama-panel pools set {pool} --workers 1.",
    "models.not_loaded": "{model} cannot be loaded: {reason}.",
    "models.not_unloaded": "{model} cannot be unloaded: {reason}.",
    "models.not_pulled": "{model} cannot be pulled: {reason}.",
    "models.broken_off": "The pull of {model} ended too early; what is there is kept: start it again.",
    "keys.no_name": "A key needs a name of printable characters, on one line.",
    "keys.exists": 'There is a key for "{name}" already: take another name, or remove that one first.',
    "keys.unknown": 'There is no key for "{name}"; there are: {known}.',
    "keys.none": 'There is no key for "{name}": there is none at all.',
}
