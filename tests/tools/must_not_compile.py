#!/usr/bin/env python3
"""Compiles a file that must not compile, for cmake/compile_fail.cmake.

Passes when it does not, and the compiler's first lines say why.
"""

import argparse
import re
import subprocess
import sys


def verdict(command, expect, first_lines, times):
    """None when all is as it must be, else what is wrong."""
    bad = subprocess.run(command, capture_output=True, text=True, check=False)
    if bad.returncode == 0:
        return "it compiles, and must not"
    if bad.returncode < 0 or "internal compiler error" in bad.stderr:
        return f"the compiler broke down:\n{bad.stderr}"
    told = "\n".join(bad.stderr.splitlines()[:first_lines])
    if not re.search(expect, told):
        return f"it fails for another reason than /{expect}/:\n{told}"
    found = len(re.findall(expect, bad.stderr))
    if times and found != times:
        return f"{found} of its lines are refused, and must {times}:\n{bad.stderr}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--expect", required=True, help="a regular expression")
    parser.add_argument("--first-lines", type=int, default=20, help="where it must stand")
    parser.add_argument("--times", type=int, help="how many bad lines are refused, each so")
    parser.add_argument("command", nargs="+", help="the compiler and all its arguments")
    given = parser.parse_args()
    wrong = verdict(given.command, given.expect, given.first_lines, given.times)
    if wrong:
        print(wrong, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
