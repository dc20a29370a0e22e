"""The installed library, moved, as CMake and pkg-config find it."""

import json
import shutil
import unittest

import package


class an_installed_copy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        at = package.folder()
        cls.folder = at.__enter__()
        cls.addClassCleanup(at.__exit__, None, None, None)
        cls.prefix = cls.folder / "moved"
        package.install(cls.folder / "installed")
        (cls.folder / "installed").rename(cls.prefix)

    def into(self, name):
        path = self.folder / name
        path.mkdir()
        self.addCleanup(shutil.rmtree, path)
        return path

    def test_is_found_by_cmake(self):
        into = self.into("cmake")
        package.serve_one(self, package.build_by_cmake(self.prefix, into), into)

    def test_is_found_by_pkg_config(self):
        into = self.into("pkg-config")
        package.serve_one(self, package.build_by_pkg_config(self.prefix, into), into)

    def test_is_of_one_minor_version(self):
        for wanted in ("0.2", "1.0", "0.0"):
            with self.assertRaisesRegex(package.failed, "not accepted"):
                package.configure("find_package", self.into(f"version-{wanted}"),
                                  f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DWEIR_WANTED={wanted}")

    def test_has_the_program_too(self):
        self.assertRegex(package.run(self.prefix / "bin/weir", "--version"), r"^weir \d+\.\d+\.\d+")

    def test_tells_editors_the_keys_of_its_configuration(self):
        schema = json.loads((self.prefix / "share/weir/config.schema.json").read_text())
        self.assertIn("endpoint", schema["properties"])

    def test_names_no_place_where_it_was_built(self):
        for name in ("weir.pc", "WeirConfig.cmake", "WeirTargets.cmake",
                     "WeirTargets-release.cmake", "WeirLibraries.cmake"):
            for path in self.prefix.rglob(name):
                text = path.read_text()
                self.assertNotIn(str(package.BUILD), text, name)
                self.assertNotIn(str(self.folder), text, name)


class the_source_in_another_project(unittest.TestCase):
    def test_leaks_nothing_and_builds_a_room(self):
        with package.folder() as into:
            package.configure("add_subdirectory", into, f"-DWEIR_SOURCE={package.SOURCE}")
            package.run("cmake", "--build", into, "--target", "codec", timeout=package.COMPILE)
            package.run(into / "codec")


if __name__ == "__main__":
    unittest.main()
