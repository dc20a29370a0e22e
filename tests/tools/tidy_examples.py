"""Code that tools/tidy must catch, each rule at least once, and code that it must not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bad:
    rule: str
    files: dict  # path -> text; a path that ends in +x is made executable
    at: list  # (path, line) of each finding
    name: str = ""


def in_test(rule, text, *lines):
    """A bad example in one test file, where no room and no header rule applies."""
    path = "tests/x_test.cpp"
    return Bad(rule, {path: text}, [(path, line) for line in lines], f"{rule}: {text[:60]!r}")


def in_library(rule, text, *lines):
    """The same in a room's header."""
    path = "include/weir/net/x.hpp"
    files = {path: text, **room("net", "HEADERS net/x.hpp")}
    return Bad(rule, files, [(path, line) for line in lines], f"{rule}: {text[:60]!r}")


def room(name, words, folder=None):
    folder = f"src/{folder or name}"
    return {
        f"{folder}/CMakeLists.txt": f"weir_room({name}\n  {words})\n",
        f"{folder}/README.md": "# It\n",
    }


def rooms(*parts):
    files = {}
    for part in parts:
        for path, text in part.items():
            files[path] = files.get(path, "") + text
    return files


NET_INCLUDES_SERVICE = rooms(
    room("net", "HEADERS net/x.hpp SOURCES x.cpp"),
    room("service", "HEADERS service/y.hpp"),
    {
        "include/weir/net/x.hpp": "#pragma once\n",
        "include/weir/service/y.hpp": "#pragma once\n",
        "src/net/x.cpp": '#include "weir/net/x.hpp"\n#include "weir/service/y.hpp"\n',
    },
)
THROUGH_A_PRIVATE_HEADER = rooms(
    NET_INCLUDES_SERVICE,
    {"src/net/detail.hpp": '#include "weir/service/y.hpp"\n'},
) | {"src/net/x.cpp": '#include "detail.hpp"\n'}
MACHINE_INCLUDES_TASK = rooms(
    room("frame_codec", "HEADERS frame/x.hpp", "frame"),
    room("task", "HEADERS task/y.hpp"),
    {
        "include/weir/frame/x.hpp": '#include "weir/task/y.hpp"\n',
        "include/weir/task/y.hpp": "#pragma once\n",
    },
)
POOL_INCLUDES_SOCKET = rooms(
    room("pool", "HEADERS pool/x.hpp"),
    room("io", "HEADERS io/transport.hpp io/loop.hpp"),
    {
        "include/weir/pool/x.hpp": '#include "weir/io/loop.hpp"\n'
        '#include "weir/io/transport.hpp"\n',
        "include/weir/io/transport.hpp": "#pragma once\n",
        "include/weir/io/loop.hpp": "#pragma once\n",
    },
)

CONFIG_INCLUDES_DATA = {
    "app/config/x.cpp": '#include "app/config/y.hpp"\n#include "app/data/z.hpp"\n',
    "app/data/z.hpp": '#pragma once\n#include "app/config/y.hpp"\n',
    "app/config/y.hpp": "#pragma once\n",
}

LONG_BODY = "".join(f"    ++x{number};\n" for number in range(70))
SIZES = [
    in_test("file-length", "int x;\n" * 501, 501),
    in_test("line-length", f"int x;\nint {'y' * 100};\n", 2),
    in_test("function-length", f"void f() {{\n{LONG_BODY}}}\n", 1),
    in_test("function-length", f"x::x(int a) : a_{{a}}, b_(1) {{\n{LONG_BODY}}}\n", 1),
    in_test("function-length", f"TEST(x, y) {{\n{LONG_BODY}}}\n", 1),
    in_test("function-length", f"int z = call([](int a) {{\n{LONG_BODY}}});\n", 1),
    in_test("parameters", "void f(int a, int b, int c, int d, int e);\n", 1),
    in_test("parameters", "class x {\n    x(int a, map<int, int> b, int c, int d, int e);\n};", 2),
    in_test("parameters", "auto f(int a, int b, int c, int d, int e) -> int { return a; }\n", 1),
    in_test("parameters", "void f() { g([](int a, int b, int c, int d, int e) {}); }\n", 1),
    Bad("parameters", {"x.py": "\n\ndef f(a, b, c, d, *, e):\n    pass\n"}, [("x.py", 3)]),
    Bad("function-length", {"x.py": "def f():\n" + "    pass\n" * 70}, [("x.py", 1)]),
    Bad("line-length", {"run+x": f"#!/bin/sh\necho {'y' * 100}\n"}, [("run", 2)]),
    Bad("line-length", {"x.toml": f"x = 1\n# {'y ' * 50}\n"}, [("x.toml", 2)]),
    Bad("line-length", {"x.yml": f"x:\n  # {'y ' * 50}\n"}, [("x.yml", 2)]),
    Bad("line-length", {"x.sql": f"select 1;\n    -- {'y ' * 50}\n"}, [("x.sql", 2)]),
]

FLOORS = [
    Bad("floor", NET_INCLUDES_SERVICE, [("src/net/x.cpp", 2)]),
    Bad("floor", THROUGH_A_PRIVATE_HEADER, [("src/net/x.cpp", 1)]),
    Bad("floor", POOL_INCLUDES_SOCKET, [("include/weir/pool/x.hpp", 2)]),
    Bad("sans-io", MACHINE_INCLUDES_TASK, [("include/weir/frame/x.hpp", 1)]),
    Bad("app-folder", CONFIG_INCLUDES_DATA, [("app/config/x.cpp", 2)]),
    Bad("room", {"include/weir/net/x.hpp": "#pragma once\n"}, [("include/weir/net/x.hpp", 1)]),
    Bad("room", {"src/net/x.cpp": "int x;\n"}, [("src/net/x.cpp", 1)]),
    Bad("room", room("cellar", ""), [("src/cellar/CMakeLists.txt", 1)]),
    in_library("os-header", "#include <vector>\n#include <sys/socket.h>\n", 2),
    in_library("os-header", "#include <liburing.h>\n", 1),
    in_library("os-header", '#include "private.hpp"\n', 1),
    Bad(
        "iostream",
        {"src/net/x.cpp": "#include <sstream>\n", **room("net", "SOURCES x.cpp")},
        [("src/net/x.cpp", 1)],
    ),
]

BANNED = [
    in_test("detach", "void f() {\n    thread.detach();\n}\n", 2),
    in_test("goto", "void f() { goto out; }\n", 1),
    Bad("using-namespace", {"tests/x.hpp": "using namespace std;\n"}, [("tests/x.hpp", 1)]),
    in_test("thread_local", "thread_local int x = 0;\n", 1),
    in_test("sleep", "void f() { std::this_thread::sleep_for(1ms); }\n", 1),
    in_test("sleep", "void f() { usleep(1); }\n", 1),
    in_library("singleton", "class x {\n    static x& instance();\n};\n", 2),
    in_library("singleton", "x& one() {\n    static x it{1};\n    return it;\n}\n", 2),
    in_library("operating-system", "auto now() { return std::chrono::steady_clock::now(); }\n", 1),
    in_library("operating-system", "class x {\n    std::thread worker_;\n};\n", 2),
    in_library("operating-system", "int f() { return ::socket(1, 2, 3); }\n", 1),
    in_test("left-behind", "int x;  // TO" "DO: more\n", 1),
    Bad("left-behind", {"x.sh+x": "#!/bin/sh\n# FIX" "ME\n"}, [("x.sh", 2)]),
]

AGGREGATE = "struct options {\n    std::string name;\n};\n"
COROUTINES = [
    in_library("reference-parameter", "task<int> f(const std::string& name);\n", 1),
    in_library("reference-parameter", "auto f(options&& given) -> weir::task<> { co_return; }", 1),
    in_library("reference-parameter", "auto f = [](int& x) -> task<> { co_return; };\n", 1),
    in_library("reference-parameter", "class x {\n    task<> f(request& a, bytes& b);\n};", 2),
    in_test("capturing-lambda-coroutine", "auto f = [x]() -> task<> { co_return; };\n", 1),
    in_test("capturing-lambda-coroutine", "void f() {\n    h([&] { co_await g(); });\n}\n", 2),
    in_test(
        "braces-in-co_await",
        f"{AGGREGATE}task<> f() {{\n    co_await g(options{{.name = x}});\n}}\n",
        5,
    ),
    in_test("braces-in-co_await", "task<> f() { co_await g({1, 2}); }\n", 1),
    in_test("braces-in-co_await", "task<> f() { x = co_await g(ns::unknown<int>{1}); }\n", 1),
    in_test("braces-in-co_await", "task<> f() { co_await g(std::vector<int>{{1, 2}}); }\n", 1),
    in_test("braces-in-co_await", "task<> f() { co_await g([x] { h(x); }); }\n", 1),
    in_library("co_await-in-condition", "task<> f() {\n    while (co_await g()) h();\n}\n", 2),
    in_library("co_await-in-condition", "task<> f() {\n    if (!co_await g()) h();\n}\n", 2),
    in_test("co_await-in-conditional", "task<> f() { x = y ? co_await g() : 1; }\n", 1),
    in_test("co_await-in-conditional", "task<> f() { h(y ? 1 : (co_await g())); }\n", 1),
    in_test(
        "co_await-in-catch",
        "task<> f() {\n    try {\n    } catch (...) {\n        co_await g();\n    }\n}\n",
        4,
    ),
    in_test(
        "lock-across-co_await",
        "task<> f() {\n    std::lock_guard lock{mutex_};\n    if (x) {\n"
        "        co_await g();\n    }\n}\n",
        4,
    ),
    in_test("lock-across-co_await", "task<> f() {\n    mutex_.lock();\n    co_await g();\n}\n", 3),
]

FAR_LAMBDA_RULE = rooms(
    room("net", "HEADERS net/a.hpp net/b.hpp net/c.hpp net/d.hpp"),
    room("base", "HEADERS base/lambda_rule.hpp"),
    {
        "include/weir/net/a.hpp": '#include "weir/net/b.hpp"\n',
        "include/weir/net/b.hpp": '#include "weir/net/c.hpp"\n',
        "include/weir/net/c.hpp": '#include "weir/net/d.hpp"\n',
        "include/weir/net/d.hpp": '#include "weir/base/lambda_rule.hpp"\n',
        "include/weir/base/lambda_rule.hpp": "#pragma once\n",
    },
)
HOUSE = [
    Bad(
        "room-readme",
        {"src/net/CMakeLists.txt": "weir_room(net\n  HEADERS)\n"},
        [("src/net/CMakeLists.txt", 1)],
    ),
    Bad("far-lambda-rule", FAR_LAMBDA_RULE, [("include/weir/net/a.hpp", 1)]),
    Bad("executable", {"tools/x": "#!/bin/sh\n"}, [("tools/x", 1)]),
    Bad("executable", {"tools/x.py+x": "x = 1\n"}, [("tools/x.py", 1)]),
    Bad("executable", {"tools/x.sh": "true\n"}, [("tools/x.sh", 1)]),
]

BAD = [*SIZES, *FLOORS, *BANNED, *COROUTINES, *HOUSE]


def good_test(text):
    return {"tests/x_test.cpp": text}


def good_library(text):
    return in_library("none", text).files


GOOD = {
    "banned words in comments and strings": good_test(
        "// goto, thread_local, x.detach()\n/* using\n goto */\n"
        'const char* text = "goto"; auto raw = R"x(goto " thread_local)x"; char c = \'"\';\n'
    ),
    "numbers with separators": good_test("int x = 1'000'000; int y = 0x'ff; // '\nint z;\n"),
    "a call with many arguments": good_test(
        "void f() { g(1, 2, 3, 4, 5); auto x = h(1, 2, 3, 4, 5); }\n"
    ),
    "template arguments are no parameters": good_test(
        "std::function<void(int, int, int, int, int)> call;\n"
        "void f(map<int, int, int> a, int b, int c);\n"
    ),
    "many initializers": good_test("x::x() : a_{1, 2, 3, 4, 5}, b_{call(1, 2, 3, 4, 5)} {}\n"),
    "a long class of short functions": good_test(
        "class x {\n" + "    int f() { return 1; }\n" * 90 + "};\n"
    ),
    "resources by reference": good_library(
        "task<> f(net::connection& conn, const http::request& request, std::string name);\n"
        "task& operator=(task&& other) noexcept;\nvoid g(const std::string& name);\n"
    ),
    "references that a test hands out": good_test("task<> f(int& count) { co_return; }\n"),
    "a condition that names what it awaits": good_library(
        "task<> f() {\n    while (auto more = co_await g()) h(more);\n"
        "    if (auto done = co_await g(); !done) co_return;\n}\n"
    ),
    "a lambda without captures as coroutine": good_test(
        "auto f = [](int x) -> task<> { co_return; };\n"
    ),
    "a lambda with captures that waits for nothing": good_test(
        "task<> f() {\n    auto call = [x] { return x; };\n    co_await g(call);\n"
        "    co_await h([&y] { return y; });\n}\n"
    ),
    "classes with a constructor in co_await": good_test(
        "class params {\npublic:\n    explicit params(int x);\nprivate:\n    int x_;\n};\n"
        "struct tag {\n    bool await_ready() const;\n};\n"
        "task<> f() {\n    co_await g(params{1}, std::string{x}, std::chrono::seconds{1});\n"
        "    co_await tag{};\n    auto x = params{co_await g()};\n}\n"
    ),
    "a standard type whose name an aggregate shares": good_test(
        "struct span {\n    int x;\n};\ntask<> f() { co_await g(std::span<int>{x}); }\n"
    ),
    "a conditional without co_await": good_test(
        "task<> f() { h(y ? 1 : 2, co_await g()); x = y ? 1 : 2; co_await g(); }\n"
    ),
    "co_await after a catch": good_test(
        "task<> f() {\n    try {\n        co_await g();\n    } catch (...) {\n    }\n"
        "    co_await h();\n}\n"
    ),
    "a lock that ends before": good_test(
        "task<> f() {\n    {\n        std::lock_guard lock{mutex_};\n        ++x;\n    }\n"
        "    co_await g();\n"
        "    mutex_.lock();\n    mutex_.unlock();\n    co_await g();\n}\n"
    ),
    "floors kept": rooms(
        room("net", "HEADERS net/x.hpp  # goes down\n  SOURCES x.cpp"),
        room("base", "HEADERS base/y.hpp"),
        {
            "include/weir/net/x.hpp": '#include <vector>\n#include "weir/base/y.hpp"\n',
            "include/weir/base/y.hpp": "#pragma once\n",
            "src/net/x.cpp": '#include "weir/net/x.hpp"\n#include <sys/socket.h>\n',
        },
    ),
    "threads and clocks below the engine": rooms(
        room("io", "SOURCES x.cpp"),
        {"src/io/x.cpp": "auto now() { return std::chrono::steady_clock::now(); }\n"},
    ),
    "a static constant that is returned": good_library(
        "int f() {\n    static constexpr int x = 1;\n    return x;\n}\n"
    ),
    "long data": {
        "x.toml": f"x = \"{'y' * 100}\"  # and what it is\n",
        "x.sql": f"insert into x values ('{'y' * 100}');\n",
    },
    "a migration that was applied": {"x/migrations/0001_x.sql": f"-- {'y ' * 50}\n"},
    "a script": {"tools/x+x": "#!/bin/sh\ntrue\n", "tools/y.py": "x = 1\n"},
}
