"""Which engine the program runs on, and why where it is not the one that is tried first."""

import os
import pathlib
import re
import signal
import unittest

import program
import tracing

# Numbers of system calls, the same on every architecture.
IO_URING = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
WITHOUT_CALLS = pathlib.Path(__file__).with_name("without_calls.py")


class the_engine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = program.place()
        cls.addClassCleanup(cls.place.close)

    def test_says_which_engine_it_chose(self):
        program.skip_without_io_uring(self)
        with program.serving(self.place.example()) as service:
            self.assertTrue(any(", engine uring" in line for line in service.log), service.log)
            self.assertFalse(any("io_uring" in line for line in service.log))
            self.assertEqual(service.drain(), 0)

    # A filter may let a ring be made, and refuse its use.
    def test_says_why_where_it_has_to_do_without_io_uring(self):
        for call, number in IO_URING.items():
            with self.subTest(call=call):
                refused = [program.PYTHON, WITHOUT_CALLS, str(number)]
                with program.serving(self.place.example(), before=refused) as service:
                    self.assert_on_epoll(service, call, "Operation not permitted")
                    self.assertEqual(service.drain(), 0)

    def test_does_not_start_where_io_uring_is_demanded_and_refused(self):
        config = self.place.example('service.engine = "uring"')
        line = config.read_text().splitlines().index('service.engine = "uring"') + 1
        for call, number in IO_URING.items():
            with self.subTest(call=call):
                refused = [program.PYTHON, WITHOUT_CALLS, str(number)]
                with program.starting(config, before=refused) as service:
                    self.assertEqual(service.exit_code(), 2)
                    self.assertEqual(len(service.log), 1, service.log)
                    self.assertRegex(
                        service.log[0],
                        f"^{re.escape(str(config))}:{line}:18: service.engine: {call}.*: "
                        "Operation not permitted$")

    # The first loop has its ring by then.
    def test_has_all_loops_on_epoll_where_one_gets_no_ring(self):
        program.skip_without_io_uring(self)
        short = tracing.failing(self.place.folder / "trace", "io_uring_setup", "ENOMEM", first=5)
        tracing.skip_where_refused(self, short)
        with program.serving(self.place.example("service.loops = 2"), before=short,
                             environment=tracing.ENVIRONMENT) as service:
            self.assert_on_epoll(service, "io_uring_setup", "Cannot allocate memory")
            os.kill(tracing.traced_pid(service), signal.SIGTERM)
            self.assertEqual(service.exit_code(), 0)

    def assert_on_epoll(self, service, call, reason):
        self.assertTrue(any(", engine epoll, " in line for line in service.log), service.log)
        reasons = [line for line in service.log if "io_uring" in line]
        self.assertEqual(len(reasons), 1, service.log)
        self.assertRegex(reasons[0], f"no io_uring here: {call}.*: {reason}$")
        self.assertEqual(program.ask(service.http, "GET", "/").status, 200)


if __name__ == "__main__":
    unittest.main()
