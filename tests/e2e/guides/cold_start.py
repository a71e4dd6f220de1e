"""What happens when five users come at once and the model is not loaded yet?

python cold_start.py [OLLAMA_URL]
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import requests

OLLAMA_URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:11434"
MODEL = "llama3.1:8b"
USERS = 5
TIMEOUT_S = 120


def ask(user):
    start = time.perf_counter()
    prompt = f"I am user {user}. Say hello to me."
    response = requests.post(
        f"{OLLAMA_URL}/api/generate",
        json={"model": MODEL, "prompt": prompt, "stream": False, "options": {"num_predict": 16, "seed": user}},
        timeout=TIMEOUT_S,
    )
    return user, response, time.perf_counter() - start


def main():
    failed = 0
    with ThreadPoolExecutor(max_workers=USERS) as users:
        for user, response, seconds in users.map(ask, range(1, USERS + 1)):
            failed += response.status_code != 200
            print(
                json.dumps({"user": user, "status": response.status_code, "response": response.json().get("response")})
            )
            print(f"user {user}: HTTP {response.status_code} after {seconds:.2f} s", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
