"""Files as the checks see them: text, text without comments and strings, include lines."""

import functools
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

CPP = {".hpp", ".cpp", ".h", ".cc"}
CODE = CPP | {".py", ".sh", ".cmake", ".toml", ".sql", ".yml", ".yaml"}
SKIPPED = {"build", ".git", "node_modules", "__pycache__", ".cache"}

_LITERALS = re.compile(
    r'(?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\ \n]{0,16})\((?:.|\n)*?\)(?P=mark)")'
    r"|(?P<comment>//[^\n]*|/\*(?:.|\n)*?\*/)"
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<number>(?<![\w.])\.?\d(?:'?[\w.])*)"
    r"|(?P<char>'(?:\\.|[^'\\\n])+')"
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\(?:.|\n))*", re.MULTILINE)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]', re.MULTILINE)
_NOT_NEWLINE = re.compile(r"[^\n]")


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    rule: str
    said: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.said}"


def _blank(text):
    return _NOT_NEWLINE.sub(" ", text)


def _mask(match):
    found = match.group()
    if match.lastgroup == "number" or match.group("number"):
        return found
    if match.group("comment"):
        return _blank(found)
    return '"' + _blank(found[1:-1]) + '"'


class Source:
    """One file. Text that is not C++ has no masked text."""

    def __init__(self, root, path):
        self.path = path
        self.file = root / path
        self.name = os.path.basename(path)
        self.suffix = os.path.splitext(path)[1]
        self.area = path.split("/", 1)[0]
        self.text = self.file.read_text(encoding="utf-8", errors="replace")
        self.lines = self.text.splitlines()

    @property
    def is_cpp(self):
        return self.suffix in CPP

    @property
    def is_header(self):
        return self.suffix in {".hpp", ".h"}

    @property
    def is_script(self):
        return self.text.startswith("#!")

    @property
    def is_code(self):
        return self.suffix in CODE or self.is_script or self.name == "CMakeLists.txt"

    @property
    def is_executable(self):
        return bool(self.file.stat().st_mode & stat.S_IXUSR)

    @functools.cached_property
    def masked(self):
        return _LITERALS.sub(_mask, self.text)

    @functools.cached_property
    def statements(self):
        """Masked text without preprocessor lines."""
        return _DIRECTIVE.sub(lambda match: _blank(match.group()), self.masked)

    @functools.cached_property
    def includes(self):
        """(line, '<' or '"', what) for each include."""
        return [
            (self.line_of(match.start(1)), match.group(1), match.group(2))
            for match in _INCLUDE.finditer(self.text)
        ]

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def finding(self, line, rule, said):
        return Finding(self.path, line, rule, said)


class Project:
    """All files under a root that are text and ours."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.sources = [Source(self.root, path) for path in self._paths() if self._wanted(path)]
        self.by_path = {source.path: source for source in self.sources}

    def _paths(self):
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED)
            for name in sorted(files):
                full = Path(folder) / name
                if not full.is_symlink():
                    yield full.relative_to(self.root).as_posix()

    def _wanted(self, path):
        suffix = os.path.splitext(path)[1]
        if suffix in CODE or path.endswith("CMakeLists.txt"):
            return True
        if suffix:
            return False
        with open(self.root / path, "rb") as file:
            return file.read(2) == b"#!"

    @property
    def cpp(self):
        return (source for source in self.sources if source.is_cpp)
