"""The Debian packages, taken apart and not installed; the unit, as systemd's own tools see it."""

import re
import shutil
import subprocess
import unittest

import package

UNIT = package.SOURCE / "packaging/debian/weir.service"


def make_packages(into):
    """The packages by name, made of what is built already."""
    package.run("cpack", "-G", "DEB", "--config", package.BUILD / "CPackConfig.cmake", "-B", into,
                timeout=90, cwd=into)
    return {path.name.split("_")[0]: path for path in into.glob("*.deb")}


class the_packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        at = package.folder()
        into = at.__enter__()
        cls.addClassCleanup(at.__exit__, None, None, None)
        cls.debs = make_packages(into)

    def field(self, name, field):
        return package.run("dpkg-deb", "--field", self.debs[name], field).strip()

    def contents(self, name):
        lines = package.run("dpkg-deb", "--contents", self.debs[name]).splitlines()
        return {line.split()[5][1:]: line.split()[0] for line in lines}

    def test_are_two(self):
        self.assertEqual(set(self.debs), {"weir", "libweir-dev"})

    def test_the_program_depends_on_what_it_is_linked_to(self):
        depends = self.field("weir", "Depends")
        for library in ("libc6", "libfmt9", "libspdlog1.10", "libsqlite3-0", "libstdc++6"):
            self.assertIn(library, depends)
        self.assertNotIn("-dev", depends)

    def test_the_library_depends_on_what_its_users_link(self):
        depends = self.field("libweir-dev", "Depends")
        config = (package.SOURCE / "cmake/WeirLibraries.cmake").read_text()
        for found in re.findall(r"find_dependency\((\w+)\)", config):
            if found not in ("PkgConfig", "Threads"):
                self.assertIn(f"lib{found.lower()}-dev", depends)
        for other in ("libsqlite3-dev", "liburing-dev"):
            self.assertIn(other, depends)

    def test_the_program_comes_with_its_unit_and_its_configuration(self):
        contents = self.contents("weir")
        for path in ("/usr/bin/weir", "/usr/lib/systemd/system/weir.service",
                     "/usr/lib/systemd/system/weir.socket", "/etc/weir/weir.toml",
                     "/usr/share/weir/config.schema.json", "/usr/share/doc/weir/copyright"):
            self.assertIn(path, contents)
        self.assertEqual([path for path in contents if "include" in path], [])
        self.assertEqual([path for path, mode in contents.items()
                          if mode[5] == "w" or mode[8] == "w"], [])
        with package.folder() as into:
            package.run("dpkg-deb", "--control", self.debs["weir"], into / "control")
            self.assertEqual((into / "control/conffiles").read_text(), "/etc/weir/weir.toml\n")

    def test_the_library_comes_with_all_that_finds_it(self):
        names = {path.rsplit("/", 1)[1] for path in self.contents("libweir-dev")}
        for name in ("libweir.a", "weir.pc", "WeirConfig.cmake", "WeirConfigVersion.cmake",
                     "WeirTargets.cmake", "WeirLibraries.cmake", "service.hpp", "copyright"):
            self.assertIn(name, names)
        self.assertEqual([path for path in self.contents("libweir-dev") if "/bin/" in path], [])


@unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd-analyze")
class the_unit(unittest.TestCase):
    def test_is_understood_by_systemd(self):
        with package.folder() as into:
            # As it is, but for the program, which need not be installed here.
            for unit in (UNIT, UNIT.with_suffix(".socket")):
                text = unit.read_text().replace("/usr/bin/weir", "/bin/true")
                (into / unit.name).write_text(text)
            said = subprocess.run(["systemd-analyze", "verify", "--man=no", into / "weir.service",
                                   into / "weir.socket"], timeout=60,
                                  capture_output=True, text=True, check=False)
            lines = [line for line in said.stderr.splitlines() if "weir." in line]
            self.assertEqual(lines, [])

    def test_leaves_little_to_an_intruder(self):
        # 0.0 is the best; a service that says nothing has 9.6.
        package.run("systemd-analyze", "security", "--offline=yes", "--threshold=15", UNIT)


if __name__ == "__main__":
    unittest.main()
