"""A service of frames that is slow, unknowing, overloaded, lost amid a call, gone, and back."""

import contextlib
import json
import socket
import threading
import unittest

import example

HELLO = {"hello": {"protocol": "weir", "version": 1, "in_flight": 65, "max_frame": 65536,
                   "server": "of the test"}}
SLOW, UNKNOWN, BUSY, DYING = "aaaaaa", "bbbbbb", "cccccc", "dddddd"


class backend:
    """Answers by the prefix that it is asked for; a thread for each connection."""

    def __init__(self, port=0):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.address = self.listener.getsockname()
        self.links = []
        self.heard = []  # messages behind the hello
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                link = self.listener.accept()[0]
                self.links.append(link)
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        with contextlib.suppress(OSError, EOFError), link:
            example.receive_frame(link)
            link.sendall(example.frame(json.dumps(HELLO).encode()))
            while self._answer(link, json.loads(example.receive_frame(link))):
                pass

    def _answer(self, link, said):
        """False where that was the end of the connection."""
        self.heard.append(said)
        prefix = said.get("params", {}).get("prefix")
        if prefix == DYING:
            return False
        if prefix is None or prefix == SLOW:
            return True
        told = {"id": said["id"], "rows": [{"prefix": prefix}]}
        code = {UNKNOWN: "not_found", BUSY: "overloaded"}.get(prefix)
        if code:
            told = {"id": said["id"], "error": {"code": code, "message": "of the test"}}
        link.sendall(example.frame(json.dumps(told).encode()))
        return True

    def stop(self):
        for each in [self.listener, *self.links]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.links.clear()


class the_front(unittest.TestCase):
    def setUp(self):
        self.backend = backend()
        self.addCleanup(lambda: self.backend.stop())
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(
            example.serving("example_frame_client", "{}:{}".format(*self.backend.address)))

    def get(self, prefix):
        return example.ask(self.service.addresses[0], "GET", f"/vendors/{prefix}")

    def wait_until_served(self):
        """A connection that never answered is followed by a delay."""
        example.wait_until(lambda: self.get("080030").status == 200, "it does not come back")

    def failures(self, reason):
        return self.service.metric(f'calls_failed_total{{reason="{reason}"}}')

    def test_asks_over_one_connection_and_sends_its_deadline_along(self):
        for prefix in ("080030", "001b63"):
            answer = self.get(prefix)
            self.assertEqual(answer.status, 200)
            self.assertEqual(json.loads(answer.body), {"rows": [{"prefix": prefix}]})
        self.assertEqual(len(self.backend.links), 1)
        for said in self.backend.heard:
            self.assertEqual(said["call"], "vendor")
            self.assertLessEqual(said["timeout_ms"], 2000)

    def test_tells_its_callers_fault_from_the_backends(self):
        self.assertEqual(self.get(UNKNOWN).status, 404)
        self.assertEqual(self.get(BUSY).status, 503)
        self.assertEqual(self.failures("overloaded"), 1)

    def test_gives_up_after_two_seconds_and_tells_the_backend(self):
        self.assertEqual(self.get(SLOW).status, 504)
        self.assertEqual(self.failures("timed_out"), 1)
        example.wait_until(lambda: any("cancel" in said for said in self.backend.heard),
                           "the backend was not told")
        self.assertEqual(self.get("080030").status, 200)

    def test_does_not_ask_again_what_may_have_been_done(self):
        self.assertEqual(self.get(DYING).status, 502)
        self.assertEqual(self.failures("outcome_unknown"), 1)
        self.assertEqual(len(self.backend.heard), 1)
        self.wait_until_served()

    def test_says_that_nobody_is_there_and_comes_back(self):
        address = self.backend.address
        self.backend.stop()
        self.assertEqual(self.get("080030").status, 503)
        self.backend = backend(address[1])
        self.wait_until_served()


if __name__ == "__main__":
    example.main()
