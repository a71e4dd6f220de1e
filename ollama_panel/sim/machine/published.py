"""Published throughput tables, one that we measured, and the service-time model that was fitted to each.

The coefficients are weighted least squares of the relative error (non-negative), done once and kept here as numbers.
The tests hold the mean error of every table at 10 % or less.
"""

import msgspec

from ollama_panel.sim.machine.service_time import ServiceTimeModel


class Curve(msgspec.Struct, frozen=True):
    """A table of measured tokens per second of all sequences: context of each sequence -> sequences -> value."""

    name: str
    source: str
    service_time: ServiceTimeModel
    points: dict[int, dict[int, float]]

    def errors(self) -> list[float]:
        """Return the relative error of the service-time model at each published point."""
        return [
            abs(self.service_time.throughput(sequences, context) / measured - 1)
            for context, row in self.points.items()
            for sequences, measured in row.items()
        ]

    def mean_error(self) -> float:
        """Return the mean relative error (MAPE) over the table."""
        errors = self.errors()
        return sum(errors) / len(errors)


_SPARK = "llama.cpp benches/dgx-spark.md (llama-batched-bench on a DGX Spark)"

CURVES: tuple[Curve, ...] = (
    Curve(
        "GB10 Qwen2.5-7B Q8",
        _SPARK,
        ServiceTimeModel(
            weights_s=0.03408114 - 0.000446873, rate=0, sequence_s=0.000446873, kv_s=2.7257694e-7, batched_s=0.002603
        ),
        {
            528: {1: 29.24, 2: 54.46, 4: 104.33, 8: 195.67, 16: 335.01, 32: 593.27},
            4112: {1: 28.42, 2: 51.35, 4: 93.86, 8: 163.10, 16: 252.80, 32: 377.05},
            8208: {1: 27.50, 2: 48.39, 4: 84.71, 8: 138.88, 16: 196.21, 32: 268.20},
        },
    ),
    Curve(
        "GB10 gpt-oss-20b MXFP4",
        _SPARK,
        ServiceTimeModel(
            weights_s=0.010257667 - 0.000540446,
            rate=0,
            sequence_s=0.000540446,
            kv_s=2.0136e-7,
            batched_s=0.0069945,
            experts=32,
            experts_used=4,
            expert_s=0.014854463,
        ),
        {
            528: {1: 81.11, 2: 95.00, 4: 151.90, 8: 254.09, 16: 400.94, 32: 614.82},
            4112: {1: 77.97, 2: 87.18, 4: 139.90, 8: 216.70, 16: 310.48, 32: 422.45},
        },
    ),
    Curve(
        "GB10 Qwen3-Coder-30B-A3B Q8",
        _SPARK,
        ServiceTimeModel(
            weights_s=0.013176616,
            rate=0,
            sequence_s=0.00058927,
            batched_s=0.010172249,
            experts=128,
            experts_used=8,
            expert_s=0.057378984,
        ),
        {0: {1: 57.63, 2: 64.11, 4: 102.01, 8: 154.91, 16: 232.98, 32: 345.01}},
    ),
    Curve(
        "GB10 gpt-oss-120b MXFP4",
        _SPARK,
        ServiceTimeModel(
            weights_s=0.013842009, rate=0, batched_s=0.013001193, experts=128, experts_used=4, expert_s=0.118459211
        ),
        {0: {1: 57, 2: 60, 4: 95, 8: 147, 16: 220, 32: 313}},
    ),
    Curve(
        "M2 Ultra Qwen2-7B Q8, 1 to 8",
        "llama.cpp PR 10581",
        ServiceTimeModel(weights_s=0.0135808, rate=0, narrow=0.190882, tile_s=0.09),
        {0: {1: 70.41, 2: 126.66, 3: 163.08, 4: 200.40, 5: 207.24, 6: 210.91, 7: 229.20, 8: 260.76}},
    ),
    Curve(
        "Apple 0.5B Q4_K_M server",
        "llama.cpp PR 25453",
        ServiceTimeModel(weights_s=0.0029684, rate=357, narrow=0.14525, tile_s=0.0114, tile_to=12),
        {0: {1: 336.88, 8: 1336.34, 9: 777.84, 10: 904.93, 12: 1033.29, 14: 795.91, 16: 706.47}},
    ),
    Curve(
        "RTX 4090 8B Q4_0 micro-batch",
        "llama.cpp PR 15131 and 7676",
        ServiceTimeModel(weights_s=0.00737556, rate=12_800),
        {
            0: {
                10: 1183.07,
                11: 1305.52,
                12: 1424.18,
                13: 1525.92,
                14: 1637.70,
                15: 1737.93,
                16: 1891.88,
                32: 3427.61,
                64: 5420.06,
                128: 7444,
                512: 10359,
            }
        },
    ),
    Curve(
        "RTX 3090 gemma4-26B-A4B Q4 micro-batch",
        "llama.cpp PR 29152 and 22298",
        ServiceTimeModel(
            weights_s=0.0045028,
            rate=1 / 0.00037217792,
            experts=128,
            experts_used=8,
            expert_s=0.011479175,
        ),
        {0: {1: 189.63, 2: 331.55, 4: 464.93, 16: 911.67, 32: 1263.76, 64: 1606.39}},
    ),
    Curve(
        "H200 8B Q8_0 in Ollama",
        "our own: `ollama_panel.sim fit`, Ollama 0.32.15, a Llama of random weights (32 layers of width 4096)",
        ServiceTimeModel(weights_s=0.003474, rate=0, sequence_s=0.000619),
        {
            0: {
                1: 231.3,
                2: 426.4,
                3: 598.3,
                4: 721.4,
                6: 839.2,
                8: 902.9,
                12: 1005.5,
                16: 1074.5,
                24: 1265.7,
                32: 1550.6,
            }
        },
    ),
)
"""The tables that the service-time model is tested against; contexts are the prompt plus half of the 32 tokens that are
generated.

Where the model does not hold: small models on large cards, whose kernels change with the number of sequences. A 1B f16
model in the same Ollama on the same H200 made 652, 980, 1,746, 2,120, 2,792, 2,494, 1,777 and 2,264 tokens/s with 1, 2,
4, 8, 12, 16, 24 and 32 sequences; the best service-time model is 11 % off on average, and 43 % at 24.
"""
