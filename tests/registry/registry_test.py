"""The example's database: no row lost, every query on an index.

The expected rows come from Python's csv module, which shares nothing with the sqlite3 shell that
`load` reads the files with. The queries are the ones in weir.toml, run as they stand there.
"""

import collections
import csv
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import time
import tomllib
import unittest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "registry"
DATA = pathlib.Path(os.environ.get("IEEE_DATA", "/usr/share/ieee-data"))
FILES = ("oui", "mam", "oui36", "iab")
BLANKS = "\t\n\r "
HEADER = "Registry,Assignment,Organization Name,Organization Address\r\n"


def load(database, data=DATA):
    return subprocess.run([EXAMPLE / "load", database], env={**os.environ, "IEEE_DATA": str(data)},
                          capture_output=True, text=True, timeout=60)


def migrate(database):
    """What `weir serve` does when it starts."""
    for file in sorted((EXAMPLE / "migrations").glob("*.sql")):
        database.executescript(f"begin;\n{file.read_text()}\ncommit;")


def source_rows(name, data=DATA):
    with open(data / f"{name}.csv", encoding="utf-8", errors="strict", newline="") as file:
        rows = list(csv.reader(file, strict=True))[1:]
    return [(registry, prefix.upper(), owner.strip(BLANKS), address.strip(BLANKS) or None)
            for registry, prefix, owner, address in rows]


def endpoints():
    with open(EXAMPLE / "weir.toml", "rb") as file:
        return {endpoint["name"]: endpoint["sql"] for endpoint in tomllib.load(file)["endpoint"]}


class with_database(unittest.TestCase):
    """One database, loaded once; what a test writes is rolled back."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name) / "network.db"
        cls.started = time.monotonic()
        cls.loaded = load(cls.path)
        cls.took = time.monotonic() - cls.started
        if cls.loaded.returncode != 0:
            cls.folder.cleanup()
            raise AssertionError(cls.loaded.stderr)
        cls.database = sqlite3.connect(cls.path)
        migrate(cls.database)
        cls.sql = endpoints()

    @classmethod
    def tearDownClass(cls):
        cls.database.close()
        cls.folder.cleanup()

    def tearDown(self):
        self.database.rollback()

    def ask(self, endpoint, **params):
        return self.database.execute(self.sql[endpoint], params).fetchall()

    def prefixes(self, mac):
        return {row[0] for row in self.ask("lookup", mac=mac)}


class every_row(with_database):
    def test_of_every_file_arrives_unchanged(self):
        stored = collections.Counter(
            self.database.execute("select registry, prefix, name, address from vendor"))
        expected = collections.Counter()
        for name in FILES:
            rows = source_rows(name)
            self.assertGreater(len(rows), 1000, name)
            registry = rows[0][0]
            count = self.database.execute("select count(*) from vendor where registry = ?",
                                          (registry,)).fetchone()[0]
            self.assertEqual(count, len(rows), name)
            expected.update(rows)
        self.assertEqual(stored - expected, collections.Counter())
        self.assertEqual(expected - stored, collections.Counter())

    def test_the_quirks_are_really_in_the_data(self):
        rows = [row for name in FILES for row in source_rows(name)]
        self.assertTrue(any(address and "\n" in address for *_, address in rows))
        self.assertTrue(any("," in owner for _, _, owner, _ in rows))
        self.assertTrue(any('"' in owner for _, _, owner, _ in rows))
        self.assertTrue(any(not owner.isascii() for _, _, owner, _ in rows))
        self.assertTrue(any(address is None for *_, address in rows))
        self.assertGreater(max(collections.Counter(row[1] for row in rows).values()), 1)

    def test_all_text_is_utf_8(self):
        self.database.text_factory = bytes
        try:
            for row in self.database.execute("select name, coalesce(address, '') from vendor"):
                for value in row:
                    value.decode("utf-8", errors="strict")
        finally:
            self.database.text_factory = str


class the_file(with_database):
    def test_is_sound_and_in_wal_mode(self):
        self.assertEqual(self.database.execute("pragma integrity_check").fetchone(), ("ok",))
        self.assertEqual(self.database.execute("pragma journal_mode").fetchone(), ("wal",))

    def test_is_built_in_under_ten_seconds(self):
        self.assertLess(self.took, 10)

    def test_leaves_nothing_else_behind(self):
        left = {path.name for path in self.path.parent.iterdir()}
        self.assertLessEqual(left, {"network.db", "network.db-wal", "network.db-shm"})

    def test_is_never_replaced(self):
        again = load(self.path)
        self.assertEqual(again.returncode, 1)
        self.assertIn("exists already", again.stderr)

    def test_answers_every_query_from_an_index(self):
        names = {"prefix": "080030", "name": "apple", "limit": 10, "mac": "001b638445e6", "id": 1,
                 "place": "hall", "key": "k"}
        for endpoint, sql in self.sql.items():
            steps = [row[3] for row in
                     self.database.execute("explain query plan " + sql, names).fetchall()]
            for step in steps:
                scans = step.startswith("SCAN") and "USING" not in step
                self.assertFalse(scans and ("vendor" in step or "sighting" in step),
                                 f"{endpoint}: {step}")
        plan = self.database.execute("explain query plan " + self.sql["vendors"], names).fetchall()
        self.assertEqual([row[3] for row in plan], ["SCAN vendor USING INDEX vendor_by_name"])


class vendors(with_database):
    def test_of_a_prefix_are_all_its_owners(self):
        owners = [name for _, name, _ in self.ask("vendor", prefix="080030")]
        self.assertEqual(sorted(owners), ["CERN", "NETWORK RESEARCH CORPORATION",
                                          "ROYAL MELBOURNE INST OF TECH"])

    def test_match_a_prefix_in_either_case_and_whole(self):
        self.assertEqual(self.ask("vendor", prefix="70b3d5f2f"),
                         self.ask("vendor", prefix="70B3D5F2F"))
        self.assertEqual(len(self.ask("vendor", prefix="70b3d5f2f")), 1)
        self.assertEqual(self.ask("vendor", prefix="70B3D5F2"), [])
        self.assertEqual(self.ask("vendor", prefix=""), [])

    def test_that_are_private_have_no_address(self):
        self.assertEqual(self.ask("vendor", prefix="741AE09"), [("741AE09", "Private", None)])

    def test_keep_their_own_script_and_quotes(self):
        (_, name, address), = self.ask("vendor", prefix="70B3D5F3E")
        self.assertEqual(name, 'ООО "РОНЕКС"')
        self.assertIn("Москва", address)

    def test_keep_line_breaks_within_an_address(self):
        (_, _, address), = self.ask("vendor", prefix="C404D8")
        self.assertEqual(address, "160 E Tasman Dr\nSTE 102 SAN JOSE CA US 95134")

    def test_are_found_by_part_of_the_name(self):
        found = self.ask("vendors", name="RaSpBeRrY", limit=1000)
        expected = {row[1] for name in FILES for row in source_rows(name)
                    if "raspberry" in row[2].lower()}
        self.assertGreater(len(expected), 3)
        self.assertEqual({row[0] for row in found}, expected)
        self.assertEqual(len(self.ask("vendors", name="a", limit=7)), 7)
        self.assertTrue(self.ask("vendors", name="РОНЕКС", limit=1))

    def test_are_not_found_by_wildcards(self):
        found = self.ask("vendors", name="%", limit=1000) + self.ask("vendors", name="_", limit=9)
        for row in found:
            self.assertTrue("%" in row[1] or "_" in row[1], row)


class lookups(with_database):
    def test_take_a_mac_in_any_usual_way(self):
        ways = ("00:1b:63:84:45:e6", "00-1B-63-84-45-E6", "001B.6384.45E6", "001b638445e6",
                "001b63-8445e6")
        for way in ways:
            (prefix, name, _), = self.ask("lookup", mac=way)
            self.assertEqual((prefix, name), ("001B63", "Apple, Inc."), way)

    def test_prefer_the_longest_prefix(self):
        for name, digits in (("mam", 7), ("oui36", 9), ("iab", 9)):
            for _, prefix, _, _ in source_rows(name)[::199]:
                self.assertEqual(len(prefix), digits)
                self.assertEqual(self.prefixes(prefix + "0" * (12 - digits)), {prefix})

    def test_fall_back_to_the_block(self):
        taken = {row[1] for name in ("oui36", "iab") for row in source_rows(name)}
        free = next(f"70B3D5{piece:03X}" for piece in range(4096)
                    if f"70B3D5{piece:03X}" not in taken)
        self.assertEqual([row[:2] for row in self.ask("lookup", mac=free + "000")],
                         [("70B3D5", "IEEE Registration Authority")])

    def test_give_every_owner(self):
        self.assertEqual(len(self.ask("lookup", mac="08:00:30:00:00:01")), 3)

    def test_find_nothing_for_what_is_no_mac(self):
        for wrong in ("", "001b63", "001b638445e", "001b638445e6a", "001b638445eg", "%", "001b63*",
                      "00:1b:63:84:45:e6 ", "００1b638445e6"):
            self.assertEqual(self.ask("lookup", mac=wrong), [], wrong)


class sightings(with_database):
    def add(self, mac, place, key=None):
        (row,) = self.ask("sighting_add", mac=mac, place=place, key=key)
        return row

    def test_come_back_with_the_vendor_by_the_longest_prefix(self):
        number, mac, place, at = self.add("70b3.d5f2.f001", "Küche")
        self.assertEqual((mac, place), ("70:B3:D5:F2:F0:01", "Küche"))
        self.assertRegex(at, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        expected = (number, mac, place, at, "TELEPLATFORMS")
        self.assertEqual(self.ask("sighting", id=number), [expected])
        self.assertEqual(self.ask("sightings", mac="70-B3-D5-F2-F0-01", limit=9), [expected])

    def test_come_latest_first(self):
        for place in ("hall", "kitchen"):
            self.add("001b638445e6", place)
        places = [row[2] for row in self.ask("sightings", mac="001b638445e6", limit=9)]
        self.assertEqual(places, ["kitchen", "hall"])

    def test_name_all_owners_of_a_shared_prefix(self):
        number, *_ = self.add("080030000001", "lab")
        (*_, vendor), = self.ask("sighting", id=number)
        self.assertEqual(vendor.count(" / "), 2)

    def test_of_an_unknown_vendor_have_none(self):
        number, *_ = self.add("FFFFFFFFFFFF", "lab")
        (*_, vendor), = self.ask("sighting", id=number)
        self.assertIsNone(vendor)

    def test_of_what_is_no_mac_are_refused(self):
        with self.assertRaises(sqlite3.IntegrityError):
            self.add("nonsense", "lab")

    def test_with_a_key_are_stored_once_and_answered_with_the_first(self):
        first = self.add("001b638445e6", "hall", key="agent-1/7")
        self.assertEqual(self.add("080030000001", "kitchen", key="agent-1/7"), first)
        self.assertNotEqual(self.add("001b638445e6", "hall", key="agent-1/8")[0], first[0])
        self.assertEqual(self.database.execute("select count(*) from sighting").fetchone(), (2,))

    def test_without_a_key_are_stored_each(self):
        self.assertNotEqual(self.add("001b638445e6", "hall"), self.add("001b638445e6", "hall"))

    def test_have_a_key_of_1_to_64_bytes(self):
        self.add("001b638445e6", "hall", key="ä" * 32)
        for wrong in ("", "ä" * 32 + "x"):
            with self.assertRaises(sqlite3.IntegrityError):
                self.add("001b638445e6", "hall", key=wrong)


# What `load` made of sightings before there were migrations; %s: their keys, which came later.
OLD_SIGHTINGS = """
create table sighting (
    id     integer primary key,
    digits text not null check (length(digits) = 12 and digits not glob '*[^0-9A-F]*'),
    mac    text generated always as (substr(digits, 1, 2) || ':' || substr(digits, 3, 10)) virtual,
    place  text not null,
    at     text not null default (strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now'))
    %s
) strict;
create index sighting_by_digits on sighting (digits, id);
create view seen as select * from sighting;
insert into sighting (id, digits, place, at) values (3, '001B638445E6', 'hall', 'then');
"""
OLD_KEY = ", key text unique check (length(cast(key as blob)) between 1 and 64)"


class a_database_that_was_loaded_earlier(with_database):
    def brought_up_to_date(self, *scripts):
        for each in ("drop view seen", "drop table sighting", *scripts):
            self.database.executescript(each)
        migrate(self.database)
        return self.database.execute("select id, digits, place, at, key from sighting").fetchall()

    def test_keeps_its_sightings_which_may_have_keys_from_now_on(self):
        rows = self.brought_up_to_date(OLD_SIGHTINGS % "")
        self.assertEqual(rows, [(3, "001B638445E6", "hall", "then", None)])
        first, = self.ask("sighting_add", mac="001b638445e6", place="x", key="k")
        again, = self.ask("sighting_add", mac="001b638445e6", place="x", key="k")
        self.assertEqual((first[0], again), (4, first))
        (_, mac, *_, vendor), = self.ask("sighting", id=3)
        self.assertEqual((mac, vendor), ("00:1B:63:84:45:E6", "Apple, Inc."))

    def test_keeps_its_keys(self):
        rows = self.brought_up_to_date(OLD_SIGHTINGS % OLD_KEY, """
            insert into sighting (digits, place, at, key)
            values ('080030000001', 'x', 'now', 'k')""")
        self.assertEqual(rows, [(3, "001B638445E6", "hall", "then", None),
                                (4, "080030000001", "x", "now", "k")])


class a_load(unittest.TestCase):
    """Small files of our own, so that each quirk is there whatever the installed package holds."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = pathlib.Path(self.folder.name) / "data"
        self.path = pathlib.Path(self.folder.name) / "it's a place" / "network.db"
        self.data.mkdir()
        for name in FILES:
            self.write(name, HEADER + f"{name},0000F8,Somebody,Somewhere\r\n")

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        (self.data / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())

    def rows(self):
        database = sqlite3.connect(self.path)
        try:
            return database.execute(
                "select registry, prefix, name, address from vendor order by id").fetchall()
        finally:
            database.close()

    def fails_because(self, reason):
        done = load(self.path, self.data)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(reason, done.stderr)
        left = list(self.path.parent.iterdir()) if self.path.parent.exists() else []
        self.assertEqual(left, [])

    def test_reads_quotes_line_breaks_and_private_entries(self):
        self.write("oui", HEADER + 'MA-L,0000f8,"A, ""B"" & Co.\t","1\r\n2"\r\n'
                   "MA-L,0000F8,Å,\r\nMA-L,0000F9,007,1e5 \n")
        self.assertEqual(load(self.path, self.data).returncode, 0)
        self.assertEqual(self.rows()[:3], [("MA-L", "0000F8", 'A, "B" & Co.', "1\r\n2"),
                                           ("MA-L", "0000F8", "Å", None),
                                           ("MA-L", "0000F9", "007", "1e5")])
        self.assertEqual(len(self.rows()), 6)

    def test_refuses_a_line_with_a_field_too_many(self):
        self.write("mam", HEADER + "MA-M,0000F8A,Some, body,Some, where\r\n")
        self.fails_because("mam.csv:2: expected 4 columns")

    def test_refuses_a_line_with_a_field_too_few(self):
        self.write("mam", HEADER + "MA-M,0000F8A,Somebody\r\n")
        self.fails_because("mam.csv:2: expected 4 columns")

    def test_refuses_a_prefix_that_is_none(self):
        self.write("iab", HEADER + "IAB,0000FG,Somebody,Somewhere\r\n")
        self.fails_because("CHECK constraint failed")

    def test_refuses_what_is_not_utf_8(self):
        self.write("oui36", HEADER.encode() + b"MA-S,0000F8AAA,Caf\xe9,Paris\r\n")
        self.fails_because("oui36.csv is not valid UTF-8")

    def test_refuses_a_missing_file(self):
        (self.data / "iab.csv").unlink()
        self.fails_because("iab.csv is missing")

    def test_throws_away_a_removed_databases_journal(self):
        self.path.parent.mkdir()
        stale = self.path.with_name("network.db-wal")
        stale.write_bytes(b"stale")
        self.assertEqual(load(self.path, self.data).returncode, 0)
        self.assertFalse(stale.exists())
        self.assertEqual(len(self.rows()), 4)


if __name__ == "__main__":
    unittest.main()
