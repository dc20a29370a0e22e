"""What keeps the house in order besides its code."""

import posixpath

RULES = {
    "room-readme": "a room has a README.md: purpose, invariants, files in reading order",
    "executable": "a file that starts with #! is executable, and only such a file: chmod +x, -x",
}


def check(project):
    for source in project.sources:
        if source.name == "CMakeLists.txt" and source.area == "src":
            yield from _readme(project, source)
        if source.is_script != source.is_executable:
            yield source.finding(1, "executable", RULES["executable"])
        elif source.suffix == ".sh" and not source.is_script:
            yield source.finding(1, "executable", RULES["executable"])


def _readme(project, source):
    folder = posixpath.dirname(source.path)
    readme = project.root / folder / "README.md"
    if "weir_room(" in source.text and not (readme.is_file() and readme.stat().st_size > 0):
        yield source.finding(1, "room-readme", f"{folder}: {RULES['room-readme']}")
