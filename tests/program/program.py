"""Runs the program as its users do: the built binary, a configuration, a database of its own.

Never as root: where the tests are root's, the program is nobody's.
"""

import contextlib
import http.client
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ["WEIR_BINARY"])
WAIT = 30  # seconds that anything may take before it has failed

# Counts up to :n, which takes as long as n is large.
SLOW = """
[[endpoint]]
name = "slow"
method = "GET"
path = "/slow/{n}"
params.n = { type = "integer", from = "path" }
sql = '''
with recursive counter (i) as (select 1 union all select i + 1 from counter where i < :n)
select count(*) as n from counter'''
result = "row"
"""
ENDLESS = 10**12


def as_nobody():
    """What makes subprocess start somebody who is not root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_to_nobody(path):
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def run(*words, **options):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=WAIT,
                          **{**as_nobody(), **options})


class place:
    """A folder with the example's database and configurations; gone when it is closed."""

    def __init__(self):
        # Not in a folder that only root may enter.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-test-", dir="/tmp"))
        self.database = self.folder / "network.db"
        subprocess.run([SOURCE / "examples/registry/load", self.database], check=True,
                       stdout=subprocess.DEVNULL, timeout=WAIT)
        os.chmod(self.folder, 0o755)
        give_to_nobody(self.folder)
        give_to_nobody(self.database)

    def close(self):
        shutil.rmtree(self.folder)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def example(self, *more, endpoints=SLOW):
        """The example's configuration on free ports, with more of its own in front."""
        text = (SOURCE / "examples/registry/weir.toml").read_text()
        text = re.sub(r'url = "sqlite:[^"]*"', f'url = "sqlite:{self.database}"', text)
        text = text.replace('migrations = "', f'migrations = "{SOURCE}/examples/registry/')
        text = re.sub(r'listen = "127\.0\.0\.1:\d+"', 'listen = "127.0.0.1:0"', text)
        return self.write("weir.toml", "\n".join(more) + "\n" + text + endpoints)


class running:
    """`weir serve`, from its start until it has ended."""

    def __init__(self, config, before=(), environment=()):
        self.log = []
        self.addresses = []
        self.ended = False
        self.process = subprocess.Popen(
            [*before, BINARY, "serve", config], stderr=subprocess.PIPE, text=True,
            env={**os.environ, **dict(environment)}, **as_nobody())
        self._known = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self._known:
                self.log.append(line.rstrip())
                if found := re.search(r"listening on (\S+):(\d+)", line):
                    self.addresses.append((found[1], int(found[2])))
                self._known.notify_all()
        with self._known:
            self.ended = True
            self._known.notify_all()

    def wait_until_listening(self):
        self.wait_for_log(lambda: len(self.addresses) == 3)

    def wait_for_log(self, done):
        with self._known:
            self._known.wait_for(lambda: done() or self.ended, WAIT)
            if not done():
                raise AssertionError("\n".join(self.log))

    # In the order in which the program listens.
    http = property(lambda self: self.addresses[0])
    frames = property(lambda self: self.addresses[1])
    admin = property(lambda self: self.addresses[2])

    def signal(self, number):
        self.process.send_signal(number)

    def drain(self):
        self.signal(signal.SIGTERM)
        return self.exit_code()

    def exit_code(self):
        code = self.process.wait(WAIT)
        self._reader.join(WAIT)
        self.process.stderr.close()
        return code

    def metrics(self):
        return ask(self.admin, "GET", "/metrics").body.decode()

    def metric(self, series):
        for line in self.metrics().splitlines():
            if line.startswith(series + " "):
                return float(line.rsplit(" ", 1)[1])
        return None

    def wait_for_metric(self, series, value):
        wait_until(lambda: self.metric(series) == value, f"{series} is not {value}")


def wait_until(done, otherwise):
    end = time.monotonic() + WAIT
    while not done():
        if time.monotonic() > end:
            raise AssertionError(otherwise)
        time.sleep(0.01)


@contextlib.contextmanager
def serving(config, **options):
    with starting(config, **options) as service:
        service.wait_until_listening()
        yield service


@contextlib.contextmanager
def starting(config, **options):
    """One that may not listen yet."""
    service = running(config, **options)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.process.kill()
            service.exit_code()


class reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.headers["Content-Type"]


def request(connection, method, target, **content):
    """body: bytes as they are, anything else as JSON; headers: a dictionary."""
    body, headers = content.get("body"), dict(content.get("headers") or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    connection.request(method, target, body, headers)
    return reply(connection.getresponse())


def ask(address, method, target, **content):
    connection = http.client.HTTPConnection(*address, timeout=WAIT)
    with contextlib.closing(connection):
        return request(connection, method, target, **content)


class cut_short(AssertionError):
    pass


class frame_peer:
    """A peer that speaks frames, and has said hello unless it is told not to."""

    def __init__(self, address, greet=True):
        self.socket = socket.create_connection(address, timeout=WAIT)
        if greet:
            self.hello = self.greet()

    def greet(self):
        self.send({"hello": {"protocol": "weir", "version": 1}})
        return self.receive()["hello"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, payload):
        if not isinstance(payload, bytes):
            payload = json.dumps(payload).encode()
        self.socket.sendall(struct.pack(">I", len(payload)) + payload)

    def call(self, id, name, /, **params):
        self.send({"id": id, "call": name, "params": params})

    def receive(self):
        """The next frame, or None at the end of the stream."""
        prefix = self._exactly(4)
        return prefix and json.loads(self._exactly(struct.unpack(">I", prefix)[0]))

    def receive_until_reset(self):
        """Like receive(); None as well where the connection is broken, inside a frame or not."""
        try:
            return self.receive()
        except (ConnectionResetError, cut_short):
            return None

    def _exactly(self, size):
        got = b""
        while len(got) < size:
            more = self.socket.recv(size - len(got))
            if not more:
                if got:
                    raise cut_short("the stream ended inside a frame")
                return None
            got += more
        return got
