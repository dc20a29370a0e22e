"""Runs the program as its users do: the built binary, a configuration, a database of its own.

Never as root: where the tests are root's, the program is nobody's.
"""

import contextlib
import ctypes
import errno
import json
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import black_box  # noqa: E402
from black_box import (  # noqa: E402, F401
    WAIT, ask, cut_short, frame, receive_frame, reply, request, reset, wait_until)

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ["WEIR_BINARY"])
# Python of the system, since another may be out of reach for nobody.
PYTHON = shutil.which("python3", path="/usr/bin")
# Of this test alone: all of 127.0.0.0/8 is this machine, and no other program knows this address.
HOST = ".".join(["127", *(str(1 + os.getpid() // 250**place % 250) for place in (2, 1, 0))])
PORTS = (8080, 9000, 8081)  # HTTP, frames, admin

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


def skip_without_io_uring(test):
    """Where the kernel itself refuses it, asked without the program."""
    io_uring_setup = 425
    ctypes.set_errno(0)
    ctypes.CDLL(None, use_errno=True).syscall(io_uring_setup, 1, None)
    if ctypes.get_errno() != errno.EFAULT:  # what else it says to no parameters
        test.skipTest(f"io_uring_setup: {os.strerror(ctypes.get_errno())}")


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


    def fixed(self, *more, host=HOST):
        """The example's configuration on addresses that are known before it runs."""
        text = self.example(*more).read_text()
        for port in PORTS:
            text = text.replace("127.0.0.1:0", f"{host}:{port}", 1)
        return self.write("fixed.toml", text)


class running(black_box.running):
    """`weir serve`."""

    def __init__(self, config, before=(), environment=(), words=(), **options):
        super().__init__([*before, BINARY, "serve", *words, config],
                         env={**os.environ, **dict(environment)}, **as_nobody(), **options)

    def wait_until_listening(self):
        self.wait_for_listeners(3)

    http = property(lambda self: self.addresses[0])
    frames = property(lambda self: self.addresses[1])
    admin = property(lambda self: self.addresses[2])


@contextlib.contextmanager
def serving(config, **options):
    with starting(config, **options) as service:
        service.wait_until_listening()
        yield service


def starting(config, **options):
    """One that may not listen yet."""
    return black_box.ending(running(config, **options))


class frame_peer:
    """A peer that speaks frames, and has said hello unless it is told not to."""

    def __init__(self, address, greet=True, **said):
        self.socket = socket.create_connection(address, timeout=WAIT)
        if greet:
            self.hello = self.greet(**said)["hello"]

    @classmethod
    def on(cls, accepted):
        """At the other end: of a connection that a client has made."""
        peer = cls.__new__(cls)
        peer.socket = accepted
        return peer

    def greet(self, **said):
        self.send({"hello": {"protocol": "weir", "version": 1, **said}})
        return self.receive()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, payload):
        if not isinstance(payload, bytes):
            payload = json.dumps(payload).encode()
        self.socket.sendall(frame(payload))

    def call(self, id, name, /, **params):
        self.send({"id": id, "call": name, "params": params})

    def receive(self):
        """The next frame, or None at the end of the stream."""
        payload = receive_frame(self.socket)
        return payload if payload is None else json.loads(payload)

    def receive_until_reset(self):
        """Like receive(); None as well where the connection is broken, inside a frame or not."""
        try:
            return self.receive()
        except (ConnectionResetError, cut_short):
            return None
