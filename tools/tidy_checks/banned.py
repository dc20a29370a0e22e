"""Words that are not written here, each with what is written instead."""

import re
from dataclasses import dataclass

LIBRARY = ("include", "src", "app")
EVERYWHERE = ("include", "src", "app", "tests", "examples", "bench", "fuzz", "docs")
# Only what runs below the engine's seam may ask the operating system for time, chance or threads.
_ABOVE_IO = re.compile(r"(?:include/weir|src)/(?!base/|io/)")


@dataclass(frozen=True)
class Ban:
    pattern: re.Pattern
    instead: str
    areas: tuple = EVERYWHERE
    headers_only: bool = False
    where: re.Pattern | None = None

    def covers(self, source):
        if source.area not in self.areas or (self.headers_only and not source.is_header):
            return False
        return self.where is None or bool(self.where.match(source.path))


BANS = {
    "detach": Ban(
        re.compile(r"\bdetach\s*\("),
        "spawn it in a task_scope, join the thread: what nobody waits for outlives what it uses",
    ),
    "goto": Ban(re.compile(r"\bgoto\b"), "return early, or give the loop a function of its own"),
    "using-namespace": Ban(
        re.compile(r"\busing\s+namespace\b"),
        "name what you use: a header's using reaches all that include it",
        headers_only=True,
    ),
    "thread_local": Ban(
        re.compile(r"\bthread_local\b"),
        "hang it on the loop: a task may not find the same thread after co_await",
    ),
    "sleep": Ban(
        re.compile(r"\bthis_thread::sleep_\w+|\b(?:usleep|nanosleep)\s*\("),
        "step a loop with a virtual clock, or wait for the event itself with a deadline",
        areas=("tests", "examples", "include", "src", "app"),
    ),
    "singleton": Ban(
        re.compile(
            r"\bstatic\s+[\w:<>, ]+&\s*(?:get_)?(?:instance|singleton|global)\b"
            r"|\bstatic\s+(?!const|constexpr|inline)[\w:<>, ]+\s\w+(?:\{[^;]*\}|\([^;]*\))?\s*;"
            r"\s*return\s+\w+\s*;"
        ),
        "let the service own it and pass it in: two services in one process share nothing",
        areas=LIBRARY,
    ),
    "operating-system": Ban(
        re.compile(
            r"\b(?:steady_clock|system_clock|high_resolution_clock)::now\b|\brandom_device\b"
            r"|\bstd::j?thread\b(?!::)|(?<![\w>.])::(?:socket|clock_gettime|getrandom)\s*\("
        ),
        "ask the loop or the runtime: what goes past the engine cannot be simulated",
        areas=("include", "src"),
        where=_ABOVE_IO,
    ),
}
_LEFT_BEHIND = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

RULES = {name: ban.instead for name, ban in BANS.items()} | {
    "left-behind": "do it, or open an issue: nobody reads such notes",
}


def check(project):
    for source in project.sources:
        if source.is_code:
            for number, line in enumerate(source.lines, 1):
                if _LEFT_BEHIND.search(line):
                    yield source.finding(number, "left-behind", RULES["left-behind"])
        if source.is_cpp:
            yield from _banned(source)


def _banned(source):
    for name, ban in BANS.items():
        if ban.covers(source):
            for match in ban.pattern.finditer(source.masked):
                line = source.line_of(match.start())
                yield source.finding(line, name, ban.instead)
