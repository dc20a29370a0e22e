#!/usr/bin/env python3
"""C++ on a page is what is built: what stands below `<!-- from FILE -->` is that file, and no block
goes without that line, or without `<!-- a sketch -->`, which says that nobody builds it."""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("app", "docs", "examples", "src")
BLOCK = re.compile(r"(?:^<!-- (?P<marker>[^\n]*) -->\n)?"
                   r"^[ \t]*```(?P<language>[^\n]*)\n(?P<code>.*?)^[ \t]*```$",
                   re.DOTALL | re.MULTILINE)
CPP = ("cpp", "c++", "cxx", "hpp")


def wrong_in(name, text):
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("language")) + 1
        marker = block["marker"] or ""
        if marker.startswith("from "):
            file = ROOT / marker.removeprefix("from ")
            if not file.is_file() or block["code"] != file.read_text():
                yield f"{name}:{line}: the block {marker} is not that file any more"
        elif block["language"].lower().startswith(CPP) and marker != "a sketch":
            yield f"{name}:{line}: no <!-- from FILE --> and no <!-- a sketch --> above the block"


class Pages(unittest.TestCase):
    def test_show_code_that_is_built(self):
        pages = list(ROOT.glob("*.md"))
        for folder in FOLDERS:
            pages += sorted((ROOT / folder).rglob("*.md"))
        wrong = [said for page in pages
                 for said in wrong_in(page.relative_to(ROOT), page.read_text())]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


class Check(unittest.TestCase):
    def lines(self, text):
        return [int(said.split(":")[1]) for said in wrong_in("page", text)]

    def test_finds_code_without_a_marker(self):
        self.assertEqual(self.lines("# It\n\n```cpp\nint x;\n```\n"), [3])
        self.assertEqual(self.lines("<!-- a sketch -->\n\n```cpp\nint x;\n```\n"), [3])
        self.assertEqual(self.lines("```sh\nls\n```\n\n- it:\n\n  ```C++\n  int x;\n  ```\n"), [7])

    def test_finds_code_that_is_not_its_file(self):
        here = Path(__file__).relative_to(ROOT)
        self.assertEqual(self.lines(f"<!-- from {here} -->\n```cpp\nint x;\n```\n"), [2])
        self.assertEqual(self.lines("<!-- from nowhere.cpp -->\n```cpp\nint x;\n```\n"), [2])

    def test_takes_a_sketch_and_what_is_no_cpp(self):
        self.assertEqual(self.lines("<!-- a sketch -->\n```cpp\nint x;\n```\n"), [])
        self.assertEqual(self.lines("```sh\nls\n```\n"), [])


if __name__ == "__main__":
    unittest.main()
