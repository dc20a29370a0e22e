"""Runs a command to which the kernel refuses some system calls with EPERM, as a container does.

    without_calls.py NUMBER,NUMBER COMMAND...
"""

import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, EPERM = 0x7FFF0000, 0x00050001


def instruction(code, value, then=0, otherwise=0):
    return struct.pack("HBBI", code, then, otherwise, value)


def refuse(numbers):
    """seccomp(2): the call's number is the first word of what a filter is given."""
    program = instruction(LOAD, 0)
    for number in numbers:
        program += instruction(JUMP_IF_EQUAL, number, 0, 1) + instruction(RETURN, EPERM)
    program += instruction(RETURN, ALLOW)
    memory = ctypes.create_string_buffer(program)
    length = len(program) // len(instruction(RETURN, 0))
    filter_ = struct.pack("HxxxxxxP", length, ctypes.addressof(memory))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    refuse(int(number) for number in sys.argv[1].split(","))
    os.execv(sys.argv[2], sys.argv[2:])
