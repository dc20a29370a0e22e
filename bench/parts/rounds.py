"""Rounds: every server measured in turn, in alternating order, so that drift meets all alike."""
import json
import statistics
import subprocess
import sys

from .servers import BIN, pinned


def load(server, options, rate, words):
    """`weir load` on the second core against one server; what a request cost it."""
    before = server.cpu_ns()
    out = subprocess.run(
        pinned(1, [BIN / "weir", "load", *words, "--connections", options.connections,
                   "--depth", options.depth, "--duration", f"{round(options.seconds * 1000)}ms",
                   "--warm-up", "0ms", "--rate", rate, "--json", "-", "--quiet"]),
        check=True, capture_output=True, text=True).stdout
    result = json.loads(out)
    if result["errors"]["total"] > result["errors"]["unsent"]:
        sys.exit(f"{server.name} did not answer everything: {result['errors']}")
    return {"cpu_us": (server.cpu_ns() - before) / 1000 / result["answers"],
            "rate": result["rate"], "p99_us": result["latency_us"]["p99"]}


def take_turns(servers, count, measure):
    """{name: [what measure(server, number) told in each round]}, after a round that warms up."""
    rounds = {server.name: [] for server in servers}
    for number in range(-1, count):
        for server in servers if number % 2 == 0 else servers[::-1]:
            result = measure(server, number)
            if number >= 0:
                rounds[server.name].append(result)
    return rounds


def median(results, key):
    return statistics.median(result[key] for result in results)


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.3f} [{low:.3f} {high:.3f}]"
