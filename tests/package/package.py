"""What the tests of packaging share: commands that end, and a consumer that is built and asked."""

import contextlib
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import tempfile
import urllib.request

BUILD = pathlib.Path(os.environ["WEIR_BUILD"])
SOURCE = pathlib.Path(os.environ["WEIR_SOURCE"])
CONSUMERS = SOURCE / "tests/consumer"
CXX = os.environ["CXX"]
WAIT = 30  # seconds, for what compiles nothing
COMPILE = 240


class failed(Exception):
    pass


def run(*words, timeout=WAIT, **options):
    """The output of a command; where it fails, an error with all that it said."""
    ended = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True,
                           stderr=subprocess.STDOUT, timeout=timeout, check=False, **options)
    if ended.returncode != 0:
        raise failed(f"{' '.join(map(str, words))}: exit code {ended.returncode}\n{ended.stdout}")
    return ended.stdout


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="weir-package-") as path:
        os.chmod(path, 0o755)
        yield pathlib.Path(path)


def install(prefix):
    run("cmake", "--install", BUILD, "--prefix", prefix)


def configure(consumer, into, *settings, compiler=CXX):
    return run("cmake", "-S", CONSUMERS / consumer, "-B", into, "-G", "Ninja",
               f"-DCMAKE_CXX_COMPILER={compiler}", *settings)


def build_by_cmake(prefix, into, compiler=CXX):
    """A consumer of what is installed there, as find_package finds it."""
    configure("find_package", into, f"-DCMAKE_PREFIX_PATH={prefix}", "-DWEIR_WANTED=0.1",
              compiler=compiler)
    run("cmake", "--build", into, timeout=COMPILE)
    return into / "consumer"


def build_by_pkg_config(prefix, into, compiler=CXX):
    """The same, as pkg-config finds it."""
    [found] = prefix.rglob("weir.pc")
    run("make", "-f", CONSUMERS / "pkg_config/Makefile", f"CXX={compiler}",
        f"VPATH={CONSUMERS / 'pkg_config'}", cwd=into, timeout=COMPILE,
        env={**os.environ, "PKG_CONFIG_PATH": str(found.parent)})
    return into / "consumer"


def make_greetings(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("create table greeting (id integer primary key, text text)")
        database.execute("insert into greeting values (7, 'hello')")
        database.commit()


def first_address(process):
    """Where a service that was just started listens, from its log."""
    for line in process.stderr:
        if found := re.search(r"listening on (\S+:\d+)", line):
            return found[1]
    raise failed(f"it ended with {process.wait(WAIT)} before it listened")


def ask(address, path):
    with urllib.request.urlopen(f"http://{address}{path}", timeout=WAIT) as answer:
        return answer.read().decode()


def serve_one(test, consumer, at):
    """A consumer that was built here starts, answers one request, and drains on SIGTERM."""
    database = at / "greetings.db"
    make_greetings(database)
    ask_one(test, [consumer, database])


def ask_one(test, words):
    """The same of one that these words start, on such a database."""
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = first_address(process)
            test.assertEqual(ask(address, "/greetings/7"), "hello")
            process.send_signal(signal.SIGTERM)
            test.assertEqual(process.wait(WAIT), 0)
        finally:
            process.kill()
