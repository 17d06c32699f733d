"""Where in the source a frame is: the expression that its instruction belongs to, and the locks of the blocks around.

Works from the text of the file; where that cannot be read, or was edited since, nothing is known.
"""

import ast
import functools
import linecache
from collections.abc import Iterator
from itertools import islice
from types import FrameType

Place = tuple[int, int]
"""A line, from 1, and a column in bytes, from 0."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _tree(frame: FrameType) -> ast.Module | None:
    file = frame.f_code.co_filename
    linecache.checkcache(file)
    lines = linecache.getlines(file, frame.f_globals)
    return _parsed("".join(lines)) if lines else None


def at_instruction(frame: FrameType) -> ast.AST | None:
    """The call, `with` or other node whose instruction the frame is at; None if that is not known."""
    tree, at = _tree(frame), _position(frame)
    if tree is None or at is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt)) and _extent(node) == at:
            return node.value if isinstance(node, ast.Expr) else node
    return None


def block_of(frame: FrameType) -> list[ast.expr]:
    """Expressions whose `with` block, or whose acquire() without release(), the frame is behind, outermost first."""
    tree, at = _tree(frame), _position(frame)
    if tree is None or at is None:
        return []
    held: list[ast.expr] = []
    suite: list[ast.stmt] | None = _body(tree, frame)
    while suite:
        index = next((i for i, one in enumerate(suite) if _covers([one], at[0])), None)
        if index is None:
            break
        for statement in suite[:index]:
            if (taken := _acquired(statement)) is not None:
                held.append(taken)
            else:
                given = {ast.unparse(one) for one in _released(statement)}
                held = [one for one in held if ast.unparse(one) not in given]
        current = suite[index]
        inner = next((body for body in _suites(current) if _covers(body, at[0])), None)
        if inner is not None and isinstance(current, ast.With):
            given = {ast.unparse(one) for statement in inner for one in _released(statement)}
            taken_here = [item.context_expr for item in current.items]
            held += [one for one in taken_here if ast.unparse(one) not in given]
        suite = inner
    return held


def _position(frame: FrameType) -> tuple[Place, Place] | None:
    """Where the source of the frame's present instruction begins and ends."""
    found = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    line, end_line, column, end_column = found
    if line is None or end_line is None or column is None or end_column is None:
        return None
    return (line, column), (end_line, end_column)


def _extent(node: ast.expr | ast.stmt) -> tuple[Place, Place]:
    return (node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0)


def _body(tree: ast.Module, frame: FrameType) -> list[ast.stmt]:
    """The body of the function that the frame runs; the module's own for its top level."""
    code = frame.f_code
    if code.co_name == "<module>":
        return tree.body
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS) and not isinstance(node, ast.Lambda) and node.name == code.co_name:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if code.co_firstlineno in (first, node.lineno):
                return node.body
    return []


def _suites(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return
    for name in ("body", "orelse", "finalbody"):
        if suite := getattr(statement, name, None):
            yield suite
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _covers(suite: list[ast.stmt], begin: Place) -> bool:
    return _extent(suite[0])[0] <= begin < _extent(suite[-1])[1]


def _acquired(statement: ast.stmt) -> ast.expr | None:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=value, attr="acquire"), args=[], keywords=[])):
            return value
    return None


def _released(statement: ast.stmt) -> Iterator[ast.expr]:
    """What is released somewhere in a statement; a condition's wait releases it for a while."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="release" | "wait" | "wait_for")):
                yield value
