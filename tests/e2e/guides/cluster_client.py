"""Cluster client: several Ollama nodes, health checks, the least loaded node first, failover to the others.

python cluster_client.py NODE_URL NODE_URL ... [--check-interval SECONDS]
"""

import argparse
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

MODEL = "llama3.1:8b"
CHECK_INTERVAL_S = 10
CHECK_TIMEOUT_S = 5
REQUEST_TIMEOUT_S = 120
CALLERS = 6

PROMPTS = [f"Name a city with about {n} hundred thousand inhabitants." for n in range(1, 25)]


@dataclass
class Node:
    url: str
    healthy: bool = True
    active: int = 0
    served: int = 0
    failures: int = 0
    checks: int = 0


class OllamaCluster:
    def __init__(self, urls, check_interval):
        self.nodes = [Node(url) for url in urls]
        self.check_interval = check_interval
        self.lock = threading.Lock()
        self.closed = threading.Event()
        self.check_all()
        self.checker = threading.Thread(target=self._keep_checking, daemon=True)
        self.checker.start()

    def close(self):
        self.closed.set()
        self.checker.join()

    def check_all(self):
        for node in self.nodes:
            healthy = self._answers(node)
            with self.lock:
                node.checks += 1
                node.failures += not healthy
                node.healthy = healthy

    def _answers(self, node):
        try:
            return requests.get(f"{node.url}/api/tags", timeout=CHECK_TIMEOUT_S).status_code == 200
        except requests.RequestException:
            return False

    def _keep_checking(self):
        while not self.closed.wait(self.check_interval):
            self.check_all()

    def _take(self, tried):
        """The healthy node with the fewest requests under way that was not tried yet."""
        with self.lock:
            free = [node for node in self.nodes if node.healthy and not any(node is other for other in tried)]
            if not free:
                raise RuntimeError("no healthy node left")
            node = min(free, key=lambda node: (node.active, node.served))
            node.active += 1
            return node

    def generate(self, prompt, seed=0):
        tried = []
        while True:
            node = self._take(tried)
            tried.append(node)
            try:
                response = requests.post(
                    f"{node.url}/api/generate",
                    json={
                        "model": MODEL,
                        "prompt": prompt,
                        "stream": False,
                        "options": {"num_predict": 24, "seed": seed},
                    },
                    timeout=REQUEST_TIMEOUT_S,
                )
                response.raise_for_status()
                text = response.json()["response"]
            except requests.RequestException:
                with self.lock:
                    node.failures += 1
                    node.healthy = False
            else:
                with self.lock:
                    node.served += 1
                return text
            finally:
                with self.lock:
                    node.active -= 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nodes", nargs="+")
    parser.add_argument("--check-interval", type=float, default=CHECK_INTERVAL_S)
    arguments = parser.parse_args()
    cluster = OllamaCluster(arguments.nodes, arguments.check_interval)
    with ThreadPoolExecutor(CALLERS) as callers:
        texts = callers.map(cluster.generate, PROMPTS, range(len(PROMPTS)))
        for prompt, text in zip(PROMPTS, texts, strict=True):
            print(json.dumps({"prompt": prompt, "response": text}))
    cluster.close()
    for node in cluster.nodes:
        print(f"{node.url}: {node.served} served, {node.failures} failures, {node.checks} checks", file=sys.stderr)
    sys.exit(1 if any(node.failures for node in cluster.nodes) else 0)


if __name__ == "__main__":
    main()
