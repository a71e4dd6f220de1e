from ollama_panel.core.telemetry import GpuReading, Telemetry


def test_nothing_is_known_of_a_machine_without_sensors() -> None:
    empty = Telemetry(at=0.0)
    assert (empty.system.cpu_percent, empty.system.memory_used, empty.gpus, empty.lost) == (None, None, (), ())


def test_a_card_whose_driver_is_lost_is_told_from_one_that_tells_little() -> None:
    quiet, lost = GpuReading("0000:01:00.0", "Orin"), GpuReading("0000:02:00.0", "RTX 4090", lost=True)
    assert Telemetry(0.0, gpus=(quiet, lost)).lost == (lost,)
