"""Rounds: every server measured in turn, in alternating order, so that drift meets all alike."""
import json
import statistics
import subprocess
import sys

from .servers import BIN, pinned


def load(server, options, rate, words):
    """`weir load` on the second core against one server; what a request cost it."""
    return load_from(server, options, rate, {1: words})


def load_from(server, options, rate, words):
    """`weir load` on each core that has words; what a request cost the server."""
    before = server.cpu_ns()
    running = [subprocess.Popen(
        pinned(core, [BIN / "weir", "load", *said, "--connections", options.connections,
                      "--depth", options.depth, "--duration", f"{round(options.seconds * 1000)}ms",
                      "--warm-up", "0ms", "--rate", rate, "--json", "-", "--quiet"]),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for core, said in words.items()]
    results = [outcome(server, each) for each in running]
    answers = sum(result["answers"] for result in results)
    return {"cpu_us": (server.cpu_ns() - before) / 1000 / answers,
            "rate": sum(result["rate"] for result in results),
            "p50_us": max(result["latency_us"]["p50"] for result in results),
            "p99_us": max(result["latency_us"]["p99"] for result in results)}


def outcome(server, running):
    out, complaint = running.communicate()
    if running.returncode != 0:
        sys.exit(f"{server.name} could not be loaded: {complaint}")
    result = json.loads(out)
    if result["errors"]["total"] > result["errors"]["unsent"]:
        sys.exit(f"{server.name} did not answer everything: {result['errors']}")
    return result


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
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return f"{middle:.3f} [{low:.3f} {high:.3f}]"
