"""What NVIDIA's library and program tell of each card, and what becomes of it when a card or the driver goes."""

from types import SimpleNamespace

import pytest

from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.engine.host.gpu import nvidia, nvidia_smi, nvml
from ollama_panel.engine.host.gpu.sensors import Sensors
from ollama_panel.engine.host.gpu.sensors_nvidia import NvidiaSensors, throttles_of
from tests.fakes.gpus import programs
from tests.fakes.gpus_nvml import GIB, FakeCard, FakeLibrary


class Machine:
    """Cards with a library, in which time passes by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *cards: FakeCard) -> None:
        self.driver = FakeLibrary(*cards)
        self.now = 0.0
        monkeypatch.setattr(nvml, "pynvml", self.driver)
        self.library = nvml.Library(lambda: self.now)
        self.sensors = Sensors([NvidiaSensors(self.library).read])

    def read(self) -> tuple[GpuReading, ...]:
        return self.sensors.read()


def test_all_values_of_all_cards_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Machine(monkeypatch, FakeCard(0), FakeCard(1, Temperature=48)).read()
    assert first == GpuReading(
        "0000:01:00.0",
        "Card 0",
        GpuVendor.NVIDIA,
        utilization_percent=97,
        memory_used=6 * GIB,
        memory_total=24 * GIB,
        temperature_c=71,
        power_w=301.5,
        power_limit_w=450,
        clock_graphics_mhz=2520,
        clock_memory_mhz=10501,
        throttles=frozenset(),
        driver="580.65.06",
    )
    assert (second.id, second.name, second.temperature_c) == ("0000:02:00.0", "Card 1", 48)


FIELDS = {
    "UtilizationRates": ("utilization_percent",),
    "Temperature": ("temperature_c",),
    "PowerUsage": ("power_w",),
    "EnforcedPowerLimit": ("power_limit_w",),
    "ClockInfo": ("clock_graphics_mhz", "clock_memory_mhz"),
    "CurrentClocksEventReasons": ("throttles",),
    "Name": ("name",),
}


@pytest.mark.parametrize("error", ["NotSupported", "NoPermission", "FunctionNotFound", "Unknown", "NoData"])
@pytest.mark.parametrize("function", FIELDS)
def test_each_value_may_be_unknown_on_its_own(monkeypatch: pytest.MonkeyPatch, function: str, error: str) -> None:
    """As on laptops, on virtual and divided cards, and in the Linux of Windows."""
    (whole,) = Machine(monkeypatch, FakeCard()).read()
    machine = Machine(monkeypatch, FakeCard())
    machine.driver.cards[0].values[f"nvmlDeviceGet{function}"] = machine.driver.error(error)
    (found,) = machine.read()
    different = [name for name in GpuReading.__struct_fields__ if getattr(found, name) != getattr(whole, name)]
    assert different == list(FIELDS[function])
    assert {getattr(found, name) for name in different} <= {None, ""}


def test_a_chip_that_shares_the_main_memory_tells_little(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, FakeCard())
    card = machine.driver.cards[0]
    keep = ("Name", "UUID", "UtilizationRates")
    card.values = {f"nvmlDeviceGet{name}": card.values[f"nvmlDeviceGet{name}"] for name in keep}
    card.values["nvmlDeviceGetMemoryInfo"] = machine.driver.error("NotSupported")
    (found,) = machine.read()
    told = GpuReading("GPU-0", "Card 0", GpuVendor.NVIDIA, utilization_percent=97, unified=True, driver="580.65.06")
    assert found == told


def test_a_driver_before_535_tells_what_slows_a_card_by_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    card = FakeCard(CurrentClocksThrottleReasons=0x40)
    del card.values["nvmlDeviceGetCurrentClocksEventReasons"]
    assert Machine(monkeypatch, card).read()[0].throttles == {Throttle.THERMAL}


@pytest.mark.parametrize(
    ("reasons", "throttles"),
    [
        (0x0, set()),
        (0x1, set()),  # idle
        (0x2 | 0x10 | 0x100, set()),  # clocks that somebody has set
        (0x4, {Throttle.POWER}),
        (0x20, {Throttle.THERMAL}),
        (0x8 | 0x40, {Throttle.THERMAL}),
        (0x8 | 0x80, {Throttle.POWER}),
        (0x8, {Throttle.HARDWARE}),
        (0x4 | 0x20, {Throttle.POWER, Throttle.THERMAL}),
    ],
)
def test_what_slows_a_card_down(reasons: int, throttles: set[Throttle]) -> None:
    assert throttles_of(reasons) == throttles


def test_a_card_that_is_lost_leaves_the_others_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, FakeCard(0), FakeCard(1))
    healthy, _ = machine.read()
    machine.driver.cards[1].lost = True
    assert machine.read() == (healthy, GpuReading("0000:02:00.0", "Card 1", GpuVendor.NVIDIA, lost=True))
    machine.now += nvml.RETRY_S
    assert [gpu.lost for gpu in machine.read()] == [False, True]
    machine.driver.cards[1].lost = False
    machine.now += nvml.RETRY_S
    assert [(gpu.lost, gpu.temperature_c) for gpu in machine.read()] == [(False, 71), (False, 71)]


def test_a_driver_that_is_unloaded_is_begun_anew_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, FakeCard())
    memory = nvidia.find(machine.library)
    assert memory is not None
    assert machine.read()[0].lost is False
    machine.driver.loaded = machine.driver.open = False
    assert machine.read()[0].lost is True
    assert memory.read() is None
    machine.driver.loaded = True
    assert machine.read()[0].lost is True, "it is not tried all the time"
    machine.now += nvml.RETRY_S
    assert machine.read()[0].lost is False
    found = memory.read()
    assert found is not None
    assert found.total == 24 * GIB


def test_a_driver_that_is_loaded_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, FakeCard())
    machine.driver.loaded = False
    assert machine.read() == ()
    machine.driver.loaded = True
    machine.now += nvml.RETRY_S
    assert [gpu.name for gpu in machine.read()] == ["Card 0"]


def test_without_the_library_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml, "pynvml", None)
    assert NvidiaSensors(nvml.Library()).read() == ()


def test_texts_may_be_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = FakeCard(Name=b"Tesla T4", PciInfo=SimpleNamespace(busId="00000000:81:00.0"))
    (found,) = Machine(monkeypatch, odd).read()
    assert (found.id, found.name) == ("0000:81:00.0", "Tesla T4")


SMI = """
==============NVSMI LOG==============

Driver Version                            : 550.54.14
Attached GPUs                             : 2
GPU 00000000:01:00.0
    Performance State                     : P2
    Clocks Event Reasons
        Idle                              : Not Active
        Applications Clocks Setting       : Not Active
        SW Power Cap                      : Active
        HW Slowdown                       : Not Active
            HW Thermal Slowdown           : Not Active
            HW Power Brake Slowdown       : Not Active
        SW Thermal Slowdown               : Not Active
    Clocks Event Reasons Counters
        SW Power Capping                  : 0 us
    FB Memory Usage
        Total                             : 24564 MiB
        Reserved                          : 346 MiB
        Used                              : 20000 MiB
        Free                              : 4218 MiB
    BAR1 Memory Usage
        Total                             : 32768 MiB
        Used                              : 1 MiB
        Free                              : 32767 MiB
    Utilization
        GPU                               : 98 %
        Memory                            : 61 %
    Temperature
        GPU Current Temp                  : 66 C
        GPU T.Limit Temp                  : 17 C
    GPU Power Readings
        Average Power Draw                : 351.02 W
        Instantaneous Power Draw          : 349.77 W
        Current Power Limit               : 350.00 W
    Module Power Readings
        Average Power Draw                : N/A
    Clocks
        Graphics                          : 2520 MHz
        SM                                : 2520 MHz
        Memory                            : 10251 MHz
    Max Clocks
        Graphics                          : 3120 MHz
GPU 00000000:02:00.0
    Performance State                     : [Unknown Error]
    Clocks Throttle Reasons
        HW Slowdown                       : N/A
    FB Memory Usage
        Total                             : 8192 MiB
        Used                              : 12 MiB
        Free                              : 8180 MiB
    Utilization
        Gpu                               : 0 %
        Memory                            : 0 %
    Temperature
        GPU Current Temp                  : N/A
    Power Readings
        Power Draw                        : ERR!
        Power Limit                       : 75.00 W
    Clocks
        Graphics                          : GPU is lost
"""


def test_nvidias_program_tells_what_its_library_would(monkeypatch: pytest.MonkeyPatch) -> None:
    programs(monkeypatch, nvidia_smi=SMI)
    first, second = nvidia_smi.NvidiaSmi("nvidia-smi", ["RTX 4090", "RTX 3050"]).readings()
    assert first == GpuReading(
        "0000:01:00.0",
        "RTX 4090",
        GpuVendor.NVIDIA,
        utilization_percent=98,
        memory_used=20000 << 20,
        memory_total=24564 << 20,
        temperature_c=66,
        power_w=349.77,
        power_limit_w=350,
        clock_graphics_mhz=2520,
        clock_memory_mhz=10251,
        throttles=frozenset({Throttle.POWER}),
        driver="550.54.14",
    )
    assert second == GpuReading(
        "0000:02:00.0",
        "RTX 3050",
        GpuVendor.NVIDIA,
        utilization_percent=0,
        memory_used=12 << 20,
        memory_total=8192 << 20,
        power_limit_w=75,
        driver="550.54.14",
    )


@pytest.mark.parametrize(
    "text", ["", "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", "No devices found"]
)
def test_cards_that_nvidias_program_does_not_tell_of_any_more_are_lost(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    now = 0.0
    programs(monkeypatch, nvidia_smi=SMI)
    sensors = Sensors([nvidia_smi.NvidiaSmi("nvidia-smi", ["A", "B"], lambda: now).readings])
    assert [gpu.lost for gpu in sensors.read()] == [False, False]
    now += 5
    programs(monkeypatch, nvidia_smi=text)
    assert [(gpu.name, gpu.lost) for gpu in sensors.read()] == [("A", True), ("B", True)]
