"""The program as people see it: on a terminal."""

import contextlib
import fcntl
import os
import pty
import re
import subprocess
import termios
import threading

import program


class on_a_terminal:
    """The program with these words; its input, output and errors are a terminal of ours."""

    def __init__(self, *words):
        self.ours, theirs = pty.openpty()
        take_it = lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen(
            [program.BINARY, *words], stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, preexec_fn=take_it, **program.as_nobody())
        os.close(theirs)
        self.shown = ""
        self._known = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with contextlib.suppress(OSError):  # the terminal's end
            while some := os.read(self.ours, 65536):
                with self._known:
                    self.shown += some.decode()
                    self._known.notify_all()

    def wait_for(self, pattern):
        with self._known:
            if not self._known.wait_for(lambda: re.search(pattern, self.shown), program.WAIT):
                raise AssertionError(self.shown)

    def type(self, text):
        os.write(self.ours, text.encode())

    def press_ctrl_c(self):
        self.type("\x03")

    def press_ctrl_d(self):
        """The end of the input, where it begins a line."""
        self.type("\x04")

    def exit_code(self):
        code = self.process.wait(program.WAIT)
        self._reader.join(program.WAIT)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._reader.join(program.WAIT)
        os.close(self.ours)
