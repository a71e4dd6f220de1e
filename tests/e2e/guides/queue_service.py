"""Queue service: callers hand in prompts and get an id back; two worker threads ask Ollama.

    python queue_service.py [OLLAMA_URL]

Ollama does only so much at once, so the prompts wait here, in a `queue.Queue`.
"""

import itertools
import json
import queue
import sys
import threading

import requests

OLLAMA_URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:11434"
MODEL = "llama3.1:8b"
WORKERS = 2
TIMEOUT_S = 120

PROMPTS = [f"Explain in one sentence what the number {n} is known for." for n in range(1, 13)]


class QueueService:
    """Prompts in, results by id out."""

    def __init__(self):
        self.jobs = queue.Queue()
        self.results = {}
        self.lock = threading.Lock()
        self.ids = itertools.count(1)
        self.workers = [threading.Thread(target=self._work, daemon=True) for _ in range(WORKERS)]
        for worker in self.workers:
            worker.start()

    def submit(self, prompt):
        job_id = next(self.ids)
        self.jobs.put((job_id, prompt))
        return job_id

    def result(self, job_id):
        with self.lock:
            return self.results.get(job_id, {"status": "queued"})

    def wait(self):
        self.jobs.join()

    def _work(self):
        while True:
            job_id, prompt = self.jobs.get()
            try:
                result = {"status": "done", "response": self._generate(job_id, prompt)}
            except (requests.RequestException, KeyError) as error:
                result = {"status": "failed", "error": repr(error)}
            with self.lock:
                self.results[job_id] = result
            self.jobs.task_done()

    def _generate(self, job_id, prompt):
        response = requests.post(
            f"{OLLAMA_URL}/api/generate",
            json={
                "model": MODEL,
                "prompt": prompt,
                "stream": False,
                "options": {"num_predict": 40, "seed": job_id},
            },
            timeout=TIMEOUT_S,
        )
        response.raise_for_status()
        return response.json()["response"]


def main():
    service = QueueService()
    ids = {prompt: service.submit(prompt) for prompt in PROMPTS}
    service.wait()
    failed = 0
    for prompt, job_id in ids.items():
        result = service.result(job_id)
        failed += result["status"] != "done"
        print(json.dumps({"id": job_id, "prompt": prompt} | result))
    print(f"{len(ids)} jobs, {failed} failed", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
