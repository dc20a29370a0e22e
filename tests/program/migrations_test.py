"""Migrations: applied when the service starts, each once, and never behind anybody's back."""

import contextlib
import sqlite3
import unittest

import program

CONFIG = """
[database]
url = "sqlite:things.db"
migrations = "migrations"
[http]
listen = "127.0.0.1:0"
[frames]
listen = "127.0.0.1:0"
[admin]
listen = "127.0.0.1:0"
[[endpoint]]
name = "things"
method = "GET"
path = "/things"
sql = "select name from thing order by id"
"""
FIRST = """create table thing (id integer primary key, name text not null);
insert into thing (name) values ('one');
"""
SECOND = "insert into thing (name) values ('two');\n"


class the_migrations(unittest.TestCase):
    def setUp(self):
        self.place = program.place()
        self.addCleanup(self.place.close)
        self.config = self.place.write("weir.toml", CONFIG)
        (self.place.folder / "migrations").mkdir()
        self.write("0001_things.sql", FIRST)

    def write(self, name, text):
        return self.place.write(f"migrations/{name}", text)

    def applied(self):
        with contextlib.closing(sqlite3.connect(self.place.folder / "things.db")) as database:
            return database.execute("select number, name from weir_migration").fetchall()

    def names(self, service):
        reply = program.ask(service.http, "GET", "/things")
        return [row["name"] for row in reply.json["rows"]]

    def serve_once(self):
        with program.serving(self.config) as service:
            names = self.names(service)
            self.assertEqual(service.drain(), 0)
            return names, [line for line in service.log if "migration" in line]

    def refused(self, *expected):
        for command in ("check", "serve"):
            ended = program.run(command, self.config)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            for text in expected:
                self.assertIn(text, ended.stderr)

    def test_make_the_database_and_change_it_once_each(self):
        names, log = self.serve_once()
        self.assertEqual(names, ["one"])
        self.assertEqual(len(log), 1)
        self.assertIn("applied migration 0001_things", log[0])
        self.write("0002_more.sql", SECOND)
        self.assertEqual(self.serve_once()[0], ["one", "two"])
        self.assertEqual(self.serve_once(), (["one", "two"], []))
        self.assertEqual(self.applied(), [(1, "0001_things"), (2, "0002_more")])

    def test_are_told_by_a_check_that_changes_nothing(self):
        ended = program.run("check", self.config)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("# to be applied: 0001_things\n", ended.stdout)
        self.assertFalse((self.place.folder / "things.db").exists())
        self.serve_once()
        self.write("0002_more.sql", SECOND)
        ended = program.run("check", self.config)
        self.assertIn("# to be applied: 0002_more\n", ended.stdout)
        self.assertNotIn("0001", ended.stdout)
        self.assertEqual(self.applied(), [(1, "0001_things")])

    def test_are_applied_once_by_two_that_start_at_once(self):
        for number in range(2, 30):
            self.write(f"{number:04}_more.sql", SECOND)
        with program.starting(self.config) as first, program.starting(self.config) as second:
            for service in (first, second):
                service.wait_until_listening()
                self.assertEqual(len(self.names(service)), 29)
            log = [line for service in (first, second) for line in service.log
                   if "applied migration" in line]
            self.assertEqual(len(log), 29)
        self.assertEqual(len(self.applied()), 29)

    def test_are_refused_when_one_was_edited(self):
        self.serve_once()
        path = self.write("0001_things.sql", FIRST.replace("'one'", "'won'"))
        self.refused(f"{path}:2:35: migration 0001_things, which was applied at 20",
                     "has been edited since")
        self.assertEqual(self.applied(), [(1, "0001_things")])

    def test_are_refused_when_one_is_missing(self):
        self.write("0002_more.sql", SECOND)
        self.serve_once()
        (self.place.folder / "migrations/0002_more.sql").unlink()
        self.refused(f"{self.config}:4:14: database.migrations: migration 0002_more, which was "
                     "applied at 20", "is missing")

    def test_are_refused_with_gaps_and_with_numbers_twice(self):
        self.write("0003_x.sql", SECOND)
        self.refused("database.migrations: ", "has no number 2, and has number 3")
        self.write("0003_y.sql", SECOND)
        self.refused("0003_y.sql: there is another file of number 3")
        self.assertFalse((self.place.folder / "things.db").exists())

    def test_that_fail_change_nothing_and_say_where(self):
        self.serve_once()
        path = self.write("0002_bad.sql", SECOND + "\ninsert into nowhere values (1);\n")
        self.refused(f"{path}:3:1: no such table: nowhere")
        self.assertEqual(self.applied(), [(1, "0001_things")])

    def test_are_not_applied_for_endpoints_that_would_not_work(self):
        self.config = self.place.write("weir.toml", CONFIG.replace("select name", "select nane"))
        self.refused("endpoint.things.sql: no such column: nane")
        self.assertFalse((self.place.folder / "things.db").exists())


if __name__ == "__main__":
    unittest.main()
