import pytest

from ollama_panel.core.ollama.hardware import HARDWARE, Hardware, known


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("GeForce RTX 4070 Ti SUPER", "RTX 4070 Ti Super"),
        ("RTX4070", "RTX 4070"),
        ("NVIDIA GeForce RTX 4060 Laptop GPU", "RTX 4060 Laptop"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("NVIDIA A100-SXM4-80GB", "A100 SXM4"),
        ("NVIDIA A100-SXM4-40GB", "A100 40GB"),
        ("NVIDIA A100 80GB PCIe", "A100"),
        ("NVIDIA GeForce RTX 3080 Ti", "RTX 3080 Ti"),
        ("NVIDIA GeForce RTX 3080", "RTX 3080"),
        ("NVIDIA RTX A4000", "RTX A4000"),
        ("Tesla T4", "T4"),
        ("Intel(R) Arc(TM) B580 Graphics", "Arc B580"),
        ("AMD Radeon RX 7900 XTX", "RX 7900 XTX"),
        ("Apple M2 Pro", "M2 Pro"),
        ("Apple M2", "M2"),
        ("M4Max", "M4 Max"),
    ],
)
def test_drivers_and_people_name_the_same_hardware_otherwise(name: str, entry: str) -> None:
    found = known(name)
    assert found is not None
    assert found.name == entry


@pytest.mark.parametrize(
    "name",
    [
        "",
        "RTX 4070 Laptop GPU",
        "RTX 4090 Laptop GPU",
        "RTX 4090 Super",
        "Quadro T400",
        "Apple M9",
        "Arc B60",
        "Radeon RX 7900",
    ],
)
def test_another_product_is_not_taken_for_one_in_the_table(name: str) -> None:
    assert known(name) is None


@pytest.mark.parametrize("one", HARDWARE, ids=lambda one: one.name)
def test_each_entry_is_found_by_its_own_name(one: Hardware) -> None:
    assert known(one.name) is one
