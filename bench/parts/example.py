"""The example, served by the program as it is shipped: only file, ports and user are its own."""
import os
import re
import shutil
import subprocess
import sys
import time
import typing

from .servers import BIN, ROOT, Server

EXAMPLE = ROOT / "examples" / "registry"


def build_database(path):
    subprocess.run([EXAMPLE / "load", path], check=True, stdout=subprocess.DEVNULL)


class Setting(typing.NamedTuple):
    keys: str = ""  # further ones of the table [database]
    engine: str = "auto"
    under: typing.Callable = lambda command: command  # what runs the program


def configure(database, config, setting):
    text = (EXAMPLE / "weir.toml").read_text()
    text = re.sub(r'url = "sqlite:[^"]*"', f'url = "sqlite:{database}"\n{setting.keys}', text)
    text = text.replace('migrations = "', f'migrations = "{EXAMPLE}/')
    text = re.sub(r'listen = "127\.0\.0\.1:\d+"', 'listen = "127.0.0.1:0"', text)
    text = f'service.engine = "{setting.engine}"\n' + text
    if os.geteuid() == 0:  # whom the program does not serve as
        text = 'service.user = "nobody"\n' + text
        for path in (database.parent, database):
            shutil.chown(path, "nobody")
    config.write_text(text)


class Example(Server):
    def __init__(self, name, database, setting=Setting()):
        config = database.parent / f"{name}.toml"
        configure(database, config, setting)
        self.log = open(database.parent / f"{name}.log", "w+", encoding="utf-8")
        super().__init__(name, setting.under([BIN / "weir", "serve", config]), stderr=self.log)
        self.port, self.frames, self.admin = self.wait_until(self._ports)

    def _ports(self):
        deadline = time.monotonic() + 10
        while True:
            self.log.seek(0)
            text = self.log.read()
            ports = re.findall(r"listening on \S+:(\d+)", text)
            if len(ports) == 3:
                return [int(port) for port in ports]
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit(f"{self.name} did not start: {text}")
            time.sleep(0.02)

    def stop(self):
        super().stop()
        self.log.close()
