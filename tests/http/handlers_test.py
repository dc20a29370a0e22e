#!/usr/bin/env python3
"""Takes the handler of each state of each machine away, one at a time: none of them compiles then.

handlers_test.py COMPILER STANDARD INCLUDE-DIRECTORY...

No warning is asked for, so that it is the language that refuses.
"""
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT / "include/weir/http"
PRIVATE = ROOT / "src/http"
STANDARD_HEADERS = ROOT / "tests/tools/standard.hpp"
COMPILER, STANDARD, *INCLUDED = sys.argv[1:]

# What reads a connection's messages has its handlers in a part for each role and a common one.
MACHINES = {
    "request_machine": ("message_order", "request_machine", "message_reader"),
    "response_machine": ("message_order", "response_machine", "message_reader"),
    "head_reader": ("head_reader", "head_reader"),
    "chunked_reader": ("chunked_reader", "chunked_reader"),
}


def states_of(name):
    found = re.search(r"enum class state : std::uint8_t \{(.*?)\}",
                      (PUBLIC / f"{name}.hpp").read_text(), re.DOTALL)
    return re.findall(r"\w+", found[1])


def handler(state):
    """Declared or defined, with the line that makes it a template."""
    start = r"(?:^ *template <[^\n]*>\n)?^ *\w+ (?:\w+::)?step\(in_state<state::" + state + ">"
    return re.compile(start + r"[^;{]*(?:;|\{\}|\{\n.*?^\})\n", re.DOTALL | re.MULTILINE)


def precompile(into):
    subprocess.run([COMPILER, STANDARD, "-x", "c++-header", STANDARD_HEADERS, "-o",
                    f"{into}.gch"], check=True, timeout=60)


def compile_without(state, machine, parts, standard):
    """What the compiler says of a machine without its handler, and where that was found."""
    lacking = []
    with tempfile.TemporaryDirectory() as folder:
        headers = Path(folder) / "weir/http"
        headers.mkdir(parents=True)
        source = Path(folder) / f"{machine}.cpp"
        text = (PRIVATE / source.name).read_text()
        if state:
            text = handler(state).sub("", text)
            for part in parts:
                header, count = handler(state).subn("", (PUBLIC / f"{part}.hpp").read_text())
                (headers / f"{part}.hpp").write_text(header)
                lacking += [part] * count
        source.write_text(text)
        done = subprocess.run(
            [COMPILER, STANDARD, "-fsyntax-only", "-include", standard, f"-I{folder}",
             f"-I{PRIVATE}", *(f"-I{each}" for each in INCLUDED), source],
            capture_output=True, text=True, check=False, timeout=60)
    return done, lacking


class Handlers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.standard = Path(folder) / STANDARD_HEADERS.name
        precompile(cls.standard)

    def test_every_state_of_every_machine_has_one_that_it_does_not_compile_without(self):
        for machine, (order, *parts) in MACHINES.items():
            whole, _ = compile_without(None, machine, parts, self.standard)
            self.assertEqual(whole.returncode, 0, whole.stderr)
            for state in states_of(order):
                with self.subTest(machine=machine, state=state):
                    cut, lacking = compile_without(state, machine, parts, self.standard)
                    self.assertEqual(len(lacking), 1, "it has one handler")
                    self.assertEqual(cut.returncode, 1, "it compiles without its handler")
                    self.assertRegex(cut.stderr, "no matching (member )?function for call.*step")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
