"""Starts a program as systemd starts one that its sockets activate: FD... -- PROGRAM [WORD...]"""

import os
import sys

FIRST = 3

at = sys.argv.index("--")
# Out of the way of the numbers that they get.
passed = [os.dup2(int(number), 100 + place) for place, number in enumerate(sys.argv[1:at])]
for place, number in enumerate(passed):
    os.dup2(number, FIRST + place, inheritable=True)
    os.close(number)
environment = {**os.environ, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(passed)),
               "LISTEN_FDNAMES": ":".join("weir.socket" for _ in passed)}
os.execve(sys.argv[at + 1], sys.argv[at + 1:], environment)
