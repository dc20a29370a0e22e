#!/usr/bin/env python3
"""Code in README and docs is what is built: each block below `<!-- from FILE -->` is that file."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MARKED = re.compile(r"<!-- from (?P<file>[^ ]+) -->\n```\w+\n(?P<code>.*?)```", re.DOTALL)


def main():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = [(page, found) for page in pages for found in MARKED.finditer(page.read_text())]
    stale = [f"{page.relative_to(ROOT)}: the block from {found['file']} is not that file any more"
             for page, found in blocks if found["code"] != (ROOT / found["file"]).read_text()]
    print("\n".join(stale) or f"{len(blocks)} blocks are the files they name")
    sys.exit(1 if stale or not blocks else 0)


if __name__ == "__main__":
    main()
