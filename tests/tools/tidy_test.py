#!/usr/bin/env python3
"""tools/tidy must catch each thing it names, where it stands, and leave good code alone.

A rule without a bad example here fails the test: a check that cannot fail is a defect.
"""

import importlib.machinery
import importlib.util
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tidy_examples import BAD, GOOD

sys.dont_write_bytecode = True
TIDY = Path(__file__).resolve().parents[2] / "tools" / "tidy"


def load_tidy():
    loader = importlib.machinery.SourceFileLoader("tidy", str(TIDY))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("tidy", loader))
    loader.exec_module(module)
    return module


tidy = load_tidy()


class Checkout:
    """A folder with the given files, and what tidy finds in it."""

    def __init__(self, files):
        self.files = files

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        for path, text in self.files.items():
            file = self.root / path.removesuffix("+x")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o755 if path.endswith("+x") else 0o644)
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def found(self):
        found = tidy.findings(tidy.Project(self.root))
        return sorted({(it.rule, it.path, it.line) for it in found})


class Tidy(unittest.TestCase):
    def test_catches_each_bad_example_and_nothing_else_in_it(self):
        for example in BAD:
            with self.subTest(example.name), Checkout(example.files) as checkout:
                expected = sorted((example.rule, path, line) for path, line in example.at)
                self.assertEqual(checkout.found(), expected)

    def test_leaves_good_code_alone(self):
        for name, files in GOOD.items():
            with self.subTest(name), Checkout(files) as checkout:
                self.assertEqual(checkout.found(), [])

    def test_has_a_bad_example_for_each_rule(self):
        caught = {example.rule for example in BAD} | {"unused-exception"}
        self.assertEqual(set(tidy.rules()), caught)

    def test_applies_exceptions_and_names_those_that_nothing_needs(self):
        files = {
            "src/x/one.cpp": "// y\nvoid f() { goto out; out:; }\n",
            "tools/tidy_checks/allowed.py": "",
        }
        needed = tidy.allowed.Allowed("goto", "src/x/one.cpp", "goto out", "a reason")
        unused = tidy.allowed.Allowed("goto", "src/x/one.cpp", "goto nowhere", "a reason")
        before = tidy.allowed.ALLOWED
        try:
            tidy.allowed.ALLOWED = [needed, unused]
            with Checkout(files) as checkout:
                project = tidy.Project(checkout.root)
                left = [it for it in tidy.allowed.apply(project, tidy.findings(project))]
        finally:
            tidy.allowed.ALLOWED = before
        rules = sorted(it.rule for it in left)
        self.assertEqual(rules, ["room", "unused-exception"])

    def test_every_exception_has_a_reason(self):
        for exception in tidy.allowed.ALLOWED:
            self.assertGreater(len(exception.reason), 10, exception)


class CommandLine(unittest.TestCase):
    def run_on(self, files):
        with Checkout(files) as checkout:
            command = [sys.executable, str(TIDY), "--root", str(checkout.root)]
            return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_fails_and_says_where_what_and_what_instead(self):
        ended = self.run_on({"tests/x_test.cpp": "int x;\nvoid f() { goto out; out:; }\n"})
        self.assertEqual(ended.returncode, 1)
        self.assertIn("tests/x_test.cpp:2: goto: return early", ended.stdout)

    def test_passes_where_nothing_is_wrong(self):
        ended = self.run_on({"tests/x_test.cpp": "int x;\n", "build/x.cpp": "goto\n"})
        self.assertEqual((ended.returncode, ended.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()
