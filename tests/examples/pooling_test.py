"""A backend that is slow, breaks off, is gone, and comes back."""

import contextlib
import socket
import threading
import unittest

import example


class backend:
    """Takes frames and, once it is told to, sends each back; a thread for each connection."""

    def __init__(self, port=0):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.address = self.listener.getsockname()
        self.answering = threading.Event()
        self.links = []
        self.most = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                link = self.listener.accept()[0]
                self.links.append(link)
                self.most = max(self.most, len(self.links))
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        with contextlib.suppress(OSError):
            while (call := example.receive_frame(link)) is not None:
                self.answering.wait(example.WAIT)
                link.sendall(example.frame(call))

    def break_links(self):
        for link in self.links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()
        self.links.clear()

    def stop(self):
        self.answering.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.break_links()


class the_front(unittest.TestCase):
    def setUp(self):
        self.backend = backend()
        self.addCleanup(lambda: self.backend.stop())
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(
            example.serving("example_pooling", "{}:{}".format(*self.backend.address)))

    def caller(self, call=None):
        peer = example.connect(self.service.addresses[0])
        self.addCleanup(peer.close)
        if call:
            peer.sendall(example.frame(call))
        return peer

    def answer(self, call):
        return example.receive_frame(self.caller(call))

    def in_use(self, links, waiting):
        self.service.wait_for_metric("front_links_in_use", links)
        self.service.wait_for_metric("front_calls_waiting", waiting)

    def failures(self, reason):
        return self.service.metric(f'front_failures_total{{reason="{reason}"}}')

    def test_serves_many_callers_over_two_links(self):
        callers = [self.caller(b"%d" % i) for i in range(20)]
        self.in_use(2, 18)
        self.backend.answering.set()
        self.assertEqual([example.receive_frame(each) for each in callers],
                         [b"%d" % i for i in range(20)])
        self.in_use(0, 0)
        self.assertEqual(self.backend.most, 2)

    def test_refuses_after_two_seconds_who_did_not_get_a_turn(self):
        holders = [self.caller(b"x") for _ in range(2)]
        self.in_use(2, 0)
        self.assertEqual(self.answer(b"y"), b"timed_out")
        self.assertEqual(self.failures("timed_out"), 1)
        self.backend.answering.set()
        self.assertEqual([example.receive_frame(each) for each in holders], [b"x", b"x"])

    def test_never_gives_a_caller_the_answer_to_another(self):
        self.assertEqual(self.answer(b"first"), b"timed_out")  # after three seconds
        self.backend.answering.set()  # its answer comes now, on a link that is gone
        for i in range(10):
            self.assertEqual(self.answer(b"%d" % i), b"%d" % i)

    def test_makes_new_links_where_the_backend_broke_the_old_ones(self):
        self.backend.answering.set()
        self.assertEqual(self.answer(b"x"), b"x")
        self.backend.break_links()
        self.assertIn(self.answer(b"y"), (b"end_of_stream", b"reset"))
        self.assertEqual(self.answer(b"z"), b"z")
        self.assertEqual(self.failures("end_of_stream") + self.failures("reset"), 1)

    def test_says_that_the_backend_is_gone_and_recovers_by_itself(self):
        port = self.backend.address[1]
        self.backend.stop()
        self.assertEqual(self.answer(b"x"), b"refused")
        self.assertEqual(self.failures("refused"), 1)
        self.backend = backend(port)
        self.backend.answering.set()
        self.assertEqual(self.answer(b"y"), b"y")

    def test_finishes_calls_when_it_is_told_to_end(self):
        caller = self.caller(b"x")
        self.in_use(1, 0)
        self.service.terminate()
        self.service.wait_for_log(lambda line: "draining" in line)
        self.backend.answering.set()
        self.assertEqual(example.receive_frame(caller), b"x")
        self.assertEqual(self.service.exit_code(), 0)


if __name__ == "__main__":
    example.main()
