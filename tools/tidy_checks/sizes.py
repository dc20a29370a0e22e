"""How long a file, a function, a line and a parameter list may be."""

import ast

from . import tree

FILE_LINES = 500
FUNCTION_LINES = 70
LINE_LENGTH = 100
PARAMETERS = 4
# Long strings of data have no good place to break; its comments have.
_DATA = {".toml": "#", ".sql": "--", ".yml": "#", ".yaml": "#"}

RULES = {
    "file-length": f"a file has at most {FILE_LINES} lines: one noun a file, move another out",
    "function-length": f"a function has at most {FUNCTION_LINES} lines: give its parts names",
    "line-length": f"a line has at most {LINE_LENGTH} characters: run clang-format, break strings",
    "parameters": f"at most {PARAMETERS} parameters: the rest into an options struct with defaults",
}


def check(project):
    for source in project.sources:
        if source.is_code:
            yield from _lines(source)
        if source.is_cpp:
            yield from _cpp_functions(source)
        elif source.suffix == ".py" or "python" in "".join(source.lines[:1]):
            yield from _python_functions(source)


def _lines(source):
    if len(source.lines) > FILE_LINES:
        said = f"{len(source.lines)} lines; {RULES['file-length']}"
        yield source.finding(FILE_LINES + 1, "file-length", said)
    if _is_migration(source):
        return
    begins = _DATA.get(source.suffix, "")
    for number, line in enumerate(source.lines, 1):
        if len(line) > LINE_LENGTH and line.lstrip().startswith(begins):
            said = f"{len(line)} characters; {RULES['line-length']}"
            yield source.finding(number, "line-length", said)


def _is_migration(source):
    """A database keeps the text of each that it had, and refuses one that was wrapped anew."""
    return source.suffix == ".sql" and "migrations" in source.path.split("/")


def _too_long(source, name, line, lines):
    if lines > FUNCTION_LINES:
        said = f"{name} has {lines} lines; {RULES['function-length']}"
        yield source.finding(line, "function-length", said)


def _too_many(source, name, line, count):
    if count > PARAMETERS:
        said = f"{name} takes {count}; {RULES['parameters']}"
        yield source.finding(line, "parameters", said)


def _cpp_functions(source):
    root = tree.tree_of(source)
    for function in tree.definitions(root):
        yield from _too_long(source, function.name, function.line, function.lines)
        yield from _too_many(source, function.name, function.line, len(function.parameters()))
    for function in tree.declarations(root):
        yield from _too_many(source, function.name, function.line, len(function.parameters()))


def _python_functions(source):
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            count = len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)
            own = [arg for arg in node.args.args[:1] if arg.arg in ("self", "cls")]
            yield from _too_long(source, node.name, node.lineno, length)
            yield from _too_many(source, node.name, node.lineno, count - len(own))
