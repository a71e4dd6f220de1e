"""`ollama-panel bench compare A B`: the same arrivals of requests against two configurations, programs or addresses."""
