"""The coroutine rules: constructs that GCC 12 breaks, and lifetimes that a suspension breaks.

tests/toolchain shows each compiler bug.
"""

from . import tree
from .tree import Group, is_group, is_name, is_token

# Resources: they have identity, and their owner awaits the task. Everything else comes by value.
RESOURCES = {
    "blocking_pool",
    "body_writer",
    "channel",
    "client",
    "client_request",
    "connection",
    "connection_pool",
    "database",
    "driver",
    "engine",
    "exchange",
    "framed",
    "gate",
    "listener",
    "loop",
    "machine",
    "pool",
    "registry",
    "request",
    "resolver",
    "response_writer",
    "router",
    "runtime",
    "scope",
    "semaphore",
    "service",
    "service_state",
    "session",
    "shared_semaphore",
    "task_scope",
    "transport",
    "worker",
    "world",
}
# A test's locals outlive the loop that it steps, so tests may hand them out by reference; and what
# a compiler misplaces there shows at once.
_SHIPPED = ("include", "src", "app", "examples")
_LOCKS = {"lock_guard", "unique_lock", "scoped_lock", "shared_lock"}
_STANDARD_WITH_CONSTRUCTOR = {
    "duration",
    "error_code",
    "hours",
    "microseconds",
    "milliseconds",
    "minutes",
    "nanoseconds",
    "seconds",
    "span",
    "string",
    "string_view",
    "time_point",
    "unexpected",
    "unique_ptr",
    "vector",
}

RULES = {
    "reference-parameter": "by value: a coroutine's argument may be gone when it resumes; only"
    " a resource whose owner awaits the task comes by reference (RESOURCES in tools/tidy_checks)",
    "capturing-lambda-coroutine": "a named function, or a captureless lambda with value parameters:"
    " the captures die with the lambda, before the coroutine resumes",
    "braces-in-co_await": "name it first: auto it = ...; co_await f(std::move(it)); GCC 12 copies"
    " aggregates and closures inside co_await byte by byte and destroys both",
    "co_await-in-condition": "name what is awaited: if (auto done = co_await x(); !done); GCC 12"
    " misplaces the frame of a coroutine without locals that awaits a temporary in a condition",
    "co_await-in-conditional": "write an if: compilers disagree on a co_await within ?:",
    "co_await-in-catch": "use result<T>, or save the exception and await after the catch",
    "lock-across-co_await": "end the lock's block before it waits: it stays shut meanwhile",
}


def check(project):
    constructed = _constructed(project)
    for source in project.cpp:
        root = tree.tree_of(source)
        yield from _functions(source, root)
        for group in [root, *tree.walk(root)]:
            yield from _awaits(source, group, constructed)
            if source.area in _SHIPPED:
                yield from _conditions(source, group)
            yield from _conditionals(source, group)
            yield from _catches(source, group)
            if group.open == "{":
                yield from _locks(source, group)


def _functions(source, root):
    for function in [*tree.definitions(root), *tree.declarations(root)]:
        coroutine = tree.is_coroutine(function)
        if coroutine and function.captures is not None and function.captures.children:
            rule = "capturing-lambda-coroutine"
            yield source.finding(function.line, rule, RULES[rule])
        if source.area in _SHIPPED and (coroutine or tree.returns_task(function)):
            yield from _references(source, function)


def _references(source, function):
    for parameter in function.parameters():
        type_name = _referenced(parameter)
        if type_name is not None and type_name not in RESOURCES:
            said = f"{type_name}& of {function.name}; {RULES['reference-parameter']}"
            yield source.finding(function.line, "reference-parameter", said)


def _referenced(parameter):
    """The type's last name when a parameter is a reference, else None."""
    last = None
    for _, item in tree.outside_angles(parameter):
        if is_token(item, "&", "&&"):
            return last or "auto"
        if is_token(item, "="):
            return None
        if is_name(item) and item.text not in ("const", "typename"):
            last = item.text
    return None


def _constructed(project):
    """Names of classes that are safe in co_await: with a constructor, or with nothing to copy."""
    safe, aggregates = set(_STANDARD_WITH_CONSTRUCTOR), set()
    for source in project.cpp:
        for group in tree.walk(tree.tree_of(source)):
            name = _class_name(group.header) if group.kind == "scope" else None
            if name:
                whole = _has_constructor(group, name) or not _has_members(group)
                (safe if whole else aggregates).add(name)
    return safe - aggregates


def _class_name(header):
    for at, item in enumerate(header):
        if is_token(item, "struct", "class"):
            names = []
            for later in header[at + 1 :]:
                if is_token(later, ":", "<"):
                    break
                if is_name(later) and later.text not in ("final", "alignas"):
                    names.append(later.text)
            return names[-1] if names else None
    return None


def _has_constructor(group, name):
    children = group.children
    return any(
        is_token(children[at], name)
        and is_group(children[at + 1], "(")
        and not (at > 0 and is_token(children[at - 1], "~"))
        for at in range(len(children) - 1)
    )


def _has_members(group):
    for statement in tree.statements(group):
        ends_in_code = isinstance(statement[-1], Group) and statement[-1].kind in (
            "function",
            "scope",
        )
        header = tree.without_prefix(statement)
        if not header or ends_in_code or is_token(header[0], "using", "static", "friend"):
            continue
        if tree.parameters_at(header) is None:
            return True
    return False


def _extent(group, start):
    """What belongs to the operand of the co_await at start."""
    commas = group.open != "{" or group.kind == "init"
    for child in group.children[start + 1 :]:
        if is_token(child, ";") or (commas and is_token(child, ",")):
            return
        if isinstance(child, Group) and child.kind in ("block", "scope", "function"):
            return
        yield child


def _awaits(source, group, constructed):
    for at, child in enumerate(group.children):
        if is_token(child, "co_await"):
            operand = list(_extent(group, at))
            yield from _temporaries(source, operand, constructed)


def _temporaries(source, items, constructed):
    for at, item in enumerate(items):
        if not isinstance(item, Group):
            continue
        if item.kind == "lambda":
            if _captures_values(item.function.captures):
                yield _braces(source, item, "a closure")
            continue
        if is_group(item, "{"):
            name, standard = _type_before(items[:at])
            if name not in (_STANDARD_WITH_CONSTRUCTOR if standard else constructed):
                yield _braces(source, item, f"{name}{{...}}" if name else "{...}")
        yield from _temporaries(source, item.children, constructed)


def _braces(source, item, what):
    rule = "braces-in-co_await"
    return source.finding(item.line, rule, f"{what}; {RULES[rule]}")


def _type_before(items):
    """The last name of the type before a brace, and whether it is one of namespace std."""
    depth, name, standard = 0, None, False
    for item in reversed(items):
        if is_token(item, ">"):
            depth += 1
        elif is_token(item, "<") and depth > 0:
            depth -= 1
        elif depth == 0 and is_name(item):
            name = name or item.text
            standard = item.text == "std"
        elif depth == 0 and not is_token(item, "::"):
            break
    return name, standard


def _captures_values(captures):
    parts = tree.split_commas(captures.children)
    return any(part and not is_token(part[0], "&", "this") for part in parts)


def _conditions(source, group):
    for at, child in enumerate(group.children[1:]):
        if is_group(child, "(") and is_token(group.children[at], "if", "while"):
            line = _unnamed_await(child)
            if line:
                rule = "co_await-in-condition"
                yield source.finding(line, rule, RULES[rule])


def _unnamed_await(condition):
    """The line of a co_await that a condition is, or denies; 0 for none."""
    awaited = [item for item in condition.children if not is_token(item, "!")]
    others = ("&&", "||", ";", "<", ">", "==", "!=")
    alone = bool(awaited) and not any(is_token(item, *others) for item in awaited)
    return awaited[0].line if alone and is_token(awaited[0], "co_await") else 0


def _conditionals(source, group):
    branch = False
    for child in group.children:
        if is_token(child, ";", ","):
            branch = False
        elif is_token(child, "?"):
            branch = True
        elif branch:
            line = _awaits_at(child)
            if line:
                rule = "co_await-in-conditional"
                yield source.finding(line, rule, RULES[rule])
                branch = False


def _awaits_at(item):
    """The line of the first co_await in an item, not looking into lambdas; 0 for none."""
    if isinstance(item, tree.Token):
        return item.line if item.text == "co_await" else 0
    if item.kind in ("lambda", "function"):
        return 0
    return next((found for found in map(_awaits_at, item.children) if found), 0)


def _catches(source, group):
    if group.kind == "block" and group.header and is_token(group.header[0], "catch"):
        line = _awaits_at(group)
        if line:
            yield source.finding(line, "co_await-in-catch", RULES["co_await-in-catch"])


def _locks(source, group):
    held = False
    for statement in tree.statements(group):
        if held and any(is_token(item, "unlock") for item in statement):
            held = False
        line = next((found for found in map(_awaits_at, statement) if found), 0)
        if held and line:
            yield source.finding(line, "lock-across-co_await", RULES["lock-across-co_await"])
            return
        held = held or _takes_lock(statement)


def _takes_lock(statement):
    for at, item in enumerate(statement):
        if is_token(item, *_LOCKS):
            return True
        if is_token(item, "lock") and is_token(statement[at - 1] if at else None, ".", "->"):
            return at + 1 < len(statement) and is_group(statement[at + 1], "(")
    return False
