"""The English templates of the report of a tuning, as it is copied, by level; see `templates`."""

INFO = {
    "tuning_report.title": "Tuning of {model} in the pool {pool}, {when}",
    "tuning_report.trials": "Trials (± is a 95 % interval):",
    "tuning_report.measured": "{settings}: {rate}, {token:number} ms per token, first token p95 {first:seconds}, "
    "{requests:count} requests",
    "tuning_report.failed": "{settings}: {problem}",
    "tuning_report.not_measured": "not measured",
    "tuning_report.rate": "{rate:number} tokens/s",
    "tuning_report.rate_within": "{rate:number} ± {half:number} tokens/s",
    "tuning_report.slot": "1 slot",
    "tuning_report.slots": "{slots:count} slots",
    "tuning_report.workers": "{workers:count} workers",
    "tuning_report.batch": "batch size {batch:count}",
    "tuning_report.cache": "KV cache {cache}",
    "tuning_report.loading": "loading {settings}",
    "tuning_report.origin": "Measured on: {parts}",
    "tuning_report.digest": "Model: {model}, digest {digest}",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
