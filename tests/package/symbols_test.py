"""What the shared library exports: the API, and nothing but the API."""

import os
import pathlib
import re
import unittest

import package

LIBRARY = pathlib.Path(os.environ["WEIR_SHARED_LIBRARY"])
USERS = pathlib.Path(os.environ["WEIR_USERS"])  # the objects of the program and the examples
# A symbol, or what the compiler makes for a type of it.
OURS = re.compile(r"(?:(?:vtable|typeinfo|typeinfo name) for |guard variable for |"
                  r"(?:non-)?virtual thunk to )?weir::v0::")


def symbols(path, *options):
    """Demangled, without versions and addresses."""
    lines = package.run("nm", "--demangle", *options, path).splitlines()
    return {match[1] for line in lines if (match := re.match(r"[0-9a-f ]{16} \w (.+)", line))}


class the_shared_library(unittest.TestCase):
    exported = symbols(LIBRARY, "--dynamic", "--defined-only")

    def test_exports_nothing_but_its_own_version_of_the_api(self):
        self.assertGreater(len(self.exported), 300)
        self.assertEqual([name for name in self.exported if not OURS.match(name)], [])

    def test_keeps_what_is_private_to_itself(self):
        for private in ("epoll_engine", "uring_engine", "service_state", "http::session",
                        "sqlite_", "::detail::", "spdlog", "simdjson", "io_uring"):
            self.assertEqual([name for name in self.exported
                              if private in name.split("(")[0]], [], private)

    def test_exports_all_that_the_program_and_the_examples_use(self):
        used, defined = set(), set()
        for path in USERS.read_text().split("\n")[:-1]:
            used |= {name for name in symbols(path, "--undefined-only") if OURS.match(name)}
            defined |= symbols(path, "--defined-only")
        self.assertGreater(len(used), 100)
        self.assertEqual(sorted(used - defined - self.exported), [])

    def test_is_named_for_its_minor_version(self):
        told = package.run("readelf", "--dynamic", LIBRARY)
        self.assertRegex(told, r"SONAME.*\[libweir\.so\.0\.1\]")

    def test_serves(self):
        with package.folder() as into:
            package.serve_one(self, os.environ["WEIR_SHARED_CONSUMER"], into)


if __name__ == "__main__":
    unittest.main()
