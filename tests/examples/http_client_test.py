"""A backend that is slow, lies, breaks off, closes what rests, is gone, and comes back."""

import contextlib
import http.client
import socket
import threading
import unittest

import example

LARGE = 65_537


class backend:
    """Answers by the path that it is asked for; a thread for each connection."""

    def __init__(self, port=0):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.address = self.listener.getsockname()
        self.going_on = threading.Event()
        self.links = []
        self.heard = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                link = self.listener.accept()[0]
                self.links.append(link)
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        with contextlib.suppress(OSError), link, link.makefile("rb") as words:
            while (line := words.readline()):
                while words.readline() not in (b"\r\n", b""):
                    pass
                path = line.split()[1].decode()
                self.heard.append(path)
                if not self._answer(link, path):
                    return

    def _answer(self, link, path):
        """False where that was the end of the connection."""
        if path == "/dies" and self.heard.count(path) == 1:
            return False
        if path == "/slow":
            self.going_on.wait(example.WAIT)
        if path == "/lies":
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            return False
        if path == "/babbles":
            link.sendall(b"220 mail.example ESMTP\r\n")
            return True
        body = b"x" * LARGE if path == "/large" else path.encode()
        status = b"404 Not Found" if path == "/nowhere" else b"200 OK"
        link.sendall(b"HTTP/1.1 %b\r\nContent-Type: text/x\r\nContent-Length: %d\r\n\r\n%b"
                     % (status, len(body), body))
        return True

    def close_links(self):
        for link in self.links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        self.links.clear()

    def stop(self):
        self.going_on.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.close_links()


class the_front(unittest.TestCase):
    def setUp(self):
        self.backend = backend()
        self.addCleanup(lambda: self.backend.stop())
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(
            example.serving("example_http_client", "{}:{}".format(*self.backend.address)))

    def get(self, path):
        return example.ask(self.service.addresses[0], "GET", path)

    def counted(self, what, **labels):
        words = ",".join(f'{name}="{value}"' for name, value in
                         {"client": "backend", **labels}.items())
        return self.service.metric(f"weir_http_client_{what}{{{words}}}")

    def test_hands_on_answers_over_one_connection(self):
        for path in ("/a", "/b?c=d", "/a%20b"):
            answer = self.get(path)
            self.assertEqual((answer.status, answer.body), (200, path.encode()))
            self.assertEqual(answer.headers["Content-Type"], "text/x")
        self.assertEqual(self.get("/nowhere").status, 404)
        self.assertEqual(len(self.backend.links), 1)
        self.assertEqual(self.counted("connections_reused_total"), 3)
        self.assertEqual(self.counted("requests_total", status="200"), 3)
        self.assertEqual(self.counted("requests_total", status="404"), 1)

    def test_asks_four_at_a_time_and_refuses_whose_turn_does_not_come(self):
        callers = []
        for _ in range(5):
            caller = http.client.HTTPConnection(*self.service.addresses[0], timeout=example.WAIT)
            self.addCleanup(caller.close)
            caller.request("GET", "/slow")
            callers.append(caller)
        answers = [caller.getresponse().status for caller in callers]
        self.assertEqual(answers, [504] * 5)  # four after two seconds, one after one
        self.assertEqual(len(self.backend.links), 4)
        self.assertEqual(self.counted("requests_in_flight"), 0)
        self.backend.going_on.set()
        self.assertEqual(self.get("/slow").status, 200)

    def test_says_that_the_backend_breaks_off_lies_or_says_too_much(self):
        for path in ("/lies", "/babbles", "/large"):
            self.assertEqual(self.get(path).status, 502, path)
        self.assertEqual(self.counted("failures_total", reason="bad_response"), 1)
        self.assertEqual(self.get("/fine").status, 200)

    def test_asks_again_where_a_connection_died_of_it(self):
        self.assertEqual(self.get("/fine").status, 200)
        self.assertEqual(self.get("/dies").body, b"/dies")
        self.assertEqual(self.backend.heard, ["/fine", "/dies", "/dies"])
        self.assertEqual(self.counted("retries_total"), 1)

    def test_notices_that_what_rests_was_closed(self):
        self.assertEqual(self.get("/fine").status, 200)
        self.service.wait_for_metric('weir_http_client_connections{client="backend"}', 1)
        self.backend.close_links()
        self.service.wait_for_metric('weir_http_client_connections{client="backend"}', 0)
        self.assertEqual(self.get("/fine").status, 200)
        self.assertEqual(self.counted("retries_total"), 0)

    def test_says_that_the_backend_is_gone_and_recovers_by_itself(self):
        port = self.backend.address[1]
        self.backend.stop()
        self.assertEqual(self.get("/fine").status, 503)
        self.assertEqual(self.counted("failures_total", reason="unavailable"), 1)
        self.backend = backend(port)
        self.assertEqual(self.get("/fine").status, 200)

    def test_finishes_what_is_asked_when_it_is_told_to_end(self):
        caller = http.client.HTTPConnection(*self.service.addresses[0], timeout=example.WAIT)
        self.addCleanup(caller.close)
        caller.request("GET", "/slow")
        example.wait_until(lambda: self.backend.heard, "it is not asked")
        self.service.terminate()
        self.service.wait_for_log(lambda line: "draining" in line)
        self.backend.going_on.set()
        self.assertEqual(caller.getresponse().status, 200)
        self.assertEqual(self.service.exit_code(), 0)


if __name__ == "__main__":
    example.main()
