"""What keeps the house in order besides its code."""

import posixpath

RULES = {
    "far-lambda-rule": "include weir/base/lambda_rule.hpp ahead of what leads to it: compilers"
    " print that way first, and a mistake is to show within their first five lines",
    "room-readme": "a room has a README.md: purpose, invariants, files in reading order",
    "executable": "a file that starts with #! is executable, and only such a file: chmod +x, -x",
}


_LAMBDA_RULE = "include/weir/base/lambda_rule.hpp"
_LONGEST_WAY = 4  # lines, one for each file


def check(project):
    yield from _far_lambda_rule(project)
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


def _far_lambda_rule(project):
    headers = {source.path: source for source in project.cpp
               if source.path.startswith("include/weir/")}
    for source in headers.values():
        way = _way_to_lambda_rule(headers, source.path, set())
        if len(way) > _LONGEST_WAY:
            yield source.finding(1, "far-lambda-rule", RULES["far-lambda-rule"])


def _way_to_lambda_rule(headers, path, seen):
    """The files through which a compiler comes to it first; none where it never does."""
    if path == _LAMBDA_RULE:
        return [path]
    if path in seen or path not in headers:
        return []
    seen.add(path)
    for _, _, what in headers[path].includes:
        if way := _way_to_lambda_rule(headers, f"include/{what}", seen):
            return [path, *way]
    return []
