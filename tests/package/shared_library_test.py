"""The library as a shared one, built, installed, and found by CMake and by pkg-config."""

import os
import unittest

import package

LIBRARY_ONLY = ["-DWEIR_SHARED=ON", "-DWEIR_APP=OFF", "-DWEIR_TESTS=OFF", "-DWEIR_BENCH=OFF",
                "-DWEIR_EXAMPLES=OFF"]


class an_installed_shared_library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        at = package.folder()
        cls.folder = at.__enter__()
        cls.addClassCleanup(at.__exit__, None, None, None)
        build, cls.prefix = cls.folder / "build", cls.folder / "installed"
        package.run("cmake", "-S", package.SOURCE, "-B", build, "-G", "Ninja",
                    "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_CXX_COMPILER={package.CXX}",
                    *LIBRARY_ONLY)
        package.run("cmake", "--build", build, timeout=1500)
        package.run("cmake", "--install", build, "--prefix", cls.prefix)
        [library] = cls.prefix.rglob("libweir.so")
        # Where the loader looks, of a prefix that is not the system's.
        os.environ["LD_LIBRARY_PATH"] = str(library.parent)

    def served(self, build):
        into = self.folder / build.__name__
        into.mkdir()
        consumer = build(self.prefix, into)
        self.assertIn("libweir.so.", package.run("ldd", consumer))
        package.serve_one(self, consumer, into)

    def test_serves_a_consumer_that_cmake_builds(self):
        self.served(package.build_by_cmake)

    def test_serves_a_consumer_that_pkg_config_builds(self):
        self.served(package.build_by_pkg_config)


if __name__ == "__main__":
    unittest.main()
