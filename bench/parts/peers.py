"""The servers that the program is compared with: their sources, how each is built and started."""
import os
import shutil
import subprocess
import typing
from pathlib import Path

from .servers import ROOT

SOURCES = ROOT / "bench" / "peers"
BUILT = ROOT / "build" / "peers"
DEBIAN_ONLY = {**os.environ, "PATH": "/usr/bin:/bin"}  # not what else is installed


class Peer(typing.NamedTuple):
    name: str
    source: Path
    comment: str
    command: typing.Callable  # of the database and the port


def run(command, folder, **environment):
    subprocess.run(list(map(str, command)), cwd=folder, check=True, stdout=subprocess.DEVNULL,
                   env={**DEBIAN_ONLY, **environment})


def build_hyper():
    run(["cargo", "build", "--release", "--offline", "--quiet",
         "--target-dir", BUILT / "hyper"], SOURCES / "hyper")


def build_go():
    run(["go", "build", "-tags", "libsqlite3", "-o", BUILT / "go" / "vendors"], SOURCES / "go",
        GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=str(BUILT / "go" / "cache"))


def build_node():
    """better-sqlite3 comes as source from npm, and is compiled against the headers of this Node."""
    folder = BUILT / "node"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCES / "node" / "main.js", folder)
    module = folder / "node_modules" / "better-sqlite3"
    if (module / "build" / "Release" / "better_sqlite3.node").exists():
        return
    shutil.copy(SOURCES / "node" / "package.json", folder)
    run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], folder)
    run(["npm", "run", "build-release", "--silent"], module, npm_config_nodedir="/usr")


def build():
    groups = ["run", "bench-peers"] + ([] if shutil.which("npm") else ["bench-node"])
    subprocess.run([ROOT / "tools" / "setup", *groups], check=True)
    for step in (build_hyper, build_go, build_node):
        step()


def all_peers():
    rust, vendors = SOURCES / "hyper" / "src" / "main.rs", BUILT / "hyper" / "release" / "vendors"
    python, node = SOURCES / "fastapi" / "main.py", BUILT / "node" / "main.js"
    return [
        Peer("hyper", rust, "//", lambda database, port: [vendors, database, port]),
        Peer("hyper inline", rust, "//",
             lambda database, port: [vendors, database, port, "inline"]),
        Peer("go", SOURCES / "go" / "main.go", "//",
             lambda database, port: [BUILT / "go" / "vendors", database, port]),
        Peer("node", SOURCES / "node" / "main.js", "//",
             lambda database, port: ["/usr/bin/node", node, database, port]),
        Peer("fastapi", python, "#",
             lambda database, port: ["/usr/bin/python3", python, database, port]),
    ]


def lines_of_code(text, comment):
    """Neither empty lines nor those that only comment."""
    lines = (line.strip() for line in text.splitlines())
    return sum(1 for line in lines if line and not line.startswith((comment, '"""')))
