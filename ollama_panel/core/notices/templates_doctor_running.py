"""The English templates about the doctor's checks of memory, cards, models and requests, by level; see `templates`."""

INFO: dict[str, str] = {
    "doctor.gpu_crashed": "The GPU has failed under {instances}",
    "doctor.vulkan_disabled": "Ollama has found no GPU, and does not try Vulkan",
    "doctor.integrated_dropped": "Ollama does not use {name}",
    "doctor.visible_devices": "Variables choose which GPUs Ollama sees: {variables}",
    "doctor.out_of_memory": "{model} does not fit into memory",
    "doctor.vram_not_recovered": "The GPU's memory becomes free late: {seconds:seconds} after a model has left",
    "doctor.context_reduced": "{model} has a context of {given:count} tokens, not {asked:count}",
    "doctor.kv_type_ignored": "{model} does not use the KV cache type {asked}",
    "doctor.flash_attention_off": "{model}: the KV cache type {asked} has no effect without flash attention",
    "doctor.thrash": "Models push each other out of memory: {evictions:count} times in ten minutes",
    "doctor.context_conflict": "{model} is loaded again and again: its clients want different contexts",
    "doctor.slots_forced": "Parallel {parallel:count} brings nothing for {model}",
    "doctor.prompts_cut": "Prompts are cut: their beginning is lost",
    "doctor.option_unknown": "Clients set options that this Ollama ignores: {options}",
    "doctor.disk_nearly_full": "{free:bytes} are free on the disk of {path}",
    "doctor.past_the_queue": "Past the queue: {programs}",
    "doctor.slots_memory_why": (
        "Nobody has set the context, so Ollama has chosen one for the card, and every slot gets the whole of it: "
        "{total:count} tokens together. A shorter one leaves room for the model."
    ),
    "doctor.container_killed_why": (
        "It took more memory than it, or the machine, may use. Give it more, or use a smaller model or a shorter "
        "context."
    ),
    "doctor.container_small_why": (
        "The kernel ends the runner when it takes more, or reads the model from the disk again and again. Raise "
        "the limit where the container is set up, too: the command holds until it is made anew."
    ),
    "doctor.swapping_why": (
        "{models} are in main memory, in whole or in part: each answer waits for the disk. Use a smaller model, a"
        " shorter context or fewer slots, or end other programs."
    ),
    "doctor.swapping_others": "Loads and answers wait for the disk. End programs that take much memory.",
    "doctor.pools_too_large_why": (
        "When all their models are loaded, some of them are only partly on the GPU, or push others out. Lower "
        "workers, parallel or context of a pool."
    ),
    "doctor.disk_read_only_why": (
        "Models can be used, but none can be pulled, created or removed. See in the system's log whether it has "
        "errors; then mount it for writing."
    ),
    "doctor.disk_network": "{path} is on the network ({kind})",
    "doctor.disk_network_why": (
        "Each load reads the whole model over the network. A copy on a disk of this machine loads faster."
    ),
    "doctor.disk_windows_why": (
        "Loads from there are many times slower. Put the models into the file system of Linux, for example into "
        "the home folder."
    ),
    "doctor.clock_why": (
        "Registries may refuse to let you in, and the times in logs do not match those of other machines."
    ),
    "doctor.clock_wrong_why": "Certificates seem to be out of date, or not valid yet: models cannot be pulled.",
    "doctor.no_clock": "No server on the network was asked, so there is nothing to compare the clock with.",
    "doctor.no_memory": "The system does not tell how much memory is left.",
    "doctor.driver_old_why": (
        "Ollama needs a newer one for its CUDA: without it models run on the processor. Update the driver, and "
        "restart the machine."
    ),
    "doctor.driver_mismatch": "The driver was updated, and the old one is still loaded: restart the machine.",
    "doctor.driver_gone": (
        "NVIDIA's driver is not loaded: after an update of the kernel it must be installed again; then restart "
        "the machine."
    ),
    "doctor.driver_insufficient": "It is too old for this Ollama: update it, and restart the machine.",
    "doctor.driver_asleep": "That happens to NVIDIA's driver after sleep: load its module again, and restart Ollama.",
    "doctor.driver_rights": (
        "The user that Ollama runs as may not use the card: put it into the groups render and video, and restart "
        "Ollama."
    ),
    "doctor.unused_hidden": (
        "{variable}={value} hides all cards from Ollama: remove that variable, and restart the server."
    ),
    "doctor.unused_container": (
        "The container {name} was not given the GPU: make it again with --gpus=all, or with a device of the GPU "
        "in its compose file."
    ),
    "doctor.unused_unknown": (
        "No layer of it is on the card. The log of {instance} says at its start which cards it has found; a "
        "restart of the server looks for them again."
    ),
    "doctor.throttled_heat": (
        "It computes more slowly than it could. Clean its fans, give it more air, or lower its power limit."
    ),
    "doctor.throttled_supply": (
        "Its own circuits protect it: see whether all plugs of its power supply are in, and whether that is "
        "strong enough."
    ),
    "doctor.store_missing_why": (
        "A server is set to it, and has no models. See whether its disk is mounted and its name is right."
    ),
    "doctor.store_shut_why": "{path} is closed to the server: it belongs to {owner}.",
    "doctor.several_stores": "The servers of this machine have their models in {count:count} different folders",
    "doctor.several_stores_why": (
        "What one of them has pulled the others do not have. With the same OLLAMA_MODELS they share their models."
    ),
    "doctor.reloads_contexts": (
        "Clients ask for different contexts ({contexts} tokens), and each change loads the model anew. With "
        "OLLAMA_CONTEXT_LENGTH={tokens} for the server, and none in the clients, one load serves all."
    ),
    "doctor.offenders": "{clients} asked {times:count} times for other options than {model} is loaded with",
    "doctor.offenders_why": (
        "Sent to Ollama directly, each would have loaded the model anew. The panel sends them with the options of"
        " the loaded model where these are enough."
    ),
    "doctor.workers_help": "More workers help: {workers:count} gave {gave}, one gave {alone}.",
    "doctor.no_gain_rates": (
        "Measured here: {more:number} tokens/s against {fewer:number}. The measurement does not show what limits it."
    ),
    "doctor.gain_spill": "With so many slots a part of {model} was not on the GPU, and the main memory is slower.",
    "doctor.gain_bandwidth": (
        "The bandwidth of its memory is used up: {read:count} GB/s of {bandwidth:count}, reckoned from the "
        "weights and caches that each step reads."
    ),
    "doctor.gain_cpu": (
        "The model runs on the processor: its {cores:count} cores, or the bandwidth of the main memory, give no more."
    ),
    "doctor.gain_split": (
        "The model is split over {cards}, which work in turns and pass results over PCIe: the busiest one was "
        "busy for {percent:count} %."
    ),
    "doctor.gain_busy": (
        "The GPU was busy for {percent:count} % with {fewer:count} slots already: it has no time left for more."
    ),
    "doctor.gain_busy_now": (
        "The GPU is busy for {percent:count} % with {running:count} requests at once: it has no time left for more."
    ),
    "doctor.limited": "{model} uses {limit:count} of {slots:count} slots now",
    "doctor.limited_why": "The panel spares the machine: {told}.",
    "doctor.loads_cost_why": (
        "While a model is loaded, no slot of it works, so that more slots bring nothing. Keep models loaded for "
        "longer, or use fewer of them."
    ),
    "doctor.one_at_a_time": (
        "Pool {pool} has {slots:count} slots, but of its last {requests:count} requests no two came together"
    ),
    "doctor.one_client": (
        "{client} alone sends them, the next only after the answer: it is faster only if it sends several at once."
    ),
    "doctor.clients_in_turn": "Its {clients:count} clients send them one after the other, so that one slot would do.",
    "doctor.all_cores_why": (
        "When they work at the same time, each is many times slower. Divide the cores: "
        "LLAMA_ARG_THREADS={threads} for each server."
    ),
    "doctor.requests_failed_why": "{times:count} of them for this: {cause}",
    "doctor.queue_full_why": (
        "{client} sent {times:count} of them: let it send fewer at once, or raise the queue limit."
    ),
    "doctor.gave_up_why": (
        "It has a time-out of its own that is shorter than its requests need. Raise it there; the page Connect "
        "says how long it should be."
    ),
    "doctor.gave_up_heartbeats": (
        "It has a time-out of its own, and waiting requests get no heartbeats, which keep many programs from "
        "giving up. Raise it there, or switch heartbeats on."
    ),
    "doctor.ended_by_limit_why": (
        "They needed longer than the settings allow. Without this limit they are answered when it is their turn."
    ),
    "doctor.label.open_log": "Open the log",
    "doctor.label.restart_engine": "Restart the panel's engine",
    "doctor.label.use_next_port": "Use the next free port",
    "doctor.label.listen_again": "Listen again",
    "doctor.label.switch_on": "Switch the proxy on",
    "doctor.label.resume": "Resume the queue",
    "doctor.label.start": "Start it",
    "doctor.label.restart": "Restart it",
    "doctor.label.start_all": "Start all instances",
    "doctor.label.install": "Install Ollama",
    "doctor.label.take_over": "Take the address over",
    "doctor.label.undo_take_over": "Give the address back",
    "doctor.label.connect": "What to change…",
    "doctor.label.take_gpu_back": "Take the GPU back",
    "doctor.label.roll_out": "Try it again with these settings",
    "doctor.label.context": "Context {tokens:count}",
    "doctor.label.follow_updates": "Follow updates from now on",
    "doctor.label.store": "Use {path}",
    "doctor.label.slots_and_workers": "Parallel {parallel:count}, workers {workers:count}",
    "doctor.label.parallel": "Parallel {parallel:count}",
    "doctor.label.workers": "Workers {workers:count}",
    "doctor.label.variables": "Set {variables}",
    "doctor.label.container_memory": "Give it {gib:count} GiB",
    "doctor.label.clock": "Set the clock",
    "doctor.label.driver": "Mend the driver",
    "doctor.label.heartbeats": "Switch heartbeats on",
    "doctor.label.no_limit": "Remove the limit",
    "doctor.check.loads": "Models fit into memory when they are loaded",
    "doctor.check.cache": "The KV cache has the type that was asked for",
    "doctor.check.slots": "The contexts of all slots leave room for the model",
    "doctor.check.pools": "The pools fit into memory together",
    "doctor.check.container": "Containers may use the memory that their models need",
    "doctor.check.swap": "The machine does not swap",
    "doctor.check.disk": "The disks of the models have room",
    "doctor.check.folders": "The disks of the models are fast and can be written",
    "doctor.check.clock": "The clock is right",
    "doctor.check.found": "Ollama finds the cards",
    "doctor.check.driver": "The driver is new enough and works",
    "doctor.check.layers": "All layers of loaded models are on the cards",
    "doctor.check.unused": "Models run on the cards, not on the processor",
    "doctor.check.throttle": "No card is slowed down",
    "doctor.check.speed": "Answers are as fast as they were measured",
    "doctor.check.crashes": "No card has failed",
    "doctor.check.store": "The models' folders can be read",
    "doctor.check.context": "Models have the context that was asked for",
    "doctor.check.reloads": "No model is loaded again and again",
    "doctor.check.offenders": "Clients ask for the options that models are loaded with",
    "doctor.check.serial": "Models with several slots can use them",
    "doctor.check.gain": "More requests at once bring something",
    "doctor.check.threads": "Servers share the cores",
    "doctor.check.past": "All programs go through the queue",
    "doctor.check.failed": "Requests are answered",
    "doctor.check.refused": "The queue has room",
    "doctor.check.time_outs": "Clients wait long enough",
    "doctor.check.limits": "The panel's limits leave enough time",
    "doctor.check.cut": "Prompts fit into the context",
    "doctor.check.options": "Clients set options that Ollama knows",
    "doctor.check.slo": "The pools keep their promises",
    "doctor.check.panel": "The panel serves, and its settings are right",
}

WARNING: dict[str, str] = {
    "doctor.layers_spilled": "{model} is only partly on the GPU",
    "doctor.gpu_lost": "Ollama has lost {cards}",
    "doctor.slots_memory": (
        "{model}: each of {slots:count} slots has a context of {tokens:count} tokens, and not all of it fits on the GPU"
    ),
    "doctor.swapping": "The machine swaps: {swapped:bytes} are on the disk, and {free:bytes} of memory are left",
    "doctor.pools_too_large": "The pools need {needed:bytes}, but models may use {budget:bytes}",
    "doctor.disk_read_only": "The disk of {path} is mounted read-only",
    "doctor.disk_windows": "{path} is a folder of Windows, seen from Linux ({kind})",
    "doctor.clock_ahead": "The clock of this machine is {seconds:seconds} ahead",
    "doctor.clock_behind": "The clock of this machine is {seconds:seconds} behind",
    "doctor.driver_old": "The NVIDIA driver {version} is older than {oldest:count}",
    "doctor.unused": "{model} runs on the processor, though {card} is there",
    "doctor.throttled": "{card} is slowed down by {reasons}",
    "doctor.reloads": "{model} was loaded {times:count} times in ten minutes",
    "doctor.no_gain": "Parallel {more:count} gives pool {pool} no more than {fewer:count}",
    "doctor.no_gain_workers": (
        "{more:count} workers of {slots:count} slots give pool {pool} no more than {fewer:count} of {fewer_slots:count}"
    ),
    "doctor.no_gain_seen": "{model} gains nothing beyond {limit:count} of {slots:count} slots",
    "doctor.loads_cost": (
        "Pool {pool}: {seconds:seconds} of the last {requests:count} requests were loads of their model"
    ),
    "doctor.all_cores": "{runners:count} servers compute with all cores each",
    "doctor.requests_failed": "{failed:count} of the last {ended:count} requests have failed",
    "doctor.queue_full": "The queue was full for {refused:count} of the last requests: {limit:count} may wait",
    "doctor.gave_up": "{client} gives up after {seconds:seconds}: {times:count} of its last requests",
    "doctor.ended_by_limit": (
        "The panel has ended {times:count} of the last requests by its limit {key} of {limit:number} s"
    ),
}

ERROR: dict[str, str] = {
    "doctor.gpu_unsupported": "This Ollama has no code for this GPU ({library})",
    "doctor.folder_unusable": "The models' folder {path} cannot be used",
    "doctor.container_killed": "The container {name} was killed for its memory",
    "doctor.container_small": (
        "The container {name} may use {limit:bytes}, but {model} needs {needed:bytes} of main memory"
    ),
    "doctor.driver_fails": "The GPU's driver fails, so that Ollama cannot use the card",
    "doctor.store_missing": "The models' folder {path} does not exist",
    "doctor.store_shut": "The models' folder {path} cannot be read",
}
