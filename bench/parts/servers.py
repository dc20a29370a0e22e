"""Servers under measurement: started, waited for, counted, ended."""
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(os.environ.get("WEIR_BIN_DIR", ROOT / "build" / "release" / "bin"))
START_S = 10
SCHEDULER_CLOCK = 2  # CPUCLOCK_SCHED, as clock_getcpuclockid(3) makes it of a process


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, name):
    deadline = time.monotonic() + START_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                sys.exit(f"{name} did not start")
            time.sleep(0.02)


def pinned(core, command):
    return ["taskset", "-c", str(core), *map(str, command)]


def family(pid):
    """A process and all its descendants."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def private_dirty(pid):
    """Bytes that the process alone wrote to."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    sys.exit("this kernel's smaps_rollup has no Private_Dirty")


class Server:
    def __init__(self, name, command, port=None, **streams):
        self.name, self.port = name, port
        self.process = subprocess.Popen(list(map(str, command)), **streams)
        if port is not None:
            self.wait_until(lambda: wait_for(port, self.process, name))

    def wait_until(self, ready):
        """What ready() answers; where it gives up, the server is ended."""
        try:
            return ready()
        except BaseException:
            self.process.kill()
            raise

    def cpu_ns(self):
        """User and kernel, of threads that have ended too."""
        return sum(time.clock_gettime_ns((~pid << 3) | SCHEDULER_CLOCK)
                   for pid in family(self.process.pid))

    def memory(self):
        return sum(private_dirty(pid) for pid in family(self.process.pid))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
