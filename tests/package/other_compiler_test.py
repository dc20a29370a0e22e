"""The installed library, used by consumers that another compiler builds: one ABI for both."""

import os
import shutil
import sys
import unittest

import package

SKIPPED = 77


def others():
    """The compilers that are supported and here, but for the one that built the library."""
    own = os.path.realpath(package.CXX)
    found = map(shutil.which, ("g++", "clang++-19"))
    return [path for path in found if path and os.path.realpath(path) != own]


class an_installed_copy(unittest.TestCase):
    def test_serves_consumers_of_another_compiler(self):
        with package.folder() as folder:
            prefix = folder / "installed"
            package.install(prefix)
            for compiler in others():
                for build in (package.build_by_cmake, package.build_by_pkg_config):
                    with self.subTest(compiler=compiler, how=build.__name__):
                        into = folder / f"{build.__name__}-{os.path.basename(compiler)}"
                        into.mkdir()
                        package.serve_one(self, build(prefix, into, compiler), into)


if __name__ == "__main__":
    if not others():
        print("skipped: there is no other compiler: tools/setup test-all")
        sys.exit(SKIPPED)
    unittest.main()
