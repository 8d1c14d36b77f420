"""Ordinary Python with `if`, turned into straight-line Python whose branches meet in selections.

A device's firmware is written as anyone would write it. To run many patients side by side each `if` must become
a choice between two computed values. The source is rewritten once: both branches are kept, under names of their
own, and every name that either of them assigns is joined right after. Cost therefore adds up, it never multiplies.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import threading
import types
from collections.abc import Callable

from proband.model import maths
from proband.model.rows import ModelError

ONE_AT_A_TIME = threading.RLock()  # all functions of a file share its tree, which is rewritten in place


@functools.cache
def _tree(source: str) -> dict[int, ast.FunctionDef]:
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            found[first] = node
    return found


def translated(function: Callable) -> Callable:
    """The same function with every condition turned into data. Raises ModelError by line."""
    with ONE_AT_A_TIME:
        return _translated(function)


@functools.cache
def _translated(function: Callable) -> Callable:
    code = function.__code__
    linecache.checkcache(code.co_filename)
    definition = _tree("".join(linecache.getlines(code.co_filename))).get(code.co_firstlineno)
    if definition is None or definition.name != function.__name__:
        return function  # without its source it can still be traced, as long as it has no condition
    given = definition.args
    rewriter = _Rewriter(f"{function.__name__} ({code.co_filename}:{{line}})", given)
    if given.vararg or given.kwarg:
        raise rewriter.refuse(definition, "a function with *arguments cannot be compiled; name each of them")
    new = ast.FunctionDef(
        name=definition.name,
        args=ast.arguments(
            posonlyargs=[ast.arg(a.arg) for a in given.posonlyargs],
            args=[ast.arg(a.arg) for a in given.args],
            kwonlyargs=[ast.arg(a.arg) for a in given.kwonlyargs],
            kw_defaults=[None] * len(given.kwonlyargs),
            defaults=[],
        ),
        body=rewriter.block(definition.body),
        decorator_list=[],
    )
    ast.copy_location(new, definition)
    if hasattr(ast, "TypeAlias"):
        new.type_params = []  # type: ignore[attr-defined]
    module = ast.fix_missing_locations(ast.Module([new], []))
    names = dict(function.__globals__)
    names.update(inspect.getclosurevars(function).nonlocals)
    names.update(_where=maths.where, _both=maths.both, _either=maths.either, _negation=maths.negation, _call=_call)
    exec(compile(module, code.co_filename, "exec"), names)
    result = names[definition.name]
    result.__defaults__, result.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return result


def _call(function: object) -> object:
    """A helper that is called from translated source is translated too."""
    if isinstance(function, types.FunctionType) and not function.__module__.startswith(
        ("proband.model", "proband.engine")
    ):
        return translated(function)
    return function


class _Rewriter(ast.NodeTransformer):
    """Rewrites one function. `names` maps a variable to the name that holds it in the branch being written; `bound`
    are the variables that have a value here, `lost` those that only one branch gave one, with its line."""

    def __init__(self, place: str, arguments: ast.arguments):
        self.place = place
        self.names: dict[str, str] = {}
        self.bound = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        self.lost: dict[str, int] = {}
        self.count = 0

    def refuse(self, node: ast.AST, why: str) -> ModelError:
        return ModelError(f"{self.place.format(line=getattr(node, 'lineno', '?'))}: {why}.")

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for statement in statements:
            result.extend(self.statement(statement))
        return result or [ast.Pass()]

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.If):
            return self.branch(node)
        if isinstance(node, ast.For):
            return [self.loop(node)]
        if isinstance(node, ast.Return):
            if self.depth:
                raise self.refuse(
                    node, "a return inside an if cannot be followed; assign in the branches and return once at the end"
                )
            return [ast.copy_location(ast.Return(self.visit(node.value) if node.value else None), node)]
        if isinstance(node, ast.Assign):
            value = self.visit(node.value)
            return [ast.copy_location(ast.Assign([self.target(t) for t in node.targets], value), node)]
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            value = self.visit(node.value)
            return [ast.copy_location(ast.Assign([self.target(node.target)], value), node)]
        if isinstance(node, ast.AugAssign):
            if not isinstance(node.target, ast.Name):
                raise self.refuse(node, "only a plain name can be changed in place")
            read = self.visit(ast.copy_location(ast.Name(node.target.id, ast.Load()), node))
            value = ast.copy_location(ast.BinOp(read, node.op, self.visit(node.value)), node)
            return [ast.copy_location(ast.Assign([self.target(node.target)], value), node)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return []
        if isinstance(node, ast.Pass):
            return []
        raise self.refuse(
            node,
            f"{type(node).__name__.lower()} cannot be compiled; use assignments, if, for over a constant range, and return",
        )

    def target(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Name):
            self.bound.add(node.id)
            if self.depth:
                self.names[node.id] = f"{node.id}__{self.tag}"
            return ast.copy_location(ast.Name(self.names.get(node.id, node.id), ast.Store()), node)
        if isinstance(node, (ast.Tuple, ast.List)):
            return ast.copy_location(ast.Tuple([self.target(e) for e in node.elts], ast.Store()), node)
        raise self.refuse(node, "only plain names can be assigned")

    depth = 0
    tag = ""

    def branch(self, node: ast.If) -> list[ast.stmt]:
        self.count += 1
        mine = self.count
        condition = f"if__{mine}"
        result: list[ast.stmt] = [
            ast.copy_location(ast.Assign([ast.Name(condition, ast.Store())], self.visit(node.test)), node)
        ]
        before, bound, tag = dict(self.names), set(self.bound), self.tag
        ends: list[dict[str, str]] = []
        bounds: list[set[str]] = []
        self.depth += 1
        for side, body in (("then", node.body), ("else", node.orelse)):
            self.names, self.bound, self.tag = dict(before), set(bound), f"{side}{mine}"
            written = self.block(body)
            result.extend(s for s in written if not isinstance(s, ast.Pass))
            ends.append({n: v for n, v in self.names.items() if before.get(n) != v})
            bounds.append(self.bound)
        self.depth -= 1
        self.names, self.bound, self.tag = before, bounds[0] & bounds[1], tag
        for name in sorted({*ends[0], *ends[1]}):
            if name not in self.bound:
                self.lost[name] = node.lineno
                continue
            then = ends[0].get(name, before.get(name, name))
            other = ends[1].get(name, before.get(name, name))
            joined = ast.Call(
                ast.Name("_where", ast.Load()),
                [ast.Name(condition, ast.Load()), ast.Name(then, ast.Load()), ast.Name(other, ast.Load())],
                [],
            )
            target = self.target(ast.copy_location(ast.Name(name, ast.Store()), node))
            result.append(ast.copy_location(ast.Assign([target], ast.copy_location(joined, node)), node))
        return result

    def loop(self, node: ast.For) -> ast.stmt:
        if self.depth and not isinstance(node.target, ast.Name):
            raise self.refuse(node, "a loop inside an if needs one plain loop name")
        if node.orelse:
            raise self.refuse(node, "a for with else cannot be compiled")
        iterator = self.visit(node.iter)
        target = self.target(node.target)
        # Inside a branch a name first takes its branch name, so that a second pass through the loop reads it.
        assigned = sorted(
            {n.id for s in node.body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            & self.bound
        )
        opening: list[ast.stmt] = []
        if self.depth:
            for name in assigned:
                old = self.names.get(name, name)
                new = f"{name}__{self.tag}"
                if old != new:
                    self.names[name] = new
                    opening.append(ast.Assign([ast.Name(new, ast.Store())], ast.Name(old, ast.Load())))
        body = self.block(node.body)
        loop = ast.copy_location(ast.For(target, iterator, body, []), node)
        if not opening:
            return loop
        return ast.copy_location(ast.If(ast.Constant(True), [*opening, loop], []), node)

    # expressions
    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.lost and node.id not in self.bound:
            raise self.refuse(
                node,
                f"{node.id} is assigned in one branch only (of the if in line {self.lost[node.id]}); assign it before or in both",
            )
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)

    def _chain(self, name: str, values: list[ast.expr], node: ast.AST) -> ast.expr:
        result = values[0]
        for value in values[1:]:
            result = ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [result, value], []), node)
        return result

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        name = "_both" if isinstance(node.op, ast.And) else "_either"
        return self._chain(name, [self.visit(v) for v in node.values], node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return ast.copy_location(ast.Call(ast.Name("_negation", ast.Load()), [operand], []), node)
        return ast.copy_location(ast.UnaryOp(node.op, operand), node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        operands = [self.visit(v) for v in (node.left, *node.comparators)]
        pairs: list[ast.expr] = [
            ast.copy_location(ast.Compare(a, [op], [b]), node)
            for a, op, b in zip(operands[:-1], node.ops, operands[1:], strict=True)
        ]
        return self._chain("_both", pairs, node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        arguments = [self.visit(node.test), self.visit(node.body), self.visit(node.orelse)]
        return ast.copy_location(ast.Call(ast.Name("_where", ast.Load()), arguments, []), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = self.visit(node.func)
        if isinstance(node.func, (ast.Name, ast.Attribute)):
            function = ast.copy_location(ast.Call(ast.Name("_call", ast.Load()), [function], []), node)
        return ast.copy_location(
            ast.Call(
                function,
                [self.visit(a) for a in node.args],
                [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords],
            ),
            node,
        )

    def _inside(self, own: set[str], node: ast.AST) -> ast.expr:
        """A node with names of its own, which hide those outside."""
        names, bound = self.names, self.bound
        self.names, self.bound = {n: v for n, v in names.items() if n not in own}, bound | own
        result = self.generic_visit(node)
        self.names, self.bound = names, bound
        return result  # type: ignore[return-value]

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return self._inside({a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}, node)

    def _comprehension(self, node: ast.expr) -> ast.expr:
        targets = [t.target for t in node.generators]  # type: ignore[attr-defined]
        return self._inside({n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}, node)

    visit_ListComp = visit_GeneratorExp = visit_SetComp = visit_DictComp = _comprehension

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        raise self.refuse(node, "an assignment inside an expression cannot be followed; give it a line of its own")
