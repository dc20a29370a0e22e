#!/usr/bin/env python3
"""Other people's HTTP clients against our server: curl, Python's http.client and h11, Node's fetch,
and raw sockets.

    clients_test.py SERVER ENGINE

Says at its end what it left out because it is not installed.
"""
import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

# Where Debian keeps python3-h11, for a Python that is not Debian's own.
sys.path.append("/usr/lib/python3/dist-packages")
try:
    import h11
except ImportError:
    h11 = None

SERVER, ENGINE = sys.argv[1], sys.argv[2]
BODY = bytes(range(256)) * 1000


class ClientsTest(unittest.TestCase):
    def setUp(self):
        self.server = subprocess.Popen([SERVER, ENGINE], stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        said = ""
        for line in self.server.stderr:
            said += line
            if found := re.search(r"listening on 127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                return
        if ENGINE == "uring" and re.search(r"\bio_uring[ _]\w[^:\n]*: ", said):
            self.skipTest(f"the kernel refuses io_uring: {said}")
        self.fail(f"the server did not start on {ENGINE}: {said}")

    def end(self):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.communicate(timeout=20)
        else:
            self.server.communicate()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def dial(self):
        peer = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.addCleanup(peer.close)
        return peer


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Curl(ClientsTest):
    def curl(self, *arguments, body=None):
        # Without a 100 it would send its body by itself after a second.
        command = ["curl", "--silent", "--show-error", "--max-time", "10",
                   "--expect100-timeout", "60", *arguments]
        return subprocess.run(command, input=body, check=True, capture_output=True).stdout

    def test_speaks_both_versions(self):
        for version in ("--http1.0", "--http1.1"):
            got = self.curl("--include", version, self.url("/hello"))
            self.assertTrue(got.startswith(b"HTTP/1.1 200 OK\r\n"), got)
            self.assertTrue(got.endswith(b"\r\n\r\nhello"), got)

    def test_keeps_one_connection(self):
        got = self.curl("--write-out", "%{num_connects};", self.url("/hello?[1-100]"),
                        self.url("/nowhere"), self.url("/hello"))
        self.assertEqual(got.count(b"1;"), 1, got)
        self.assertEqual(got.count(b"0;"), 101, got)

    def test_asks_for_a_head(self):
        got = self.curl("--head", self.url("/hello"))
        self.assertIn(b"Content-Length: 5\r\n", got)
        self.assertTrue(got.endswith(b"\r\n\r\n"), got)

    def test_uploads(self):
        for fields in ((), ("Transfer-Encoding: chunked",), ("Expect: 100-continue",),
                       ("Transfer-Encoding: chunked", "Expect: 100-continue")):
            headers = [word for field in fields for word in ("--header", field)]
            got = self.curl("--data-binary", "@-", *headers, self.url("/echo"), body=BODY)
            self.assertEqual(got, BODY, fields)

    def test_uploads_without_being_read(self):
        got = self.curl("--data-binary", "@-", "--header", "Expect: 100-continue",
                        self.url("/ignore"), body=BODY)
        self.assertEqual(got, b"ignored")

    def test_downloads(self):
        self.assertEqual(len(self.curl(self.url("/large"))), 4 << 20)

    def test_downloads_what_is_written_meanwhile(self):
        for version in ("--http1.0", "--http1.1"):
            for path in ("/streamed", "/streamed?known"):
                got = self.curl(version, self.url(path), self.url("/hello"))
                self.assertEqual(got, b"s" * 1_000_000 + b"hello", (version, path))

    def test_notices_a_body_that_breaks_off(self):
        for version in ("--http1.0", "--http1.1"):
            with self.assertRaises(subprocess.CalledProcessError):
                self.curl(version, self.url("/broken"))

    def test_posts_a_form(self):
        got = self.curl("--data-urlencode", "name=R&D, 50 %", self.url("/form"))
        self.assertEqual(got, b"R&D, 50 %")

    def test_hands_its_id_on(self):
        got = self.curl("--include", "--header", "X-Request-Id: curl-7", self.url("/hello"))
        self.assertIn(b"X-Request-Id: curl-7\r\n", got)


class HttpClient(ClientsTest):
    def test_keeps_a_connection_through_all_kinds_of_requests(self):
        peer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.addCleanup(peer.close)
        for round in range(20):
            peer.request("GET", "/hello")
            self.assertEqual(peer.getresponse().read(), b"hello")
            local = peer.sock.getsockname()
            peer.request("HEAD", "/hello")
            self.assertEqual(peer.getresponse().read(), b"")
            peer.request("POST", "/echo", body=BODY)
            self.assertEqual(peer.getresponse().read(), BODY)
            peer.request("POST", "/count", body=iter([b"ab", b"cde" * 1000]), encode_chunked=True,
                         headers={"Transfer-Encoding": "chunked"})
            self.assertEqual(peer.getresponse().read(), b"3002")
            peer.request("POST", "/ignore", body=b"x" * 1000)
            self.assertEqual(peer.getresponse().read(), b"ignored")
            peer.request("DELETE", "/hello")
            answer = peer.getresponse()
            self.assertEqual((answer.status, answer.getheader("Allow")),
                             (405, "GET, HEAD, OPTIONS"))
            answer.read()
            self.assertEqual(peer.sock.getsockname(), local, f"round {round}")

    def test_gets_its_answer_and_a_close_when_the_server_is_drained(self):
        peer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.addCleanup(peer.close)
        peer.request("GET", "/slow")
        self.server.send_signal(signal.SIGTERM)
        answer = peer.getresponse()
        self.assertEqual((answer.read(), answer.getheader("Connection")), (b"slow", "close"))
        self.server.communicate(timeout=20)
        self.assertEqual(self.server.returncode, 0)


@unittest.skipUnless(h11, "python3-h11 is not installed")
class H11(ClientsTest):
    def next_of(self, peer, state):
        while (event := state.next_event()) is h11.NEED_DATA:
            state.receive_data(peer.recv(65536))
        return event

    def answer_of(self, peer, state):
        response, body = self.next_of(peer, state), b""
        while not isinstance(event := self.next_of(peer, state), h11.EndOfMessage):
            body += event.data
        return response.status_code, body

    def test_agrees_about_where_every_message_ends(self):
        peer, state = self.dial(), h11.Connection(h11.CLIENT)
        for size in (0, 1, 1000, 100_000):
            for framing in (("Content-Length", str(size)), ("Transfer-Encoding", "chunked")):
                request = h11.Request(method="POST", target="/echo",
                                      headers=[("Host", "h"), framing])
                sent = state.send(request) + state.send(h11.Data(data=BODY[:size]))
                peer.sendall(sent + state.send(h11.EndOfMessage()))
                self.assertEqual(self.answer_of(peer, state), (200, BODY[:size]))
                self.assertIs(state.their_state, h11.DONE)
                state.start_next_cycle()

    def test_reads_trailers(self):
        peer, state = self.dial(), h11.Connection(h11.CLIENT)
        peer.sendall(state.send(h11.Request(method="GET", target="/streamed",
                                            headers=[("Host", "h"), ("TE", "trailers")])) +
                     state.send(h11.EndOfMessage()))
        size = 0
        self.next_of(peer, state)
        while not isinstance(event := self.next_of(peer, state), h11.EndOfMessage):
            size += len(event.data)
        self.assertEqual(size, 1_000_000)
        self.assertEqual(list(event.headers), [(b"x-pieces", b"1000")])

    def test_switches_protocols(self):
        peer, state = self.dial(), h11.Connection(h11.CLIENT)
        peer.sendall(state.send(h11.Request(
            method="GET", target="/mirror",
            headers=[("Host", "h"), ("Connection", "Upgrade"), ("Upgrade", "mirror")])) +
            state.send(h11.EndOfMessage()) + b"behind it")
        answer = self.next_of(peer, state)
        self.assertEqual(answer.status_code, 101)
        self.assertIs(state.their_state, h11.SWITCHED_PROTOCOL)
        got = state.trailing_data[0]
        while len(got) < len(b"behind it"):
            got += peer.recv(100)
        self.assertEqual(got, b"behind it")
        peer.sendall(b"and on")
        self.assertEqual(peer.recv(100), b"and on")

    def test_waits_to_be_asked_for_its_body(self):
        peer, state = self.dial(), h11.Connection(h11.CLIENT)
        peer.sendall(state.send(h11.Request(
            method="POST", target="/echo",
            headers=[("Host", "h"), ("Content-Length", "3"), ("Expect", "100-continue")])))
        self.assertIsInstance(self.next_of(peer, state), h11.InformationalResponse)
        peer.sendall(state.send(h11.Data(data=b"abc")) + state.send(h11.EndOfMessage()))
        self.assertEqual(self.answer_of(peer, state), (200, b"abc"))


@unittest.skipUnless(shutil.which("node"), "Node is not installed")
class Node(ClientsTest):
    """One process of it, which asks for everything, since it takes its time to start."""

    def test_reads_every_answer(self):
        script = Path(__file__).with_name("fetch_client.mjs")
        done = subprocess.run(["node", script, self.url("")], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        told = {answer.pop("what"): answer for answer in map(json.loads, done.stdout.splitlines())}
        for what, status, length in (("get", 200, 5), ("head", 200, 0), ("post", 200, 100_000),
                                     ("large", 200, 4 << 20), ("streamed", 200, 1_000_000)):
            self.assertEqual((told[what]["status"], told[what]["length"]), (status, length), what)
        self.assertEqual(told["nowhere"]["status"], 404)
        self.assertEqual(told["chunked"]["body"], "30000")
        self.assertEqual(told["form"]["body"], "R&D, 50 %")
        self.assertEqual(told["broken"], {"refused": "TypeError"})
        self.assertEqual([told[what]["reused"] for what in ("first", "second", "expect")],
                         [False, True, True])
        self.assertEqual((told["expect"]["continued"], told["expect"]["length"]), (True, 3))
        self.assertEqual(told["trailers"]["trailers"], {"x-pieces": "1000"})


class Raw(ClientsTest):
    def everything(self, peer):
        got = b""
        while more := peer.recv(65536):
            got += more
        return got

    def test_gets_pipelined_answers_in_order(self):
        peer = self.dial()
        hello = b"GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"
        echo = b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n%04d"
        peer.sendall(b"".join(hello + echo % at for at in range(100)))
        peer.shutdown(socket.SHUT_WR)
        bodies = re.findall(rb"\r\n\r\n(hello|\d{4})", self.everything(peer))
        expected = [body for at in range(100) for body in (b"hello", b"%04d" % at)]
        self.assertEqual(bodies, expected)

    def test_reads_its_refusal_though_it_goes_on_sending(self):
        peer = self.dial()
        peer.sendall(b"NONSENSE\r\n\r\n" + b"x" * 20_000)
        got = self.everything(peer)
        self.assertTrue(got.startswith(b"HTTP/1.1 400 "), got)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
