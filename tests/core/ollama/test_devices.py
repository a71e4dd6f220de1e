"""The devices that servers name in their logs."""

from ollama_panel.core.ollama.devices import Devices, together
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.sizes import GIB, MIB

CONFIG = 'time=t level=INFO source=routes.go:1 msg="server config" env="map[OLLAMA_HOST:http://127.0.0.1:1]"'
CPU = (
    'time=t level=INFO source=types.go:1 msg="inference compute" id=cpu library=cpu compute="" name=cpu '
    'description=cpu libdirs=ollama driver="" pci_id="" type="" total="31.2 GiB" available="29.0 GiB"'
)


def compute(library: str, name: str, total: str, available: str, bus: str = "", kind: str = "discrete") -> str:
    return (
        f'time=t level=INFO source=types.go:1 msg="inference compute" id=0 filter_id=0 library={library} compute=0.0 '
        f'name={library}0 description="{name}" libdirs=ollama driver=0.0 pci_id={bus} type={kind} '
        f'total="{total}" available="{available}"'
    )


ARC = compute("Vulkan", "Intel(R) Arc(TM) A770", "15.9 GiB", "15.0 GiB", "0000:03:00.0")


def devices(*lines: str) -> Devices:
    found = Devices()
    for line in lines:
        fact = parse(line)
        if fact is not None:
            found = found.after(fact)
    return found


def test_nothing_is_known_before_the_server_names_its_devices() -> None:
    assert devices(CONFIG).on_gpu is None
    assert devices(CONFIG).total is None


def test_a_machine_whose_list_has_only_its_cpu_has_no_gpu() -> None:
    found = devices(CONFIG, CPU)
    assert (found.on_gpu, found.total, found.name) == (False, None, "")


def test_several_devices_are_added_up() -> None:
    found = devices(CONFIG, ARC, compute("Vulkan", "Intel(R) Arc(TM) A380", "5.0 GiB", "4.5 GiB", "0000:04:00.0"))
    assert found.total == round(15.9 * GIB) + 5 * GIB
    assert found.available == 15 * GIB + round(4.5 * GIB)
    assert found.name == "Intel(R) Arc(TM) A770"


def test_an_integrated_gpu_that_ollama_drops_does_not_count() -> None:
    dropped = (
        'level=INFO msg="dropping integrated GPU; to enable, set OLLAMA_IGPU_ENABLE=1" id=1 library=Vulkan '
        'compute=0.0 name=Vulkan1 description="Intel(R) UHD Graphics 770" pci_id=""'
    )
    assert devices(CONFIG, dropped, ARC).gpus == devices(ARC).gpus


def test_only_gpus_that_share_the_main_memory_are_integrated() -> None:
    assert devices(compute("Vulkan", "Intel(R) Iris(R) Xe", "15.0 GiB", "14.0 GiB", kind="iGPU")).integrated
    assert not devices(ARC).integrated
    assert not devices(CPU).integrated


def test_a_server_that_starts_again_makes_a_new_list() -> None:
    assert devices(CONFIG, ARC, CONFIG, CPU).on_gpu is False


def test_a_runner_tells_the_memory_of_a_device_exactly_and_as_it_is_now() -> None:
    found = devices(
        CONFIG,
        ARC,
        "cmn  common_param: device_info:",
        "cmn  common_param:   - Vulkan0 : Intel(R) Arc(TM) A770 (16288 MiB, 14000 MiB free)",
        "cmn  common_param:   - CPU     : Intel(R) Core(TM) (31949 MiB, 31949 MiB free)",
        "llama_prepare_model_devices: using device Vulkan0 (Intel(R) Arc(TM) A770) (0000:03:00.0) - 13990 MiB free",
    )
    assert (found.total, found.available) == (16288 * MIB, 13990 * MIB)


def test_what_runners_say_is_enough_if_the_servers_lines_are_not_there() -> None:
    found = devices(
        "  - CUDA0   : NVIDIA L4 (22563 MiB, 22330 MiB free)",
        "  - CUDA1   : NVIDIA T4 (14930 MiB, 14000 MiB free)",
        "  - BLAS    : OpenBLAS (0 MiB, 0 MiB free)",
    )
    assert (found.on_gpu, found.total) == (True, (22563 + 14930) * MIB)
    assert found.after(parse(ARC)).total == round(15.9 * GIB), "the server's own list replaces them"


def test_of_two_devices_with_one_name_nobody_knows_which_a_runner_means() -> None:
    twins = [compute("CUDA", "NVIDIA L4", "22.0 GiB", "21.0 GiB", f"0000:0{number}:00.0") for number in (1, 2)]
    assert devices(*twins, "  - CUDA0 : NVIDIA L4 (22563 MiB, 1 MiB free)") == devices(*twins)


def test_servers_of_one_machine_name_the_same_devices_and_the_last_word_counts() -> None:
    later = compute("Vulkan", "Intel(R) Arc(TM) A770", "15.9 GiB", "8.0 GiB", "0000:03:00.0")
    found = together([devices(ARC), devices(CPU), devices(later)])
    assert (found.total, found.available) == (round(15.9 * GIB), 8 * GIB)
    twins = devices(*[compute("ROCm", "AMD Instinct", "64.0 GiB", "64.0 GiB")] * 2)
    assert together([twins, twins]).total == 128 * GIB
    assert together([]).on_gpu is None
