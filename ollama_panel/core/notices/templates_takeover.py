"""The English templates about the take-over of Ollama's own address, by level; see `templates`."""

INFO = {
    # What it means
    "takeover.what": (
        "Ollama ({owner}) moves from {address} to {moved_to}, and the panel listens at {address}: what calls it there "
        "goes through the queue, without any change."
    ),
    "takeover.nobody": "Nobody listens at {address}: the panel takes it, and nothing else changes.",
    "takeover.breaks": "Answers that Ollama is writing when it moves break off.",
    "takeover.both": "The panel's own address, {own}, stays as it is.",
    "takeover.app_returns": (
        "When the app starts anew, as after a login or an update, it wants {address} again: the panel says so "
        "then, and the same click moves it once more."
    ),
    "takeover.brew_returns": (
        "An upgrade by Homebrew writes its file anew and brings Ollama back to {address}: the panel says so "
        "then, and the same click moves it once more."
    ),
    "takeover.by_hand_returns": "Whoever starts Ollama by hand later must give it OLLAMA_HOST={moved_to}.",
    "takeover.snap_command": "The snap's own command `ollama` follows to {moved_to}, past the queue.",
    "takeover.way_back": "One click, or `ollama-panel take-over --undo`, undoes all of it.",
    # The steps, and how each is verified
    "takeover.write": "Write {path}, which gives the service its new address.",
    "takeover.remove": "Remove {path}.",
    "takeover.reload": "Let systemd read that.",
    "takeover.restart": "Restart {unit}.",
    "takeover.snap": "Give the snap {name} its address.",
    "takeover.start_line": (
        "Write OLLAMA_HOST={host} into `ExecStart` of {unit}: it sets the address there, which counts more than "
        "anything that the panel could write."
    ),
    "takeover.plist": "Set the address in {path}.",
    "takeover.stop": "Stop the server at {address} (process {pid}).",
    "takeover.stop_moved": "Stop the server at {moved_to}.",
    "takeover.start": "Start it again, at {moved_to}.",
    "takeover.start_back": "Start it again as it ran.",
    "takeover.publish": (
        "Let the container {name} publish its port so: {mapping} (below `ports:` in a compose file, then `up -d`; a "
        "container of `run` is made anew with `-p {mapping}`)."
    ),
    "takeover.by_yourself": "Start the server again where it was started, with OLLAMA_HOST={host}.",
    "takeover.use": "The panel sends requests to {moved_to}.",
    "takeover.use_no_more": "The panel sends no more requests to {moved_to}.",
    "takeover.listen": "The panel listens at {address}.",
    "takeover.listen_no_more": "The panel listens at {address} no more; answers under way end first.",
    "takeover.seen_file": "{path} has this content.",
    "takeover.seen_gone": "{path} is gone.",
    "takeover.seen_by": "`{command}` prints {expected}.",
    "takeover.seen_no_more_by": "`{command}` prints {expected} no more.",
    "takeover.seen_ended": "Process {pid} has ended.",
    "takeover.seen_silent": "Nothing answers at {moved_to}.",
    "takeover.seen_moved": "Ollama answers at {moved_to}, and no more at {address}.",
    "takeover.seen_back": "Ollama answers at {address}.",
    "takeover.seen_used": "The panel's instance of {moved_to} is ready.",
    "takeover.seen_unused": "The panel has no instance of {moved_to}.",
    "takeover.seen_panel": "The panel itself answers at {address}.",
    "takeover.seen_free": "The panel does not answer at {address}.",
    # How far it is
    "takeover.under_way": "The panel takes over {address}: {done:count} of {all:count} steps are done.",
    "takeover.under_way_back": "The panel gives {address} back: {done:count} of {all:count} steps are done.",
    "takeover.waits": "To take over {address}, the panel waits for commands that you type; then it goes on by itself.",
    "takeover.waits_back": (
        "To give {address} back, the panel waits for commands that you type; then it goes on by itself."
    ),
    "takeover.taken": "The panel listens at {address}; Ollama runs at {moved_to}.",
    "takeover.taken_alone": "Clients that call {address} reach the panel.",
    "takeover.undone": "All is as before: the panel does not listen at {address} any more.",
}

WARNING = {
    # Who gets in
    "takeover.open": (
        "Other machines reach the panel at {address} without a key, as they reached Ollama, and see its state there."
    ),
    "takeover.opened": (
        "Other machines reach the panel at {address} without a key, as they reached Ollama, and see its state there: "
        "`proxy.require_key` is `never` until you undo this. To let in this machine alone, set `proxy.second_host` to "
        "127.0.0.1 then."
    ),
    "takeover.with_keys": (
        "Clients need one of your API keys at {address}, those of this machine, too: Ollama asked for none."
    ),
    "proxy.second_closed": "Clients that call {host}:{port} do not reach the panel: {why}",
    "takeover.interrupted": (
        "The panel ended while it took over {address}: {done:count} of {all:count} steps are done. "
        "Finish it, or go back."
    ),
    "takeover.interrupted_back": (
        "The panel ended while it gave {address} back: {done:count} of {all:count} steps are done. "
        "Finish that, or take over again."
    ),
    "takeover.failed": "Taking over {address} stopped half-way: {why} Try again, or go back.",
    "takeover.failed_back": "Giving {address} back stopped half-way: {why} Try again.",
    # Why it is not possible
    "takeover.has_it": "The panel listens at {address} already: there is nothing to take over.",
    "takeover.not_taken": "The panel has not taken over Ollama's address: there is nothing to undo.",
    "takeover.of_panel": "The server at {address} cannot be moved: it belongs to {owner}.",
    "takeover.not_ollama": (
        "The address {address} cannot be taken over: {owner} listens there, and is no Ollama server. Stop it before."
    ),
    "takeover.exposed": (
        "The Ollama app cannot be moved while it is open to the network: switch off that setting of the app, "
        "then try again."
    ),
    "takeover.demo": (
        "The panel shows a simulation, which is no place for real clients: install Ollama, or name its program, before."
    ),
    "takeover.replaced": "The server at {address} is replaced by the panel's workers: give it its place back before.",
    "takeover.proxy_off": "The proxy is off: switch it on before.",
    # Why a step has failed
    "takeover.command_failed": "`{command}` has failed: {reason}.",
    "takeover.refused": "The system has not let the panel do that: type the commands yourself.",
    "takeover.not_seen": "It was done, but within {limit:seconds} this was not seen: {expected}",
    "takeover.elsewhere": (
        "{unit} has started anew and is at {address} again: a script that it runs, or the program itself, sets "
        "OLLAMA_HOST. Go back, then set it there to {moved_to}."
    ),
    "takeover.started_again": (
        "Something has started Ollama at {address} again, as a loop of a script or a timer does. Stop that, then try "
        "again, or go back."
    ),
    "takeover.not_written": "{path} cannot be written: {reason}.",
    "takeover.not_started": "It is not known any more how the server ran: start it where it was started.",
}

ERROR: dict[str, str] = {}
