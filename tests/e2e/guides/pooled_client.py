"""Does connection pooling pay? The same calls with a pooled session, and with a new connection for each.

python pooled_client.py [OLLAMA_URL]
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from requests.adapters import HTTPAdapter

OLLAMA_URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:11434"
MODEL = "llama3.1:8b"
THREADS = 8
TIMEOUT_S = 120

NUMBERS = range(1, 33)

session = requests.Session()
adapter = HTTPAdapter(pool_connections=10, pool_maxsize=10)
session.mount("http://", adapter)
session.mount("https://", adapter)


def body(number):
    prompt = f"Translate the number {number} into French."
    return {"model": MODEL, "prompt": prompt, "stream": False, "options": {"num_predict": 8, "seed": number}}


def pooled(number):
    return session.post(f"{OLLAMA_URL}/api/generate", json=body(number), timeout=TIMEOUT_S)


def unpooled(number):
    return requests.post(f"{OLLAMA_URL}/api/generate", json=body(number), timeout=TIMEOUT_S)


def answer(post, number):
    try:
        response = post(number)
        response.raise_for_status()
        return {"response": response.json()["response"]}
    except (requests.RequestException, KeyError) as error:
        return {"error": repr(error)}


def measure(post):
    """Send all numbers through one kind of client; return how many failed."""
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(lambda number: answer(post, number), NUMBERS))
    elapsed = time.perf_counter() - start
    failed = sum("error" in one for one in answers)
    for number, one in zip(NUMBERS, answers, strict=True):
        print(json.dumps({"client": post.__name__, "number": number} | one))
    print(f"{post.__name__}: {len(answers)} calls, {failed} failed, {elapsed:.2f} s", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(1 if measure(pooled) + measure(unpooled) else 0)
