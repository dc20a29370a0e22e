"""A real client of SMTP, and others that are none."""

import contextlib
import smtplib
import unittest

import example

ENVELOPE = b"EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"


class the_sink(unittest.TestCase):
    def setUp(self):
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        self.service = resources.enter_context(example.serving("example_state_machines"))

    def connect(self):
        peer = example.connect(self.service.addresses[0])
        self.addCleanup(peer.close)
        self.assertEqual(peer.recv(100), b"220 sink\r\n")
        return peer

    def codes(self, peer, count):
        """The codes of so many replies; fewer where the sink closes before."""
        with peer.makefile("rb") as replies:
            return [int(line[:3]) for _, line in zip(range(count), replies)]

    def replies(self, code):
        return self.service.metric(f'sink_replies_total{{code="{code}"}}')

    def test_takes_what_a_real_client_sends(self):
        with smtplib.SMTP(*self.service.addresses[0], timeout=example.WAIT) as client:
            for body in ("Subject: one\r\n\r\n.dot\r\n", "Subject: two\r\n\r\n"):
                client.sendmail("me@here", ["you@there", "them@there"], body)
        self.assertEqual(self.service.metric("sink_mails_total"), 2)
        self.assertEqual(self.service.metric("sink_mail_bytes_total"),
                         len("Subject: one\r\n\r\n.dot\r\nSubject: two\r\n\r\n"))

    def test_answers_all_that_came_together_and_says_what_is_out_of_order(self):
        peer = self.connect()
        peer.sendall(b"DATA\r\n" + ENVELOPE + b"hello\r\n.\r\nBREW\r\nQUIT\r\nRSET\r\n")
        self.assertEqual(self.codes(peer, 10), [503, 250, 250, 250, 354, 250, 500, 221])
        self.assertEqual(self.replies(503), 1)

    def test_gives_up_on_a_mail_that_never_ends(self):
        peer = self.connect()
        peer.sendall(ENVELOPE + b"and then")
        self.assertEqual(self.codes(peer, 10), [250, 250, 250, 354, 421])
        self.assertEqual(self.replies(421), 1)
        self.assertEqual(self.service.metric("sink_mails_total"), 0)

    def test_drops_a_mail_that_is_too_large_and_takes_the_next(self):
        peer = self.connect()
        large = (b"x" * 98 + b"\r\n") * 1000
        peer.sendall(ENVELOPE + large + b".\r\n" + ENVELOPE[9:] + b"hello\r\n.\r\nQUIT\r\n")
        self.assertEqual(self.codes(peer, 10), [250, 250, 250, 354, 552, 250, 250, 354, 250, 221])
        self.assertEqual(self.service.metric("sink_mails_total"), 1)

    def test_ends_at_a_line_that_has_no_end_and_at_one_that_has_two(self):
        for wrong in (b"x" * 1000, ENVELOPE + b"hello\n.\nQUIT\r\n"):
            peer = self.connect()
            peer.sendall(wrong)
            self.assertEqual(self.codes(peer, 10)[-1], 500)

    def test_says_goodbye_when_it_is_told_to_end(self):
        peer = self.connect()
        peer.sendall(b"EHLO me\r\n")
        self.assertEqual(self.codes(peer, 1), [250])
        self.service.terminate()
        self.assertEqual(self.codes(peer, 10), [421])
        self.assertEqual(self.service.exit_code(), 0)


if __name__ == "__main__":
    example.main()
