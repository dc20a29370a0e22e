"""Senders that never wait for an answer: what stops them is the peer's window.

And a ledger: what each of them sent, and what was acknowledged.
"""

import json
import selectors
import socket
import struct
import time
import typing

# As sighting_add, but for the pattern: what is no MAC is refused by the table.
UNCHECKED = """
[[endpoint]]
name = "unchecked_add"
method = "POST"
path = "/unchecked"
params.mac = { type = "text" }
params.place = { type = "text" }
params.key = { type = "text", required = false }
sql = '''
insert into sighting (digits, place, key) values (upper(:mac), :place, :key)
on conflict (key) do update set key = excluded.key returning id'''
result = "row"
"""
MAC = "001b638445e6"
BATCH = 64 * 1024  # bytes that a sender has ready
PLACE = "x" * 180


def framed(payload):
    payload = json.dumps(payload).encode()
    return struct.pack(">I", len(payload)) + payload


class Rows(typing.NamedTuple):
    bad_every: int = 0
    place: str = PLACE


class sender:
    def __init__(self, address, name, rows):
        self.name, self.bad_every, self.place = name, rows.bad_every, rows.place
        self.sent = 0  # calls begun
        self.acknowledged = {}  # key -> row id
        self.errors = {}  # number of the call -> code
        self.blocked = 0  # times that the window was full
        self.over = False
        self._out = framed({"hello": {"protocol": "weir", "version": 1}})
        self._in = bytearray()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BATCH)
        self.socket.settimeout(10)
        self.socket.connect(address)
        self.socket.setblocking(False)

    def key(self, number):
        return f"{self.name}/{number}"

    def is_bad(self, number):
        return self.bad_every > 0 and number % self.bad_every == 0

    def _call(self, number):
        mac = "no mac" if self.is_bad(number) else MAC
        return framed({"id": number, "call": "unchecked_add",
                       "params": {"mac": mac, "place": self.place, "key": self.key(number)}})

    def send(self):
        try:
            while True:
                if not self._out:
                    more = max(1, 100 * len(PLACE) // len(self.place))
                    calls = range(self.sent, self.sent + more)
                    self._out = b"".join(map(self._call, calls))
                    self.sent += more
                self._out = self._out[self.socket.send(self._out):]
        except BlockingIOError:
            self.blocked += 1
        except OSError:
            self.over = True

    def receive(self):
        try:
            while more := self.socket.recv(1 << 20):
                self._in += more
            self.over = True
        except BlockingIOError:
            pass
        except OSError:
            self.over = True
        self._take_answers()

    def _take_answers(self):
        at = 0
        while len(self._in) - at >= 4:
            size = int.from_bytes(self._in[at:at + 4], "big")
            if len(self._in) - at - 4 < size:
                break
            self._take(json.loads(self._in[at + 4:at + 4 + size]))
            at += 4 + size
        del self._in[:at]

    def _take(self, answer):
        if "hello" in answer:
            return
        if "error" in answer:
            self.errors[answer["id"]] = answer["error"]["code"]
        else:
            self.acknowledged[self.key(answer["id"])] = answer["row"]["id"]


class flood:
    """Many senders, turned by whoever holds it."""

    def __init__(self, address, name, connections=64, rows=Rows()):
        self.senders = [sender(address, f"{name}/{at}", rows) for at in range(connections)]
        self._selector = selectors.DefaultSelector()
        for each in self.senders:
            self._selector.register(each.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, each)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._selector.close()
        for each in self.senders:
            each.socket.close()

    acknowledged = property(lambda self: sum(len(each.acknowledged) for each in self.senders))
    sent = property(lambda self: sum(each.sent for each in self.senders))

    def run_until_it_stands(self, turns=20):
        """Nobody can send more, and that stays so."""
        still, before = 0, -1
        while still < turns:
            self.turn()
            blocked = sum(each.blocked for each in self.senders)
            still = still + 1 if blocked == before else 0
            before = blocked

    def turn(self, sending=True):
        for key, events in self._selector.select(timeout=0.05):
            each = key.data
            if events & selectors.EVENT_READ:
                each.receive()
            if sending and not each.over and events & selectors.EVENT_WRITE:
                each.send()
            if each.over:
                self._selector.unregister(each.socket)

    def run(self, until, seconds=30):
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise AssertionError(f"{self.acknowledged} of {self.sent} were acknowledged")
            self.turn()

    def take_what_was_answered(self):
        """After the peer has died: all that it had sent before."""
        self.run(until=lambda: all(each.over for each in self.senders))
        return {key: id for each in self.senders for key, id in each.acknowledged.items()}
