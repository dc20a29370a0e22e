"""The program under strace: which calls it makes of the kernel, and in which order."""

import os
import re
import shutil
import subprocess

import program

# A leak check needs ptrace for itself.
ENVIRONMENT = [("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")]


def command(into, calls="all"):
    """What runs the program with its calls written into a file."""
    return ["strace", "-f", "-y", "-s", "64", "-o", into, "-e", f"trace={calls}"]


def failing(into, call, error, first):
    """What runs the program with a call failing from the `first` on that a thread makes."""
    return [*command(into, call), "-e", f"inject={call}:error={error}:when={first}+"]


def skip_where_refused(test, strace):
    if shutil.which("strace") is None:
        test.skipTest("strace is missing")
    tried = subprocess.run([*strace, "true"], capture_output=True, text=True,
                           timeout=program.WAIT, **program.as_nobody())
    if tried.returncode != 0:
        test.skipTest(f"tracing is not permitted here: {tried.stderr}")


def traced_pid(service):
    """strace passes signals on to nobody: the traced one gets them itself."""
    children = f"/proc/{service.process.pid}/task/{service.process.pid}/children"
    with open(children, encoding="ascii") as file:
        return int(file.read().split()[0])


def calls(lines):
    """(thread, name, arguments and more) of each call that began in these lines."""
    for line in lines:
        if begun := re.match(r"(\d+) +(\w+)\((.*)", line):
            yield begun.groups()
