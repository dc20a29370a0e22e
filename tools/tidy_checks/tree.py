"""A tree of brackets, and which braces are functions, lambdas, blocks, scopes or initializers.

This is no parser of C++: it looks at what stands before a brace. It is right about the code this
house writes and wrong, at worst, about an unusual declaration.
"""

import functools
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""[A-Za-z_]\w*|\.?\d[\w.']*|"\s*"|::|->|&&|\|\||<=>|[=!<>+\-*/|&^%]=|\.\.\.|\S"""
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = set(_PAIRS.values())
_CONTROL = {"if", "for", "while", "switch", "do", "else", "try", "catch"}
_SCOPES = {"namespace", "class", "struct", "union", "enum", "extern", "concept", "export"}
_VALUES = {"return", "co_return", "co_await", "co_yield", "throw", "delete", "new", "case", "using"}
_BEFORE_LAMBDA = {"return", "co_return", "co_await", "co_yield", "throw", "else"}
_NOT_A_NAME = {"alignas", "decltype", "noexcept", "explicit", "requires", "sizeof", "if", "while"}
_LABELS = {"public", "private", "protected", "default", "case"}


@dataclass(frozen=True)
class Token:
    text: str
    line: int


@dataclass
class Group:
    open: str
    line: int
    children: list = field(default_factory=list)
    end: int = 0
    kind: str = ""
    header: list = field(default_factory=list)
    function: object = None


@dataclass
class Function:
    """A function with or without a body, or a lambda."""

    name: str
    line: int
    params: Group | None
    returns: list
    body: Group | None = None
    captures: Group | None = None

    @property
    def lines(self):
        return self.body.end - self.line + 1 if self.body else 0

    def parameters(self):
        """Each parameter as its list of tokens and groups."""
        if self.params is None:
            return []
        split = [part for part in split_commas(self.params.children) if part]
        return [] if [text(part) for part in split] == ["void"] else split


def is_token(item, *texts):
    return isinstance(item, Token) and (not texts or item.text in texts)


def is_group(item, opening):
    return isinstance(item, Group) and item.open == opening


def is_name(item):
    return isinstance(item, Token) and (item.text[0].isalpha() or item.text[0] == "_")


def text(items):
    """Tokens as written, without spaces; groups as their bracket."""
    return "".join(item.text if isinstance(item, Token) else item.open for item in items)


def outside_angles(items):
    """(index, item) for what is not within template arguments."""
    depth = 0
    for at, item in enumerate(items):
        if is_token(item, "<") and at > 0 and is_name(items[at - 1]):
            depth += 1
        elif is_token(item, ">") and depth > 0:
            depth -= 1
        elif depth == 0:
            yield at, item


def split_commas(items):
    parts, last = [], 0
    for at, item in outside_angles(items):
        if is_token(item, ","):
            parts.append(items[last:at])
            last = at + 1
    return [*parts, items[last:]]


def build(source):
    """The tree of a source; tolerant of unbalanced preprocessor branches."""
    root = Group("{", 1, kind="scope")
    stack, line, last = [root], 1, 0
    code = source.statements
    for match in _TOKEN.finditer(code):
        line += code.count("\n", last, match.start())
        last = match.start()
        found = match.group()
        if found in _PAIRS:
            group = Group(found, line)
            stack[-1].children.append(group)
            stack.append(group)
        elif found in _CLOSERS:
            if len(stack) > 1 and _PAIRS[stack[-1].open] == found:
                stack.pop().end = line
        else:
            stack[-1].children.append(Token(found, line))
    for group in stack:
        group.end = line
    _classify_all(root)
    return root


@functools.lru_cache(maxsize=None)
def tree_of(source):
    return build(source)


def _classify_all(group):
    statement = []
    for child in group.children:
        if is_token(child, ";"):
            statement = []
        elif is_token(child, ",") and (group.open != "{" or group.kind == "init"):
            statement = []
        elif is_token(child, ":") and statement and is_token(statement[0], *_LABELS):
            statement = []
        elif not is_group(child, "{"):
            if isinstance(child, Group):
                _classify_all(child)
            statement.append(child)
        else:
            _classify(child, statement, group)
            _classify_all(child)
            ends = child.kind in ("function", "block", "scope")
            statement = [] if ends else [*statement, child]


def _classify(brace, statement, parent):
    header = without_prefix(statement)
    brace.header = header
    introducer = _lambda_at(header)
    if introducer is not None:
        brace.kind = "lambda"
        rest = header[introducer + 1 :]
        params = next((item for item in rest if is_group(item, "(")), None)
        brace.function = Function(
            "lambda", header[introducer].line, params, rest, brace, header[introducer]
        )
        return
    brace.kind = _kind(header, parent)
    if brace.kind == "function":
        brace.function = function_of(header, brace)


def without_prefix(statement):
    """Drops attributes and a leading template<...>."""
    items = [
        item
        for item in statement
        if not (is_group(item, "[") and len(item.children) == 1 and is_group(item.children[0], "["))
    ]
    while items and is_token(items[0], "template"):
        kept = [at for at, _ in outside_angles(items) if at > 0]
        items = items[kept[0] :] if kept else []
    return items


def _lambda_at(header):
    for at in range(len(header) - 1, -1, -1):
        item = header[at]
        if is_token(item, "=", "?", ",", "."):
            return None
        if not is_group(item, "["):
            continue
        before = header[at - 1] if at > 0 else None
        if before is None or is_token(before, *_BEFORE_LAMBDA):
            return at
        if isinstance(before, Token) and not is_name(before) and before.text != '""':
            return at
    return None


def _kind(header, parent):
    in_code = parent.kind in ("function", "block", "lambda") and parent.open == "{"
    in_scope = parent.kind == "scope" and parent.open == "{"
    if not header:
        return "block" if in_code or in_scope else "init"
    first, last = header[0], header[-1]
    if is_token(first, *_CONTROL):
        ends = is_group(last, "(") or is_token(last, "else", "do", "try", "consteval")
        return "block" if ends else "init"
    if is_token(first, *_VALUES) or "requires" in (text(header[-1:]), text(header[-2:-1])):
        return "init"
    equals = next((at for at, item in outside_angles(header) if is_token(item, "=")), None)
    if equals is None and any(is_token(item, *_SCOPES) for _, item in outside_angles(header)):
        return "scope"
    at = parameters_at(header)
    if at is None or not (in_code or in_scope):
        return "init"
    if in_code:
        return "block" if is_group(last, "(") else "init"
    if any(is_token(item, ":") for item in header[at + 1 :]):
        return "function" if isinstance(last, Group) else "init"
    return "function"


def parameters_at(header):
    """Where a declaration's parameter list is, or None."""
    for at, item in outside_angles(header):
        if is_token(item, "=") and not is_token(header[at - 1] if at else None, "operator"):
            return None
        if not is_group(item, "(") or at == 0:
            continue
        before = header[at - 1]
        if any(is_token(back, "operator") for back in header[max(0, at - 3) : at]):
            follows = at + 1 < len(header) and is_group(header[at + 1], "(")
            return at + 1 if is_token(before, "operator") and follows else at
        if is_name(before) and before.text not in _NOT_A_NAME:
            return at
    return None


def function_of(header, body=None):
    """The function that a header declares, or None."""
    at = parameters_at(header)
    if at is None or at == 0:
        return None
    name = header[at - 1].text if isinstance(header[at - 1], Token) else "operator()"
    first = header[0].line
    returns = [*header[: at - 1], *header[at + 1 :]]
    return Function(name, first, header[at], returns, body)


def walk(group, into_lambdas=True):
    """Each group below, outermost first."""
    for child in group.children:
        if isinstance(child, Group):
            if not into_lambdas and child.kind == "lambda":
                continue
            yield child
            yield from walk(child, into_lambdas)


def own_tokens(group):
    """Tokens below, without those of lambdas and of functions of local classes."""
    for child in group.children:
        if isinstance(child, Token):
            yield child
        elif child.kind not in ("lambda", "function"):
            yield from own_tokens(child)


def statements(group):
    """Each run of children that a `;` or a block ends."""
    run = []
    for child in group.children:
        if is_token(child, ";"):
            if run:
                yield run
            run = []
        elif isinstance(child, Group) and child.kind in ("function", "block", "scope"):
            yield [*run, child]
            run = []
        elif is_token(child, ":") and run and is_token(run[0], *_LABELS):
            run = []
        else:
            run.append(child)
    if run:
        yield run


def definitions(root):
    """Functions and lambdas with a body."""
    return [group.function for group in walk(root) if group.function is not None]


def declarations(root):
    """Functions declared without a body in namespaces and classes."""
    for scope in [root, *walk(root)]:
        if scope.open != "{" or scope.kind != "scope":
            continue
        for statement in statements(scope):
            header = without_prefix(statement)
            if not header or is_group(header[-1], "{"):
                continue
            if is_token(header[0], "using", "static_assert", "typedef", "enum"):
                continue
            function = function_of(header)
            if function and not function.name.isupper():
                yield function


def is_coroutine(function):
    if function.body is None:
        return False
    waits = {"co_await", "co_return", "co_yield"}
    return any(token.text in waits for token in own_tokens(function.body))


def returns_task(function):
    """Whether it answers with a task by value."""
    returned = [item for _, item in outside_angles(function.returns)]
    for at, item in enumerate(returned):
        if is_token(item, "task"):
            return not is_token(next(iter(returned[at + 1 : at + 2]), None), "&", "&&", "*")
    return False
