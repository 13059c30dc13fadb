"""Puts `flexvlm serve` under load, and compares its throughput with that of `flexvlm eval`.

    swift build -c release --traits Serve
    PYTHONPATH=Scripts python3 -m measure.load_server .build/release/flexvlm --requests 500 --at-once 32
    PYTHONPATH=Scripts python3 -m measure.load_server .build/release/flexvlm --throughput 400

Under load a part of the clients goes away, sends what is no request, sends too much, or reads slowly.
Nothing may get lost: every client that stays gets its answer, or an error object that says why not.
"""

import argparse
import collections
import concurrent.futures
import json
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from serve.server import ROOT, Server, data_uri

EXAMPLES = ROOT / "Weights/examples"


class LoadedServer(Server):
    def connect(self, timeout=600):
        return super().connect(timeout)

    def memory(self):
        """Resident MiB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * 4096 / (1 << 20)

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)


def load_questions(count):
    """Requests about the example pages, with the answers that the command gives."""
    examples = json.loads((EXAMPLES / "questions.json").read_text())
    pages = {}
    for example in examples:
        name = example["image"]
        if name not in pages:
            pages[name] = data_uri(EXAMPLES / name)
    return [(pages[e["image"]], e["question"], e["answer"]) for e in
            (examples[index % len(examples)] for index in range(count))]


def body(url, question, **fields):
    content = [
        {"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": question}]
    return json.dumps({
        "model": "flexvlm-mini", "messages": [{"role": "user", "content": content}], **fields})


def post(server, content, patience=0.0):
    """Status and body of a response, read slowly where patience is given."""
    while True:
        connection = server.connect()
        connection.request(
            "POST", "/v1/chat/completions", content, {"Content-Type": "application/json"})
        response = connection.getresponse()
        if response.status != 429:
            break
        seconds = int(response.headers["Retry-After"])
        assert "error" in json.loads(response.read())
        time.sleep(seconds * random.uniform(0.5, 1.5))
    received = b""
    while part := response.read(256) if patience else response.read():
        received += part
        time.sleep(patience)
    return response.status, received


def run_client(server, index, url, question, answer):
    """One client; the kind of trouble it makes, or what went wrong."""
    kind = random.Random(index).choices(
        ["whole", "stream", "slow", "leaves", "malformed", "no HTTP", "too large"],
        [8, 6, 1, 2, 1, 1, 1])[0]
    fault = None
    if kind == "whole":
        status, content = post(server, body(url, question))
        if status != 200 or json.loads(content)["choices"][0]["message"]["content"] != answer:
            fault = (status, content[:200])
    elif kind in ("stream", "slow"):
        status, content = post(
            server, body(url, question, stream=True), 0.01 if kind == "slow" else 0)
        events = [e.removeprefix(b"data: ") for e in content.split(b"\n\n")]
        texts = [c["delta"].get("content", "") for e in events[:-2]
                 for c in json.loads(e)["choices"]] if status == 200 else []
        if events[-2:] != [b"[DONE]", b""] or "".join(texts) != answer:
            fault = (status, content[:200])
    elif kind == "leaves":
        connection = server.connect()
        connection.request(
            "POST", "/v1/chat/completions", body(url, question, stream=index % 2 == 0),
            {"Content-Type": "application/json"})
        time.sleep(random.Random(index).uniform(0, 2))
        connection.close()
    elif kind == "malformed":
        content = body(url, question)
        status, content = post(server, content[:len(content) // 2])
        if status != 400 or "message" not in json.loads(content)["error"]:
            fault = (status, content[:200])
    elif kind == "no HTTP":
        with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
            connection.sendall(random.Random(index).randbytes(200) + b"\r\n\r\n")
            head, _, content = connection.makefile("rb").read().partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 400") or "message" not in json.loads(content)["error"]:
            fault = head
    else:
        status, content = post(server, b" " * (5 << 20))
        if status != 413 or "message" not in json.loads(content)["error"]:
            fault = (status, content[:200])
    return kind, fault


def run_load(program, requests, at_once):
    server = LoadedServer("--max-body", "4", program=program)
    questions = load_questions(requests)
    counts, faults, memory = collections.Counter(), [], []
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        clients = [
            pool.submit(run_client, server, index, *question)
            for index, question in enumerate(questions)]
        for done, client in enumerate(concurrent.futures.as_completed(clients), 1):
            try:
                kind, fault = client.result()
            except Exception as error:  # the server broke off
                kind, fault = "broken", repr(error)
            counts[kind] += 1
            if fault:
                faults.append((kind, fault))
            if done % max(1, requests // 8) == 0:
                memory.append(round(server.memory()))
    seconds = time.monotonic() - start
    server.wait_until_idle(60)
    print(f"{requests} requests, {at_once} at once, {seconds:.1f} s: {dict(counts)}")
    print(f"resident MiB along the way: {memory}")
    print(f"faults: {len(faults)} {faults[:5]}; exit code after SIGTERM: {server.stop()}")
    return bool(faults)


def processor_seconds():
    """Of the programs that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_throughput(program, count, at_once, rounds):
    """The same questions by both, in turn, so that what else the machine does hits both alike."""
    questions = load_questions(count)
    examples = json.loads((EXAMPLES / "questions.json").read_text())
    ratios = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/questions.jsonl", "w") as file:
                for index in range(count):
                    example = examples[index % len(examples)]
                    print(json.dumps({
                        "question_id": index, "image": example["image"],
                        "text": example["question"]}), file=file)
            start, used = time.monotonic(), processor_seconds()
            subprocess.run(
                [program, "eval", "jsonl", "-a", f"{folder}/questions.jsonl", "--images", EXAMPLES,
                 "--output", f"{folder}/a.jsonl"], check=True, capture_output=True)
            by_eval, eval_used = time.monotonic() - start, processor_seconds() - used
        server = LoadedServer(program=program)
        start, used = time.monotonic(), processor_seconds()
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            answers = list(pool.map(lambda q: post(server, body(q[0], q[1]))[1], questions))
        by_server = time.monotonic() - start
        server.stop()
        used = processor_seconds() - used
        texts = [json.loads(a)["choices"][0]["message"]["content"] for a in answers]
        assert texts == [answer for _, _, answer in questions]
        ratios.append(by_eval / by_server)
        print(f"eval {count / by_eval:.1f} a second, serve {count / by_server:.1f}, "
              f"ratio {ratios[-1]:.3f}; of processor time {eval_used / used:.3f}", flush=True)
    print(f"median ratio {sorted(ratios)[len(ratios) // 2]:.3f}")


parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("program")
parser.add_argument("--requests", type=int, default=500)
parser.add_argument("--at-once", type=int, default=32)
parser.add_argument("--throughput", type=int, metavar="COUNT", help="compare with eval in place of it")
parser.add_argument("--rounds", type=int, default=3)

if __name__ == "__main__":
    arguments = parser.parse_args()
    if arguments.throughput:
        run_throughput(
            arguments.program, arguments.throughput, arguments.at_once, arguments.rounds)
    else:
        sys.exit(run_load(arguments.program, arguments.requests, arguments.at_once))
