"""A built program, run as its users run it: its process and its log, and those who ask it."""

import contextlib
import http.client
import json
import re
import signal
import socket
import struct
import subprocess
import threading
import time

WAIT = 30  # seconds that anything may take before it has failed


class running:
    """A service from its start until it has ended; its admin pages are the last it listens on."""

    def __init__(self, words, **options):
        self.log = []
        self.addresses = []  # in the order in which it listens
        self.ended = False
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, **options)
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

    def wait_for_listeners(self, count):
        self.wait_for(lambda: len(self.addresses) == count)

    def wait_for_log(self, wanted):
        self.wait_for(lambda: any(map(wanted, self.log)))

    def wait_for(self, done):
        """Asked after each line of the log."""
        with self._known:
            self._known.wait_for(lambda: done() or self.ended, WAIT)
            if not done():
                raise AssertionError("\n".join(self.log))

    def signal(self, number):
        self.process.send_signal(number)

    def terminate(self):
        self.signal(signal.SIGTERM)

    def drain(self):
        self.terminate()
        return self.exit_code()

    def exit_code(self):
        code = self.process.wait(WAIT)
        self._reader.join(WAIT)
        self.process.stderr.close()
        return code

    def metrics(self):
        return ask(self.addresses[-1], "GET", "/metrics").body.decode()

    def metric(self, series):
        """Its value now; 0 where it has none yet."""
        found = re.search(rf"^{re.escape(series)} (\S+)$", self.metrics(), re.MULTILINE)
        return float(found[1]) if found else 0

    def wait_for_metric(self, series, value):
        wait_until(lambda: self.metric(series) == value,
                   lambda: f"{series} is {self.metric(series)} and not {value}")


@contextlib.contextmanager
def ending(service):
    """Where a test has not ended it, it is killed."""
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.process.kill()
        service.exit_code()


def wait_until(done, otherwise):
    """otherwise: what is wrong then, or what tells it."""
    end = time.monotonic() + WAIT
    while not done():
        if time.monotonic() > end:
            raise AssertionError(otherwise() if callable(otherwise) else otherwise)
        time.sleep(0.01)


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


def reset(peer):
    """Closes so that the other side gets a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


class cut_short(AssertionError):
    pass


def frame(payload):
    return struct.pack(">I", len(payload)) + payload


def receive_frame(peer):
    """The next frame's payload, or None at the end of the stream."""
    prefix = _exactly(peer, 4)
    return prefix and _exactly(peer, struct.unpack(">I", prefix)[0])


def _exactly(peer, size):
    got = b""
    while len(got) < size:
        more = peer.recv(size - len(got))
        if not more:
            if got:
                raise cut_short("the stream ended inside a frame")
            return None
        got += more
    return got
