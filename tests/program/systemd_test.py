"""The program under a service manager: sockets that it is passed, and what it tells."""

import contextlib
import pathlib
import socket
import threading
import unittest

import program
from load_through_restarts import load

ACTIVATED = pathlib.Path(__file__).with_name("activated.py")
RESTARTS = 3


class with_config(unittest.TestCase):
    def setUp(self):
        self.place = program.place()
        self.addCleanup(self.place.close)
        self.config = self.place.fixed('service.takeover = "takeover.sock"')


class socket_activation(with_config):
    def listen(self, *ports):
        """As systemd does, which then keeps them."""
        sockets = [socket.create_server((program.HOST, port)) for port in ports]
        for each in sockets:
            self.addCleanup(each.close)
        return sockets

    @staticmethod
    def passing(sockets):
        numbers = [each.fileno() for each in sockets]
        return {"before": [program.PYTHON, ACTIVATED, *map(str, numbers), "--"],
                "pass_fds": numbers}

    def test_answers_those_who_came_before_it_ran(self):
        sockets = self.listen(*reversed(program.PORTS))
        with contextlib.closing(socket.create_connection((program.HOST, 8080))) as peer:
            peer.sendall(b"GET /vendors/080030 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            peer.settimeout(program.WAIT)
            with program.serving(self.config, **self.passing(sockets)) as service:
                self.assertEqual(peer.recv(12), b"HTTP/1.1 200")
                self.assertEqual(service.addresses, [(program.HOST, port)
                                                     for port in program.PORTS])
                self.assertEqual(service.drain(), 0)

    def test_opens_what_it_was_not_passed(self):
        sockets = self.listen(9000)
        with program.serving(self.config, **self.passing(sockets)) as service:
            self.assertEqual(program.ask(service.http, "GET", "/").status, 200)
            with program.frame_peer(service.frames) as peer:
                peer.call(1, "vendor", prefix="080030")
                self.assertEqual(peer.receive()["id"], 1)

    def test_says_what_it_was_passed_and_does_not_serve(self):
        sockets = self.listen(8080, 8888)
        with program.starting(self.config, **self.passing(sockets)) as service:
            self.assertEqual(service.exit_code(), 2)
            self.assertIn("sockets were passed that nothing here serves: "
                          f"{program.HOST}:8888", service.log[-1])
            self.assertFalse(any("applied migration" in line for line in service.log), service.log)

    def test_says_that_it_was_passed_what_does_not_listen(self):
        with socket.socket() as idle, program.starting(
                self.config, **self.passing([idle])) as service:
            self.assertEqual(service.exit_code(), 2)
            self.assertIn("descriptor 3 is no listening stream socket", service.log[-1])

    def test_is_for_the_process_that_is_meant(self):
        environment = [("LISTEN_PID", "1"), ("LISTEN_FDS", "3")]
        with program.serving(self.config, environment=environment) as service:
            self.assertEqual(program.ask(service.http, "GET", "/").status, 200)

    def test_refuses_nobody_while_the_program_restarts(self):
        sockets = self.listen(*program.PORTS)
        clients = load((program.HOST, 8080), None, threads=4)
        try:
            for _ in range(RESTARTS):
                with program.serving(self.config, **self.passing(sockets)) as service:
                    clients.wait_for(50)
                    self.assertEqual(service.drain(), 0)
            with program.serving(self.config, **self.passing(sockets)):
                clients.wait_for(50)
                clients.stop()
        finally:
            clients.stop()
        self.assertEqual(clients.lost, [])

    def test_goes_on_with_a_successor(self):
        sockets = self.listen(*program.PORTS)
        with program.serving(self.config, **self.passing(sockets)) as first:
            with program.serving(self.config, words=["--takeover"]) as second:
                self.assertEqual(first.exit_code(), 0)
                self.assertEqual(program.ask(second.http, "GET", "/").status, 200)
                self.assertEqual(second.drain(), 0)
        # They are as they were: new connections wait for whoever is started next.
        with contextlib.closing(socket.create_connection((program.HOST, 8080), program.WAIT)):
            pass


    def test_does_not_go_on_with_a_successor_that_would_not_serve_all_of_them(self):
        with program.serving(self.config, **self.passing(self.listen(*program.PORTS))) as first:
            text = self.config.read_text().replace(f"{program.HOST}:9000", "")
            fewer = self.place.write("fewer.toml", text)
            with program.starting(fewer, words=["--takeover"]) as second:
                self.assertEqual(second.exit_code(), 2)
                self.assertIn("sockets were passed that nothing here serves: "
                              f"{program.HOST}:9000", second.log[-1])
            with program.frame_peer(first.frames) as peer:
                peer.call(1, "vendor", prefix="080030")
                self.assertEqual(peer.receive()["id"], 1)
            self.assertEqual(first.drain(), 0)


class mailbox:
    """Where a service manager hears of its services."""

    def __init__(self, path):
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(program.WAIT)
        path.chmod(0o666)
        self.heard = []
        self._known = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        with contextlib.suppress(OSError):
            while message := self._socket.recv(4096).decode():
                with self._known:
                    self.heard.append(message)
                    self._known.notify_all()

    def wait_for(self, message):
        with self._known:
            if not self._known.wait_for(lambda: message in self.heard, program.WAIT):
                raise AssertionError(f"{message} is not among {self.heard}")

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", str(self.path))
        self._thread.join(program.WAIT)
        self._socket.close()


class the_manager(with_config):
    def setUp(self):
        super().setUp()
        self.mail = mailbox(self.place.folder / "notify")
        self.addCleanup(self.mail.close)
        where = " ".join(f"{program.HOST}:{port}" for port in program.PORTS)
        self.ready = f"READY=1\nSTATUS=Listening on {where}"
        self.environment = [("NOTIFY_SOCKET", str(self.mail.path)), ("WATCHDOG_USEC", "100000")]

    def test_hears_of_a_life(self):
        with program.serving(self.config, environment=self.environment) as service:
            self.mail.wait_for("WATCHDOG=1")
            self.assertEqual(self.mail.heard[0], self.ready)
            self.assertEqual(service.drain(), 0)
        self.mail.wait_for("STOPPING=1")

    def test_hears_nothing_of_one_that_cannot_start(self):
        config = self.place.write("wrong.toml", "")
        with program.starting(config, environment=self.environment) as service:
            self.assertEqual(service.exit_code(), 2)
        self.assertEqual(self.mail.heard, [])

    def test_hears_who_is_its_main_process_now(self):
        with program.serving(self.config, environment=self.environment) as first:
            self.mail.wait_for("WATCHDOG=1")
            with program.serving(self.config, words=["--takeover"]) as second:
                self.mail.wait_for(f"MAINPID={second.process.pid}")
                self.assertEqual(first.exit_code(), 0)
                program.wait_until(lambda: self.mail.heard.count(self.ready) == 2,
                                   lambda: self.mail.heard)
                self.assertNotIn("STOPPING=1", self.mail.heard)
                heard = len(self.mail.heard)
                # From the successor, which its predecessor has told of the manager.
                program.wait_until(lambda: "WATCHDOG=1" in self.mail.heard[heard:],
                                   lambda: self.mail.heard)
                self.assertEqual(second.drain(), 0)
        self.mail.wait_for("STOPPING=1")


if __name__ == "__main__":
    unittest.main()
