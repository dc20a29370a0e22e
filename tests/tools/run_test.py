#!/usr/bin/env python3
"""What ./run does around the build and the program, which are played by scripts here: packages that
are missing, who serves, which database, and what is printed."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAYED = {
    "tools/setup": 'if [ "${!#}" = --list-missing ]; then printf "%s" "$LACKING"\n'
                   'else echo "installed: $*" >> "$PLAYED"; fi',
    "bin/cmake": 'echo "cmake $*" >> "$PLAYED"',
    "bin/ip": 'printf "%s" "$NEIGHBOURS"',
    "build/release/bin/weir": 'echo "weir by $(id -u): $*"',
}
KNOWN = "192.0.2.7 dev eth0 lladdr 08:00:30:0a:0b:0c REACHABLE\n"
MADE_UP = "192.0.2.8 dev eth0 lladdr 0a:00:30:0a:0b:0c STALE\n"
UNKNOWN = "192.0.2.9 dev eth0 lladdr f4:ff:ff:ff:ff:ff STALE\n"
GONE = "192.0.2.6 dev eth0 lladdr 00:1b:63:00:00:01 FAILED\n"


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Nobody must be able to read it, who serves where the tests are root's.
        cls.folder = Path(tempfile.mkdtemp(prefix="weir-run-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.folder.chmod(0o755)
        shutil.copy(ROOT / "run", cls.folder)
        shutil.copytree(ROOT / "examples/registry", cls.folder / "examples/registry")
        for name, text in PLAYED.items():
            file = cls.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("#!/usr/bin/env bash\n" + text + "\n")
            file.chmod(0o755)
        (cls.folder / "build/example").mkdir()
        cls.played = cls.folder / "played.txt"

    def setUp(self):
        self.played.write_text("")
        self.played.chmod(0o666)

    def run_it(self, *words, lacking="", neighbours=""):
        path = f"{self.folder}/bin:{os.environ['PATH']}"
        environment = {name: text for name, text in os.environ.items() if name != "SUDO_USER"}
        return subprocess.run([self.folder / "run", *words], capture_output=True, text=True,
                              timeout=60, check=False,
                              env={**environment, "PATH": path, "LACKING": lacking,
                                   "NEIGHBOURS": neighbours, "PLAYED": str(self.played)})

    def tried(self, neighbours):
        """The lines to try, where these are on the network."""
        ended = self.run_it(neighbours=neighbours)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return [line for line in ended.stdout.splitlines() if line.startswith("  curl ")]

    def test_lists_what_is_missing_and_stops_where_it_may_not_install(self):
        ended = self.run_it("--no-install", lacking="g++\ncmake")
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(ended.stdout, "Missing Debian packages:\ng++\ncmake\n")
        self.assertEqual(self.played.read_text(), "")

    def test_installs_what_is_missing_then_builds(self):
        self.assertEqual(self.run_it(lacking="g++").returncode, 0)
        lines = self.played.read_text().splitlines()
        self.assertEqual(lines[0], "installed: build run")
        self.assertEqual(lines[-1], "cmake --build --preset release --target weir")

    def test_serves_in_the_foreground_and_never_as_root(self):
        last = self.run_it().stdout.splitlines()[-1]
        who, _, words = last.removeprefix("weir by ").partition(": ")
        self.assertNotEqual(int(who), 0)
        self.assertEqual(words, "serve examples/registry/weir.toml")

    def test_prints_addresses_and_four_lines_to_try(self):
        said = self.run_it().stdout
        for address in ("http://127.0.0.1:8080", "127.0.0.1:9000", "http://127.0.0.1:8081"):
            self.assertIn(f" {address}", said)
        self.assertEqual(len(self.tried("")), 4)

    def test_says_how_to_send_all_of_the_network_over_frames(self):
        weir = self.folder / "build/release/bin/weir"
        self.assertIn(f"  ip neigh | {weir} call ingest place=desk    #", self.run_it().stdout)

    def test_looks_up_who_is_on_the_network_and_known(self):
        first = self.tried(GONE + MADE_UP + UNKNOWN + KNOWN)[0]
        self.assertIn("/lookup/08:00:30:0a:0b:0c    # a device on your network", first)

    def test_looks_up_a_vendors_where_nobody_is_known(self):
        for neighbours in ("", GONE, MADE_UP, UNKNOWN):
            first = self.tried(neighbours)[0]
            self.assertIn("/lookup/00:1b:63:84:45:e6    # one of Apple's", first)

    def test_builds_the_database_only_where_there_is_none(self):
        database = self.folder / "build/example/network.db"
        self.run_it()
        before = database.stat()
        self.run_it()
        after = database.stat()
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))


if __name__ == "__main__":
    unittest.main()
