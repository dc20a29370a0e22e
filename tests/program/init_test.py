"""`weir init`: what it makes of databases that exist, served and asked.

The databases are real: the example's, Debian's list of installed packages, its list of countries,
languages and scripts, three that other programs made for themselves (PROJ's coordinate systems, a
Fossil repository, an archive of the sqlite3 program), and one whose names are as odd as SQLite
allows.
"""

import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import sqlite3
import subprocess
import tempfile
import tomllib
import unittest
import urllib.parse

import program

ODD = """
create table "order" ("group" text primary key, "select" int, "a ""b"" 'c' [d] `e`" real);
insert into "order" values ('a/b ?&#%+', 1, 1.5), ('${HOME}', 2, 2.5), ('.', 3, 0), ('', 4, 0);
create index "on order" on "order" ("a ""b"" 'c' [d] `e`");
create table "Größe in m²" ("wie groß?" integer, "表" text);
insert into "Größe in m²" values (1, 'eins'), (2, 'zwei');
create index "i表" on "Größe in m²" ("表");
create table "größe-in-m²" (x);
create table "2024" ("limit" text, "after" text, "offset" int, primary key ("limit", "after"));
insert into "2024" values ('l', 'a', 0), ('l', 'b', 1);
create index by_after on "2024" ("after");
create table keyless (rowid text, "_ROWID_" text);
insert into keyless values ('not a number', 'neither');
create table hidden_number (rowid text, "_rowid_" text, oid text);
insert into hidden_number values ('1', '2', '3');
create table "" ("" int unique, ":x" text, "?1" text);
insert into "" values (5, 'colon', 'question');
create table untyped (k primary key, v blob);
insert into untyped values ('text', x'00ff'), (7, null);
create table blobs (k blob primary key);
insert into blobs values (x'00ff');
create table sparse (id integer primary key, state text, kind text);
insert into sparse values (-9223372036854775808, 'open', 'a'), (1, 'open', 'b'), (2, null, 'c');
create index sparse_state on sparse (state) where state = 'open';
create index sparse_kind on sparse (lower(kind));
create table "line
break" (id integer primary key);
create table weir_migration (number integer primary key);
create table "autoincrement" (id integer primary key autoincrement);
create view "twice the same" as select 1 as a, 2 as a;
create view broken as select * from nowhere;
create virtual table words using fts5 (word);
insert into words values ('hello');
create table without (a text primary key, b) without rowid;
insert into without values ('only', 1);
"""


def lines_of(text, name):
    """Paragraphs of `Key: value`, as dpkg writes them."""
    for paragraph in text.split("\n\n"):
        found = dict(re.findall(r"^(\S+): (.*)$", paragraph, re.M))
        if name in found:
            yield found


def dpkg(database):
    """Packages and what they depend on, as dpkg has them."""
    text = pathlib.Path("/var/lib/dpkg/status").read_text(errors="replace")
    database.executescript("""
        create table package (name varchar(200), architecture varchar(20), version text not null,
                              section text, priority text, installed_size int,
                              primary key (name, architecture));
        create table dependency (package text not null, depends_on text not null);
        create index package_section on package (section, name);
        create index dependency_on on dependency (depends_on);
        create view heavy as select name, installed_size from package
            where installed_size > 50000 order by installed_size desc;""")
    for each in lines_of(text, "Package"):
        database.execute(
            "insert or ignore into package values (?, ?, ?, ?, ?, ?)",
            [each["Package"], each.get("Architecture"), each.get("Version", ""),
             each.get("Section"), each.get("Priority"), each.get("Installed-Size")])
        for name in re.findall(r"[a-z0-9][a-z0-9+.-]+(?=[ ,:|]|$)", each.get("Depends", "")):
            database.execute("insert into dependency values (?, ?)", [each["Package"], name])


def iso_codes(database):
    """A table for each list of codes, with the columns that its entries have."""
    for file in sorted(pathlib.Path("/usr/share/iso-codes/json").glob("iso_*.json")):
        (title, entries), = json.loads(file.read_text()).items()
        columns = sorted({key for entry in entries for key in entry})
        names = ", ".join(f'"{column}" text' for column in columns)
        database.execute(f'create table "{title}" ({names})')
        code = next(column for column in ("alpha_3", "code", "alpha_4") if column in columns)
        database.execute(f'create unique index "{title} code" on "{title}" ("{code}")')
        holes = ", ".join(f":{column}" for column in columns)
        nothing = dict.fromkeys(columns)
        database.executemany(f'insert or ignore into "{title}" values ({holes})',
                             [{**nothing, **entry} for entry in entries])


class made:
    """A database of its own, and what `weir init` wrote for it."""

    def __init__(self, test, fill):
        self.test = test
        self.folder = pathlib.Path(test.enterContext(program_folder()))
        self.database = self.folder / "my data.db"
        if isinstance(fill, list):
            subprocess.run([*fill, self.database], check=True, stdout=subprocess.DEVNULL,
                           cwd=program.SOURCE, timeout=program.WAIT)
        else:
            with contextlib.closing(sqlite3.connect(self.database)) as database:
                fill(database)
                database.commit()
        program.give_to_nobody(self.database)
        self.ended = program.run("init", "sqlite:my data.db", cwd=self.folder)
        test.assertEqual(self.ended.returncode, 0, self.ended.stderr)
        self.text = (self.folder / "weir.toml").read_text()
        self.endpoints = tomllib.loads(self.text)["endpoint"]

    def sql(self, statement, *bound):
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            return database.execute(statement, bound).fetchall()

    @contextlib.contextmanager
    def served(self):
        checked = program.run("check", self.folder / "weir.toml")
        self.test.assertEqual(checked.returncode, 0, checked.stderr)
        config = self.folder / "served.toml"
        config.write_text(re.sub(r'listen = "127\.0\.0\.1:\d+"', 'listen = "127.0.0.1:0"',
                                 self.text))
        with program.serving(config) as service:
            yield service

    def tried(self):
        """The targets of the lines that it printed."""
        words = [shlex.split(line) for line in self.ended.stdout.splitlines() if "curl" in line]
        return [word[1].removeprefix("http://127.0.0.1:8080") for word in words]


@contextlib.contextmanager
def program_folder():
    folder = tempfile.mkdtemp(prefix="weir-test-", dir="/tmp")
    os.chmod(folder, 0o755)
    program.give_to_nobody(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class with_service(unittest.TestCase):
    def get(self, target):
        answer = program.ask(self.service.http, "GET", target)
        self.assertEqual(answer.status, 200, f"{target}: {answer.body}")
        return answer.json

    def rows(self, target):
        return self.get(target)["rows"]

    def serve(self, fill):
        self.made = made(self, fill)
        self.service = self.enterContext(self.made.served())
        self.the_index_answers()
        self.what_it_printed_answers()
        self.keys_use_an_index()

    def the_index_answers(self):
        """Every endpoint, with its example; what has none need not be there."""
        asked = program.ask(self.service.http, "GET", "/", headers={"Accept": "application/json"})
        endpoints = asked.json["endpoints"]
        self.assertEqual(len(endpoints), len(self.made.endpoints))
        for of, index in zip(self.made.endpoints, endpoints, strict=True):
            of_path = [each for each in of["params"].values() if each.get("from") == "path"]
            has_example = all("example" in each for each in of_path)
            target = index["example"]["target"]
            answer = program.ask(self.service.http, "GET", target)
            self.assertIn(answer.status, (200,) if has_example else (200, 404), target)
            if has_example and of_path:
                self.assertNotIn(answer.json, ({"rows": []}, None), target)

    def what_it_printed_answers(self):
        tried = self.made.tried()
        self.assertEqual(len(tried), 2)
        self.assertTrue(self.rows(tried[0]), tried)
        self.assertTrue(self.get(tried[1]), tried)

    def keys_use_an_index(self):
        """But where SQLite knows from `analyze` that the table is as quickly read."""
        with contextlib.closing(sqlite3.connect(self.without_statistics())) as database:
            for each in self.made.endpoints:
                bound = dict.fromkeys(each["params"], 1)
                plan = database.execute("explain query plan " + each["sql"], bound).fetchall()
                if "where" in each["sql"]:
                    self.assertFalse([step for step in plan if step[3].startswith("SCAN")],
                                     f"{each['sql']}: {plan}")

    def without_statistics(self):
        """The database without what `analyze` left in it."""
        copy = self.made.folder / "without statistics.db"
        shutil.copy(self.made.database, copy)
        with contextlib.closing(sqlite3.connect(copy)) as database:
            for name, in database.execute("select name from sqlite_schema where name glob "
                                          "'sqlite_stat[0-9]'").fetchall():
                database.execute(f"drop table {name}")
            database.commit()
        return copy

    def all_pages(self, path, key, limit):
        """Follows `after` to the end."""
        found, after = [], ""
        while rows := self.rows(f"{path}?limit={limit}{after}"):
            found += rows
            self.assertLessEqual(len(rows), limit)
            after = "&after=" + urllib.parse.quote(str(rows[-1][key]), safe="")
        return found


# As `weir serve` leaves it.
REGISTRY = """set -e
examples/registry/load "$0"
cat examples/registry/migrations/*.sql | sqlite3 -batch -bail -init /dev/null "$0"
"""


class the_registry(with_service):
    def setUp(self):
        self.serve(["bash", "-c", REGISTRY])

    def test_is_listed_page_by_page(self):
        names = self.rows("/vendor?limit=2")
        self.assertEqual(list(names[0]), ["id", "prefix", "name", "address", "registry"])
        count = self.made.sql("select count(*) from vendor")[0][0]
        found = self.all_pages("/vendor", "id", 1000)
        self.assertEqual(len({row["id"] for row in found}), count)

    def test_has_rows_by_key_and_by_index(self):
        first = self.made.sql("select id, prefix from vendor order by id limit 1")[0]
        self.assertEqual(self.get(f"/vendor/{first[0]}")["prefix"], first[1])
        self.assertEqual(program.ask(self.service.http, "GET", "/vendor/0").status, 404)
        self.assertEqual(program.ask(self.service.http, "GET", "/vendor/x").status, 400)

    def test_serves_generated_columns_and_views_and_nothing_that_writes(self):
        paths = {each["path"] for each in self.made.endpoints}
        self.assertLessEqual({"/sighting", "/sighting/{id}", "/sighting/by-digits/{digits}",
                              "/sighting/by-key/{key}", "/seen"}, paths)
        self.assertEqual({each["method"] for each in self.made.endpoints}, {"GET"})
        listed = next(each for each in self.made.endpoints if each["name"] == "sighting.list")
        self.assertIn('"mac"', listed["sql"])


class installed_packages(with_service):
    def setUp(self):
        self.serve(dpkg)

    def test_have_a_key_of_two_columns(self):
        name, architecture, version = self.made.sql(
            "select name, architecture, version from package where name = 'libc6'")[0]
        self.assertEqual(self.get(f"/package/{name}/{architecture}")["version"], version)
        first, second = (self.rows(f"/package?limit=1&offset={n}")[0]["name"] for n in (0, 1))
        self.assertLess(first, second)

    def test_are_found_by_their_section(self):
        expected = self.made.sql("select count(*) from package where section = 'libs'")[0][0]
        found = self.rows("/package/by-section/libs?limit=1000")
        self.assertEqual(len(found), expected)

    def test_depend_on_others_and_are_numbered_where_they_have_no_key(self):
        expected = [row[0] for row in self.made.sql(
            "select rowid from dependency where depends_on = 'libc6' order by rowid")]
        found = self.all_pages("/dependency/by-depends_on/libc6", "rowid", 100)
        self.assertEqual([row["rowid"] for row in found], expected)
        row = self.get(f"/dependency/{expected[0]}")
        self.assertEqual(row["depends_on"], "libc6")

    def test_have_a_view(self):
        sizes = [row["installed_size"] for row in self.rows("/heavy?limit=5")]
        self.assertEqual(sizes, sorted(sizes, reverse=True))


class codes_of_countries(with_service):
    def setUp(self):
        self.serve(iso_codes)

    def test_are_found_by_what_is_unique(self):
        self.assertEqual(self.get("/_3166-1/by-alpha_3/CHE")["alpha_2"], "CH")
        self.assertEqual(self.get("/_639-3/by-alpha_3/gsw")["name"][:5], "Swiss")

    def test_are_listed_whole(self):
        expected = self.made.sql('select count(*) from "639-3"')[0][0]
        self.assertEqual(len(self.all_pages("/_639-3", "rowid", 1000)), expected)


class coordinate_systems(with_service):
    """Some fifty tables, of which many have keys of two columns, and views of views."""

    def test_are_in_every_table_and_view_and_found_by_authority_and_code(self):
        self.serve(["cp", "/usr/share/proj/proj.db"])
        there = self.made.sql("select name from sqlite_schema where type in ('table', 'view') "
                              "and name not like 'sqlite_%'")
        served = {each["path"] for each in self.made.endpoints}
        self.assertLessEqual({f"/{name[:40]}" for name, in there}, served)
        row = self.get("/geodetic_crs/EPSG/4326")
        self.assertEqual((row["name"], row["type"]), ("WGS 84", "geographic 2D"))
        units = self.made.sql("select count(*) from unit_of_measure")[0][0]
        self.assertEqual(len(self.rows("/unit_of_measure?limit=1000")), units)


REPOSITORY = """set -e
export HOME=$(mktemp --directory) USER=somebody
trap 'rm -r "$HOME"' EXIT
fossil init "$0"
mkdir "$HOME/work"
cp README.md LICENSE "$HOME/work"
cd "$HOME/work"
fossil open --keep "$0"
fossil add README.md LICENSE
fossil commit --no-warnings --comment "the first words"
"""


class a_fossil_repository(with_service):
    def setUp(self):
        self.serve(["bash", "-c", REPOSITORY])

    def test_tells_what_was_committed(self):
        said = [row["comment"] for row in self.rows("/event?limit=10")]
        self.assertIn("the first words", said)
        names = {row["name"] for row in self.rows("/filename?limit=10")}
        self.assertEqual(names, {"README.md", "LICENSE"})
        self.assertEqual(self.get("/filename/by-name/LICENSE")["name"], "LICENSE")


class an_archive(with_service):
    def test_of_the_sqlite3_program_is_served_by_name(self):
        def archive(database):
            name = database.execute("pragma database_list").fetchone()[2]
            subprocess.run(["sqlite3", name, ".archive --create src/base include/weir/base"],
                           check=True, cwd=program.SOURCE, timeout=program.WAIT)

        self.serve(archive)
        name = "src/base/README.md"
        row = self.get("/sqlar/" + urllib.parse.quote(name, safe=""))
        self.assertEqual(row["sz"], (program.SOURCE / name).stat().st_size)
        self.assertEqual(len(self.all_pages("/sqlar", "name", 7)),
                         self.made.sql("select count(*) from sqlar")[0][0])


class odd_names(with_service):
    def setUp(self):
        self.serve(lambda database: database.executescript(ODD))
        self.paths = {each["path"] for each in self.made.endpoints}

    def test_are_quoted_and_told_apart(self):
        self.assertLessEqual(
            {"/order", "/order/{group}", "/order/by-a-b-c-d-e/{a_b_c_d_e}", "/Gr-e-in-m",
             "/gr-e-in-m", "/Gr-e-in-m/by-column/{value}", "/_2024/{limit_2}/{after_2}",
             "/_2024/by-after/{after_2}", "/table", "/table/{rowid}", "/line-break"}, self.paths)
        self.assertEqual(self.get("/table/by-column/5"),
                         {"rowid": 1, "": 5, ":x": "colon", "?1": "question"})

    def test_of_values_do_not_matter(self):
        for value in ("a/b ?&#%+", "${HOME}"):
            row = self.get("/order/" + urllib.parse.quote(value, safe=""))
            self.assertEqual(row["group"], value)
        self.assertEqual([row["select"] for row in self.all_pages("/order", "group", 1)],
                         [4, 2, 3, 1])

    def test_do_not_hide_the_rows_number(self):
        self.assertEqual(self.rows("/keyless"),
                         [{"oid": 1, "rowid": "not a number", "_ROWID_": "neither"}])
        self.assertEqual(self.rows("/hidden_number"), [{"rowid": "1", "_rowid_": "2", "oid": "3"}])
        self.assertNotIn("/hidden_number/{rowid}", self.paths)

    def test_lead_to_every_row_whatever_its_key(self):
        self.assertEqual([row["id"] for row in self.all_pages("/sparse", "id", 1)],
                         [-2**63, 1, 2])
        self.assertEqual(self.rows("/blobs"), [{"k": "AP8="}])
        self.assertEqual(self.get("/blobs/AP8%3D"), {"k": "AP8="})
        self.assertEqual(self.get("/untyped/7"), {"k": 7, "v": None})
        self.assertEqual(self.rows("/words")[0]["word"], "hello")
        self.assertEqual(self.get("/without/only")["b"], 1)

    def test_serve_no_index_that_cannot_be_used_and_nothing_internal(self):
        self.assertFalse([path for path in self.paths if path.startswith("/sparse/by-")])
        self.assertFalse([path for path in self.paths
                          if re.match(r"/(sqlite_|words_|weir_migration)", path)])
        self.assertNotIn("/broken", self.paths)
        self.assertIn("# Left out: broken: ", self.made.text)
        self.assertIn("left out: broken: ", self.made.ended.stderr)


class an_init(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(program_folder()))

    def init(self, *words):
        return program.run("init", *words, cwd=self.folder)

    def fill(self, script):
        with contextlib.closing(sqlite3.connect(self.folder / "x.db")) as database:
            database.executescript(script)
        program.give_to_nobody(self.folder / "x.db")

    def test_does_not_overwrite(self):
        self.fill("create table t (id integer primary key)")
        (self.folder / "weir.toml").write_text("mine")
        ended = self.init("sqlite:x.db")
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertIn("weir.toml: it is there already; --output names another", ended.stderr)
        self.assertEqual((self.folder / "weir.toml").read_text(), "mine")

    def test_writes_where_it_is_told(self):
        self.fill("create table t (id integer primary key); insert into t values (1)")
        before = (self.folder / "x.db").read_bytes()
        (self.folder / "below").mkdir()
        program.give_to_nobody(self.folder / "below")
        ended = self.init("sqlite:x.db", "--output", "below/a.toml")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertRegex(ended.stdout, r"serve below/a\.toml\n")
        self.assertEqual(program.run("check", self.folder / "below/a.toml").returncode, 0)
        piped = self.init("sqlite:x.db", "-o", "-")
        self.assertEqual(tomllib.loads(piped.stdout)["database"]["url"], "sqlite:x.db")
        self.assertIn("curl 'http://127.0.0.1:8080/t/1'\n", piped.stderr)
        self.assertEqual((self.folder / "x.db").read_bytes(), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["below", "x.db"])

    def test_tells_editors_the_schema_where_it_is_installed(self):
        self.fill("create table t (id integer primary key)")
        for folder in ("prefix", "pre fix\nin two lines"):
            prefix = self.folder / folder
            (prefix / "bin").mkdir(parents=True)
            shutil.copy(program.BINARY, prefix / "bin/weir")
            schema = prefix / "share/weir/config.schema.json"
            self.assertNotIn("#:schema", self.written_by(prefix / "bin/weir"))
            schema.parent.mkdir(parents=True)
            shutil.copy(program.SOURCE / "docs/config.schema.json", schema)
            first = self.written_by(prefix / "bin/weir").splitlines()[0]
            self.assertEqual(first == f"#:schema {schema.resolve()}", folder == "prefix", first)

    def written_by(self, binary):
        ended = subprocess.run([binary, "init", "sqlite:x.db", "-o", "-"], cwd=self.folder,
                               text=True, capture_output=True, timeout=program.WAIT)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(list(tomllib.loads(ended.stdout)),
                         ["database", "http", "frames", "admin", "endpoint"])
        return ended.stdout

    @unittest.skipUnless(os.geteuid() == 0, "needs to be root")
    def test_tells_root_that_somebody_else_is_to_serve(self):
        self.fill("create table t (id integer primary key)")
        environment = {key: value for key, value in os.environ.items() if key != "SUDO_USER"}
        for sudo, said in (({}, True), ({"SUDO_USER": "nobody"}, False)):
            ended = subprocess.run(
                [program.BINARY, "init", "sqlite:x.db", "-o", "-"], cwd=self.folder, text=True,
                capture_output=True, timeout=program.WAIT, env=environment | sudo)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual("service.user" in ended.stderr, said, ended.stderr)

    def test_says_what_there_is_nothing_to_make_of(self):
        self.fill("create table sqlar_to_be (x); drop table sqlar_to_be")
        (self.folder / "text.db").write_text("no database at all, " * 100)
        program.give_to_nobody(self.folder / "text.db")
        for url, why in (("sqlite:x.db", "there is no table or view to serve"),
                         ("sqlite:none.db", "no such file"), ("x.db", "does not begin with"),
                         ("sqlite:text.db", "not a database"),
                         ("postgresql://a/b", "does not begin with sqlite:")):
            ended = self.init(url)
            self.assertEqual((ended.returncode, ended.stdout), (1, ""), url)
            self.assertIn(why, ended.stderr)
        self.assertEqual(sorted(os.listdir(self.folder)), ["text.db", "x.db"])
        self.assertEqual(self.init().returncode, 2)


if __name__ == "__main__":
    unittest.main()
