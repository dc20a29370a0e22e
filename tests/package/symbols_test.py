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


# Of readelf, for nm shows the compiler's own form of an object, where it has one, and not the code.
SYMBOL = re.compile(r" +\d+: \w+ +\w+ \w+ +\w+ +\w+ +(?:\[.+\] +)?(?P<where>\w+) (?P<name>[^@]+)")


def symbols(path, table, defined):
    """Demangled, without versions and addresses: those that it defines, or those that it lacks."""
    lines = package.run("readelf", "--wide", "--demangle", table, path).splitlines()
    found = (match for line in lines if (match := SYMBOL.match(line)))
    return {match["name"] for match in found if (match["where"] != "UND") == defined}


class the_shared_library(unittest.TestCase):
    exported = symbols(LIBRARY, "--dyn-syms", defined=True)

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
            used |= {name for name in symbols(path, "--syms", defined=False) if OURS.match(name)}
            defined |= symbols(path, "--syms", defined=True)
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
