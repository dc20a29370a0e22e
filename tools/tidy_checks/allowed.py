"""Exceptions to the rules, each with its reason. One that is no longer used is a finding."""

from dataclasses import dataclass

RULES = {"unused-exception": "remove it from tools/tidy_checks/allowed.py: nothing needs it"}


@dataclass(frozen=True)
class Allowed:
    rule: str
    path: str
    text: str  # part of the line
    reason: str


ALLOWED = [
    Allowed(
        "os-header",
        "include/weir/base/asan.hpp",
        "sanitizer/asan_interface.h",
        "the compiler's own, and only in a build with AddressSanitizer",
    ),
    Allowed(
        "thread_local",
        "include/weir/task/frame_pool.hpp",
        "in_use_",
        "a promise's operator new takes no argument of ours; a loop sets it around each turn",
    ),
    Allowed(
        "thread_local",
        "src/task/frame_pool.cpp",
        "in_use_",
        "what the header declares",
    ),
    Allowed(
        "thread_local",
        "src/db/resident_reads.cpp",
        "only_resident",
        "a system call that SQLite makes takes no argument of ours; no co_await comes in between",
    ),
    Allowed(
        "thread_local",
        "src/frame/view_ledger.cpp",
        "entries",
        "a view knows no loop, and only debug builds ask; no co_await comes in between",
    ),
    Allowed(
        "thread_local",
        "src/base/fence.cpp",
        "outermost",
        "a destructor that gives memory back takes no argument; no co_await comes in between",
    ),
    Allowed(
        "singleton",
        "src/db/resident_reads.cpp",
        "static resident_vfs only",
        "SQLite's table of system calls and its list of VFSs are the process's",
    ),
    Allowed(
        "parameters",
        "src/db/sqlite_script.cpp",
        "refuse_transactions",
        "SQLite calls it, with six arguments",
    ),
    Allowed(
        "detach",
        "src/io/blocking.cpp",
        "worker->thread.detach()",
        "a deadline abandons blocking work, which owns its arguments; exit does not wait for it",
    ),
    Allowed(
        "reference-parameter",
        "src/io/loop.cpp",
        "const auto root",
        "run() holds both, and does not return before the task has ended",
    ),
    Allowed(
        "reference-parameter",
        "src/sim/stepper.cpp",
        "const auto keep",
        "run() holds it, and does not return before the task has ended",
    ),
    Allowed(
        "reference-parameter",
        "src/service/run.cpp",
        "task<> keep(",
        "run() holds it, and does not return before the task has ended",
    ),
    Allowed(
        "operating-system",
        "src/service/signals.hpp",
        "std::jthread",
        "signals need a thread of their own; run() is the shell that the simulation leaves out",
    ),
    Allowed(
        "operating-system",
        "src/service/signals.cpp",
        "std::jthread",
        "signals need a thread of their own; run() is the shell that the simulation leaves out",
    ),
    Allowed(
        "operating-system",
        "src/service/loop_watch.hpp",
        "std::jthread",
        "who watches loops is on none of them; run() is what the simulation leaves out",
    ),
    Allowed(
        "operating-system",
        "src/service/loop_watch.cpp",
        "std::jthread",
        "who watches loops is on none of them; run() is what the simulation leaves out",
    ),
    Allowed(
        "capturing-lambda-coroutine",
        "tests/mistakes/capturing_lambda_after_database_must_not_compile.cpp",
        "[&served]",
        "the mistake that the compiler is to name",
    ),
    Allowed(
        "capturing-lambda-coroutine",
        "tests/mistakes/capturing_lambda_spawned_must_not_compile.cpp",
        "[&served]",
        "the mistake that the compiler is to name",
    ),
    Allowed(
        "capturing-lambda-coroutine",
        "tests/mistakes/capturing_lambda_listens_must_not_compile.cpp",
        "[&served]",
        "the mistake that the compiler is to name",
    ),
    Allowed(
        "capturing-lambda-coroutine",
        "tests/mistakes/capturing_lambda_routed_must_not_compile.cpp",
        "[&served]",
        "the mistake that the compiler is to name",
    ),
    Allowed(
        "braces-in-co_await",
        "tests/toolchain/temporaries_test.cpp",
        "",
        "the probe of that very bug",
    ),
    Allowed(
        "co_await-in-conditional",
        "tests/toolchain/temporaries_test.cpp",
        "",
        "the probe of that very construct",
    ),
    Allowed(
        "parameters",
        "bench/micro/http_parse_bench.cpp",
        "on_request_impl",
        "Beast calls it, with five arguments",
    ),
    Allowed(
        "parameters",
        "tests/db/failing_vfs.hpp",
        "static int open(",
        "SQLite's own signature",
    ),
    Allowed(
        "parameters",
        "tests/support/ring_faults.cpp",
        "io_uring_submit_and_wait_timeout(",
        "liburing's own signature",
    ),
]


def apply(project, findings):
    """The findings that no exception covers, and the exceptions that cover none."""
    used = set()
    for finding in findings:
        match = _match(project, finding)
        if match is None:
            yield finding
        else:
            used.add(match)
    own = project.by_path.get("tools/tidy_checks/allowed.py")
    for exception in ALLOWED:
        if own is not None and exception not in used:
            said = f"{exception.rule} in {exception.path}; {RULES['unused-exception']}"
            yield own.finding(1, "unused-exception", said)


def _match(project, finding):
    source = project.by_path[finding.path]
    line = source.lines[finding.line - 1] if finding.line <= len(source.lines) else ""
    for exception in ALLOWED:
        if exception.rule == finding.rule and exception.path == finding.path:
            if exception.text in line:
                return exception
    return None
