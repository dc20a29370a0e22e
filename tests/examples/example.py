"""Runs an example as its reader would: the built program, on free ports of loopback."""

import contextlib
import http.client
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import threading
import time

FOLDER = pathlib.Path(os.environ["WEIR_EXAMPLES"])
ANYWHERE = "127.0.0.1:0"
WAIT = 30  # seconds that anything may take before it has failed


class running:
    """An example from its start until it has ended; its admin pages are the last it listens on."""

    def __init__(self, name, *words, listeners):
        self.log = []
        self.addresses = []
        self.process = subprocess.Popen([FOLDER / name, *words, *[ANYWHERE] * listeners],
                                        stderr=subprocess.PIPE, text=True)
        self._known = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for_log(lambda line: len(self.addresses) == listeners)

    def _read(self):
        for line in self.process.stderr:
            with self._known:
                self.log.append(line.rstrip())
                if found := re.search(r"listening on (\S+):(\d+)", line):
                    self.addresses.append((found[1], int(found[2])))
                self._known.notify_all()

    def wait_for_log(self, wanted):
        with self._known:
            if not self._known.wait_for(lambda: any(map(wanted, self.log)), WAIT):
                raise AssertionError("\n".join(self.log))

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self):
        code = self.process.wait(WAIT)
        self._reader.join(WAIT)
        return code

    def drain(self):
        self.terminate()
        return self.exit_code()

    def metric(self, series):
        """Its value now; 0 where it has none yet."""
        page = ask(self.addresses[-1], "GET", "/metrics")[2].decode()
        found = re.search(rf"^{re.escape(series)} (\S+)$", page, re.MULTILINE)
        return float(found[1]) if found else 0

    def wait_for_metric(self, series, value):
        wait_until(lambda: self.metric(series) == value,
                   lambda: f"{series} is {self.metric(series)} and not {value}")


@contextlib.contextmanager
def serving(name, *words, listeners=2):
    service = running(name, *words, listeners=listeners)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.process.kill()
            service.exit_code()
        service.process.stderr.close()


def wait_until(done, otherwise):
    end = time.monotonic() + WAIT
    while not done():
        if time.monotonic() > end:
            raise AssertionError(otherwise())
        time.sleep(0.01)


def ask(address, method, target, body=None):
    """Status, header fields, body."""
    connection = http.client.HTTPConnection(*address, timeout=WAIT)
    with contextlib.closing(connection):
        connection.request(method, target, body)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def connect(address, receive_buffer=None):
    peer = socket.socket()
    peer.settimeout(WAIT)
    if receive_buffer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    peer.connect(address)
    return peer


def reset(peer):
    """Closes so that the other side gets a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def frame(payload):
    return struct.pack(">I", len(payload)) + payload


def receive_frame(peer):
    """The next frame, or None at the end of the stream."""
    prefix = _exactly(peer, 4)
    return _exactly(peer, struct.unpack(">I", prefix)[0]) if prefix else None


def _exactly(peer, size):
    got = b""
    while len(got) < size:
        more = peer.recv(size - len(got))
        if not more:
            if got:
                raise AssertionError("the stream ended inside a frame")
            return None
        got += more
    return got
