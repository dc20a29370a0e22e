"""The packages in a system that has nothing else: debootstrap makes it, apt installs them.

Wants root, debootstrap and the mirror that this machine's apt uses. Leaves nothing behind: what is
mounted is in a mount namespace of the command that needs it.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import unittest
import urllib.error

import package
from debian_test import make_packages

FETCH = 900  # seconds
SKIPPED = 77
NOBODY = 65534
BOOT = 120

# What a container does once it is up, and then it goes down. Its log is what a test reads.
TRIAL_UNIT = """[Unit]
After=multi-user.target
[Service]
Type=oneshot
StandardOutput=file:/trial.log
StandardError=file:/trial.log
ExecStart=/bin/bash /trial.sh
ExecStopPost=/bin/systemctl poweroff
"""
TRIAL = """
systemctl start weir
for i in {1..100}; do
    journalctl --unit weir | grep -c 'listening on' | grep -q 3 && break
    sleep 0.1
done
exec 3<>/dev/tcp/127.0.0.1/8080
printf 'GET /items/7 HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n' >&3
cat <&3
echo
pid=$(systemctl show --property MainPID --value weir)
grep -E '^(Uid|CapEff|NoNewPrivs|Seccomp):' /proc/$pid/status
systemctl stop weir
systemctl show --property Result,ExecMainStatus weir
journalctl --unit weir
"""


def codename():
    text = pathlib.Path("/etc/os-release").read_text()
    return re.search(r"^VERSION_CODENAME=(\w+)$", text, re.MULTILINE)[1]


def mirror():
    """Where apt has this release's main packages from; None where it says nothing."""
    told = package.run("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)",
                       "Created-By: Packages", "Component: main")
    for line in told.splitlines():
        uri, _, release = line.partition(" ")
        if release == codename():
            return uri
    return None


def missing():
    """Why this cannot run here, or None."""
    if os.geteuid() != 0:
        return "it makes a root of its own, which wants root"
    for tool in ("debootstrap", "systemd-nspawn", "unshare"):
        if shutil.which(tool) is None:
            return f"there is no {tool}: tools/setup test-all"
    if mirror() is None:
        return f"apt knows no mirror of {codename()}"
    return None


class clean_root:
    def __init__(self, at):
        self.at = at
        package.run("debootstrap", "--variant=minbase", codename(), at, mirror(), timeout=FETCH)
        shutil.copy("/etc/resolv.conf", at / "etc/resolv.conf")

    def words(self, *words, user=None):
        inside = ["--userspec", f"{user}:{user}"] if user else []
        script = 'mount -t proc proc "$0/proc" && exec chroot "$@"'
        return ["unshare", "--mount", "sh", "-c", script, self.at, *inside, self.at, *words]

    def run(self, *words, user=None, timeout=package.WAIT):
        return package.run(*self.words(*words, user=user), timeout=timeout,
                           env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"})

    def boot(self, script):
        """What a script says that runs in a container of this root, which systemd has booted."""
        units = self.at / "etc/systemd/system"
        (units / "trial.service").write_text(TRIAL_UNIT)
        wanted = units / "multi-user.target.wants/trial.service"
        wanted.parent.mkdir(exist_ok=True)
        wanted.symlink_to("/etc/systemd/system/trial.service")
        (self.at / "trial.sh").write_text(script)
        package.run("systemd-nspawn", "--register=no", "--keep-unit", "--private-network", "--boot",
                    f"--directory={self.at}", timeout=BOOT, stdin=subprocess.DEVNULL)
        return (self.at / "trial.log").read_text()

    def apt(self, *words):
        return self.run("apt-get", "--yes", "--quiet", "--no-install-recommends", *words,
                        timeout=FETCH)


def uncommented(config):
    """The packaged configuration, its settings switched on.

    Those are `#name`; prose is `# Name`, and what is for editors `#:name`.
    """
    return re.sub(r"^#(?=[^\s:])", "", config, flags=re.MULTILINE)


def discard(folder):
    """Also where systemd has made it a link, for a dynamic user."""
    shutil.rmtree(folder.resolve())
    folder.unlink(missing_ok=True)


class installed_in_a_clean_root(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        at = package.folder()
        folder = at.__enter__()
        cls.addClassCleanup(at.__exit__, None, None, None)
        cls.root = clean_root(folder / "root")
        (folder / "debs").mkdir()
        debs = make_packages(folder / "debs")
        for name in ("weir", "libweir-dev"):
            shutil.copy(debs[name], cls.root.at / "tmp" / f"{name}.deb")
        cls.root.apt("install", "/tmp/weir.deb")

    def in_root(self, path):
        return self.root.at / path.lstrip("/")

    def data(self):
        """A database where the unit would have it."""
        folder = self.in_root("/var/lib/weir")
        folder.mkdir(exist_ok=True)
        self.addCleanup(discard, folder)
        path = folder / "weir.db"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("create table item (id integer primary key, name text)")
            database.execute("insert into item values (7, 'seven')")
            database.commit()
        for owned in (folder, path):
            os.chown(owned, NOBODY, NOBODY)

    def test_the_program_starts(self):
        self.assertRegex(self.root.run("/usr/bin/weir", "--version"), r"^weir \d")

    def test_the_packaged_configuration_is_right_once_it_is_uncommented(self):
        self.data()
        config = self.in_root("/tmp/uncommented.toml")
        config.write_text(uncommented(self.in_root("/etc/weir/weir.toml").read_text()))
        self.assertIn("no problems, 2 endpoints",
                      self.root.run("weir", "check", "/tmp/uncommented.toml"))

    def test_the_packaged_configuration_serves(self):
        self.data()
        text = uncommented(self.in_root("/etc/weir/weir.toml").read_text())
        config = self.in_root("/tmp/served.toml")
        config.write_text(re.sub(r'listen = ".*"', 'listen = "127.0.0.1:0"', text))
        words = self.root.words("/usr/bin/weir", "serve", "/tmp/served.toml", user=NOBODY)
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
            try:
                address = package.first_address(process)
                self.assertIn('"seven"', package.ask(address, "/items/7"))
                with self.assertRaises(urllib.error.HTTPError) as refused:
                    package.ask(address, "/items/8")
                self.assertEqual(refused.exception.code, 404)
                refused.exception.close()
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(package.WAIT), 0)
            finally:
                process.kill()

    def test_the_unit_serves_under_systemd_and_is_confined(self):
        self.root.apt("install", "systemd-sysv")
        self.data()
        config = self.in_root("/etc/weir/weir.toml")
        self.addCleanup(config.write_text, config.read_text())
        config.write_text(uncommented(config.read_text()))
        told = self.root.boot(TRIAL)
        self.assertIn('{"id":7,"name":"seven"}', told)
        self.assertRegex(told, r"Uid:\t[1-9]\d+\t")
        self.assertRegex(told, r"CapEff:\t0+\n")
        self.assertRegex(told, r"NoNewPrivs:\t1\n")
        self.assertRegex(told, r"Seccomp:\t2\n")
        self.assertIn("engine uring", told, "the filter lets io_uring through")
        self.assertIn("Result=success\nExecMainStatus=0\n", told)
        self.assertIn("drained", told)

    def test_the_library_installs_with_all_that_it_names(self):
        self.root.apt("install", "/tmp/libweir-dev.deb", "pkg-config")
        self.assertIn("-lweir", self.root.run("pkg-config", "--libs", "weir"))

    def test_the_library_builds_what_uses_it(self):
        self.root.apt("install", "/tmp/libweir-dev.deb", "g++", "make", "pkg-config")
        shutil.copytree(package.CONSUMERS, self.in_root("/tmp/consumers"))
        self.root.run("make", "--directory=/tmp/consumers/pkg_config", timeout=package.COMPILE)
        package.make_greetings(self.in_root("/tmp/greetings.db"))
        package.ask_one(self, self.root.words("/tmp/consumers/pkg_config/consumer",
                                              "/tmp/greetings.db"))

    def test_what_was_configured_outlives_a_removal_and_no_purge(self):
        self.root.apt("remove", "weir")
        self.assertFalse(self.in_root("/usr/bin/weir").exists())
        self.assertTrue(self.in_root("/etc/weir/weir.toml").exists())
        self.root.run("dpkg", "--purge", "weir")
        self.assertFalse(self.in_root("/etc/weir/weir.toml").exists())
        self.root.apt("install", "/tmp/weir.deb")


if __name__ == "__main__":
    if why := missing():
        print(f"skipped: {why}")
        sys.exit(SKIPPED)
    unittest.main()
