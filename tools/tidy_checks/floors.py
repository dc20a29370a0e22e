"""Who may include whom: docs/ARCHITECTURE.md's floors, as a table.

A room's headers and sources are those its weir_room() names in src/*/CMakeLists.txt. CMake already
keeps a room from seeing headers it does not link to; this says that what it links to is below it.
"""

import posixpath
import re

FLOORS = {
    "base": 0,
    "task": 1,
    "metrics": 1,
    "frame_codec": 1,
    "frame_client_machine": 1,
    "http_machine": 1,
    "db_text": 1,
    "io": 2,
    "flow": 2,
    "tls": 2,
    "sim_engine": 2,
    "net": 3,
    "pool": 3,
    "json": 3,
    "call": 4,
    "http": 4,
    "frame": 4,
    "db": 4,
    "service": 5,
    "sim_world": 5,
    "app": 6,
}
# The program's own folders, from the ground up.
APP_FLOORS = {"config": 0, "data": 1, "api": 2, "serve": 3, "init": 3, "call": 3, "load": 3}
# Along one floor, where one room implements a seam of the other.
SIDEWAYS = {("sim_engine", "io"), ("tls", "io")}
# Below, and none of their business all the same.
FORBIDDEN = [("pool", re.compile(r"io/(?!loop|runtime|blocking)"), "a pool knows no sockets")]

RULES = {
    "floor": "include only rooms on floors below: move the shared part down, or pass it in",
    "sans-io": "a sans-I/O room includes only base and the standard library",
    "app-folder": "a folder of app/ includes only those below it: move the shared part down",
    "room": "name the file in a weir_room() of src/*/CMakeLists.txt, and the room in FLOORS",
    "os-header": "a public header includes the standard library and weir/ only: hide it in a .cpp",
    "iostream": "fmt to format, spdlog to log; streams cost compile time and hide errors",
}
_SANS_IO = {"frame_codec", "frame_client_machine", "http_machine", "db_text"}
_ROOM = re.compile(r"weir_room\(\s*(\w+)([^)]*)\)")
_STREAMS = {"iostream", "sstream", "fstream", "ostream", "istream", "iomanip", "strstream"}
_STANDARD = re.compile(r"[a-z_]+$")
_LIBRARY = {"include", "src"}


class Plan:
    """Which room each file belongs to."""

    def __init__(self, project):
        self.project = project
        self.rooms = {}  # path -> room
        self.named_in = {}  # room -> (source, line)
        for source in project.sources:
            if source.area in ("src", "app") and source.name == "CMakeLists.txt":
                self._read(source)

    def _read(self, source):
        folder = posixpath.dirname(source.path)
        text = re.sub(r"#[^\n]*", lambda match: " " * len(match.group()), source.text)
        for match in _ROOM.finditer(text):
            room, section = match.group(1), None
            self.named_in[room] = (source, source.line_of(match.start()))
            for word in match.group(2).split():
                if word in ("HEADERS", "SOURCES", "DEPS", "LIBRARIES"):
                    section = word
                elif section == "HEADERS":
                    self.rooms[f"include/weir/{word}"] = room
                elif section == "SOURCES":
                    self.rooms[posixpath.normpath(f"{folder}/{word}")] = room

    def room_of(self, source):
        return "app" if source.area == "app" else self.rooms.get(source.path)

    def included(self, source, seen=None):
        """(line, public header) of a source, through private headers of its own folder."""
        seen = set() if seen is None else seen
        for line, quote, what in source.includes:
            if what.startswith("weir/"):
                yield line, f"include/{what}"
            elif quote == '"':
                path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), what))
                private = self.project.by_path.get(path)
                if private is not None and path not in seen:
                    seen.add(path)
                    yield from ((line, header) for _, header in self.included(private, seen))


def check(project):
    plan = Plan(project)
    for room, (source, line) in plan.named_in.items():
        if room not in FLOORS:
            yield source.finding(line, "room", f"{room} has no floor; {RULES['room']}")
    for source in project.cpp:
        yield from _streams(source)
        if source.area == "include":
            yield from _public(source)
        if source.area in _LIBRARY or source.area == "app":
            yield from _edges(plan, source)
        if source.area == "app":
            yield from _app_edges(source)


def _streams(source):
    if source.area in _LIBRARY:
        for line, quote, what in source.includes:
            if quote == "<" and what in _STREAMS:
                yield source.finding(line, "iostream", f"<{what}>; {RULES['iostream']}")


def _public(source):
    for line, quote, what in source.includes:
        standard = quote == "<" and _STANDARD.match(what)
        if not standard and not (quote == '"' and what.startswith("weir/")):
            yield source.finding(line, "os-header", f"{what}; {RULES['os-header']}")


def _edges(plan, source):
    room = plan.room_of(source)
    if room is None:
        if source.area == "include" or source.suffix == ".cpp":
            yield source.finding(1, "room", f"belongs to no room; {RULES['room']}")
        return
    for line, header in plan.included(source):
        other = plan.rooms.get(header)
        if other is None or other == room or room not in FLOORS or other not in FLOORS:
            continue
        said = _wrong(room, other, header)
        if said:
            rule = "sans-io" if room in _SANS_IO else "floor"
            yield source.finding(line, rule, f"{said}; {RULES[rule]}")


def _app_edges(source):
    folder = _app_folder(source.path)
    for line, _, what in source.includes:
        other = _app_folder(what)
        if other is None or folder is None or other == folder:
            continue
        if APP_FLOORS.get(other, -1) >= APP_FLOORS.get(folder, -1):
            said = f"app/{folder} includes app/{other}"
            yield source.finding(line, "app-folder", f"{said}; {RULES['app-folder']}")


def _app_folder(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "app" and len(parts) == 3 else None


def _wrong(room, other, header):
    if room in _SANS_IO and other != "base":
        return f"{room} includes {other}"
    if FLOORS[other] >= FLOORS[room] and (room, other) not in SIDEWAYS:
        return f"{room} (floor {FLOORS[room]}) includes {other} (floor {FLOORS[other]})"
    for who, what, why in FORBIDDEN:
        if who == room and what.match(header.removeprefix("include/weir/")):
            return f"{room} includes {header}: {why}"
    return None
