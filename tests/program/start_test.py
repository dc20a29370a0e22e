"""How the program starts, or does not and says why."""

import contextlib
import os
import socket
import sqlite3
import subprocess
import tomllib
import unittest

import program


class the_start(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = program.place()
        cls.addClassCleanup(cls.place.close)

    def refused(self, config, *expected, command="serve"):
        ended = program.run(command, config)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        lines = [line for line in ended.stderr.splitlines() if " info " not in line]
        self.assertEqual(lines, [f"{config}{line}" for line in expected])

    def test_says_which_file_is_missing(self):
        self.refused(self.place.folder / "none.toml", ": cannot be read: No such file or directory")

    def test_says_which_database_is_missing(self):
        config = self.place.write("a.toml", '[database]\nurl = "sqlite:none.db"\n' + program.SLOW)
        path = self.place.folder / "none.db"
        for command in ("serve", "check"):
            self.refused(config, f":2:7: database.url: database {path}: no such file",
                         command=command)
        self.assertFalse(path.exists())

    # The example as it is shipped: its migrations make some of what it asks for, and not all.
    def test_says_first_that_the_example_has_no_database(self):
        text = self.place.example().read_text()
        missing = self.place.folder / "none.db"
        config = self.place.write("m.toml", text.replace(str(self.place.database), str(missing)))
        line = text[:text.index("url = ")].count("\n") + 1
        for command in ("serve", "check"):
            ended = program.run(command, config)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            told = [each for each in ended.stderr.splitlines() if " info " not in each]
            self.assertEqual(told[0], f"{config}:{line}:7: database.url: database {missing}: no "
                             "such file, and the migrations alone do not make what is asked for")
            self.assertIn("no such table: vendor", told[1])
        self.assertFalse(missing.exists())

    # BEHAVIOUR.md, Process: exit code 2, as everywhere in this class.
    def test_says_which_port_is_in_use_and_leaves_the_database_alone(self):
        place = program.place()
        self.addCleanup(place.close)
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
            text = place.example().read_text()
            text = text.replace('[frames]\nlisten = "127.0.0.1:0"',
                                f'[frames]\nlisten = "127.0.0.1:{port}"')
            config = place.write("b.toml", text)
            line = text[:text.index("[frames]")].count("\n") + 2
            self.refused(config, f":{line}:10: frames.listen: bind 127.0.0.1:{port}: Address "
                                 "already in use")
        with contextlib.closing(sqlite3.connect(place.database)) as database:
            tables = database.execute("select name from sqlite_schema where type = 'table' "
                                      "and name not like 'sqlite%'")
            self.assertEqual(tables.fetchall(), [("vendor",)])

    def test_says_that_another_instance_has_the_port(self):
        with program.serving(self.place.example()) as service:
            port = service.http[1]
            text = self.place.example().read_text()
            config = self.place.write("c.toml", text.replace("127.0.0.1:0", f"127.0.0.1:{port}", 1))
            ended = program.run("serve", config)
            self.assertEqual(ended.returncode, 2)
            self.assertIn("http.listen: ", ended.stderr)
            self.assertIn("Address already in use", ended.stderr)
            # The first one does not mind.
            self.assertEqual(program.ask(service.http, "GET", "/").status, 200)

    def test_tells_every_problem_at_once(self):
        config = self.place.write("d.toml", f"""[database]
url = "sqlite:{self.place.database}"
readres = 3
[http]
listen = "nowhere"
[[endpoint]]
name = "bad"
method = "GET"
path = "/bad"
sql = "select nane from vendor"
[[endpoint]]
name = "writes"
method = "GET"
path = "/writes"
sql = "delete from vendor returning id"
[[endpoint]]
name = "place"
method = "POST"
path = "/place"
sql = "insert into sighting (digits, place) values ('00', 'x') returning id"
result = "row"
location = "/place/{{di}}"
""")
        self.refused(
            config,
            ':3:1: database.readres: there is no such key; did you mean "readers"?',
            ':5:10: http.listen: "nowhere" is no address: write "127.0.0.1:8080", "[::1]:8080", '
            'or "" to switch it off',
            ":10:7: endpoint.bad.sql: no such column: nane at offset 7",
            ":13:10: endpoint.writes.method: a GET must not write: use POST, PUT, PATCH or DELETE",
            ":22:12: endpoint.place.location: {di} is no column of the row that comes back; did "
            'you mean "id"?',
            command="check")

    def test_says_which_user_there_is_not(self):
        for user, why in (("nobody-at-all", "there is no user nobody-at-all"),
                          ("root", "root is root, too")):
            config = self.place.example(f'service.user = "{user}"')
            line = config.read_text().splitlines().index(f'service.user = "{user}"') + 1
            for command in ("serve", "check"):
                self.refused(config, f":{line}:16: service.user: {why}", command=command)

    def test_checks_what_is_right(self):
        config = self.place.example()
        ended = program.run("check", config)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertTrue(ended.stdout.startswith(f"# {config}: no problems, 7 endpoints\n"
                                                "# to be applied: 0001_sightings\n"))
        # What is in effect is a configuration, and says all of it.
        again = program.run("check", self.place.write("again.toml", ended.stdout))
        self.assertEqual(again.stdout.partition("\n")[2], ended.stdout.partition("\n")[2])
        read = tomllib.loads(ended.stdout)
        self.assertEqual(read["limits"]["max_rows"], 1000)
        self.assertEqual(read["endpoint"][1]["params"]["limit"],
                         {"type": "integer", "from": "query", "required": False, "default": 100,
                          "min": 1, "max": 1000})

    def test_raises_its_limit_of_descriptors_and_says_so(self):
        limit = ["prlimit", "--nofile=64:512"]
        with program.serving(self.place.example(), before=limit) as service:
            self.assertTrue(any("up to 512 descriptors" in line for line in service.log))
            with open(f"/proc/{service.process.pid}/limits", encoding="ascii") as limits:
                self.assertRegex(limits.read(), r"Max open files\s+512\s+512 ")
            self.assertEqual(service.drain(), 0)

    def test_knows_its_version_and_its_words(self):
        ended = program.run("--version")
        self.assertEqual(ended.returncode, 0)
        self.assertRegex(ended.stdout, r"^weir \d+\.\d+\.\d+ ")
        for words in ((), ("dance",), ("serve", "--fast"), ("check",)):
            self.assertEqual(program.run(*words).returncode, 2, words)

    @unittest.skipUnless(os.geteuid() == 0, "only root can be refused for being root")
    def test_never_serves_as_root(self):
        root = {"user": 0, "group": 0}
        without_sudo = {key: value for key, value in os.environ.items() if key != "SUDO_USER"}
        ended = program.run("serve", self.place.example(), env=without_sudo, **root)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("never serves as root", ended.stderr)
        ended = program.run("serve", self.place.example('service.user = "root"'), **root)
        self.assertEqual(ended.returncode, 2)
        self.becomes_nobody(self.place.example('service.user = "nobody"'), without_sudo)

    @unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
    def test_serves_as_whoever_called_sudo_unless_somebody_is_named(self):
        self.becomes_nobody(self.place.example(), {**os.environ, "SUDO_USER": "nobody"})
        self.becomes_nobody(self.place.example('service.user = "nobody"'),
                            {**os.environ, "SUDO_USER": "root"})

    def becomes_nobody(self, config, environment):
        process = subprocess.Popen([program.BINARY, "serve", config], stderr=subprocess.PIPE,
                                   text=True, env=environment)
        try:
            while "listening" not in (line := process.stderr.readline()):
                self.assertTrue(line, "it ended")
            with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                self.assertRegex(status.read(), r"Uid:\s+65534\s+65534\s+65534\s+65534\n")
        finally:
            process.kill()
            process.wait()
            process.stderr.close()


if __name__ == "__main__":
    unittest.main()
