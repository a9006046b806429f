"""Puts a macro in the place of its call: arguments for parameters, the body of the call for `caller()`."""

from collections.abc import Mapping
from typing import Any, cast

from jinja2 import nodes

Nodes = list[nodes.Node]


class NotFlat(Exception):
    """A call that has to stay as it is."""


class Placing:
    """Puts arguments and the body of a call into a copy of a macro, and gives its variables names of their own."""

    def __init__(
        self, named: Mapping[str, nodes.Expr], renamed: set[str], mark: str, block: nodes.CallBlock | None
    ) -> None:
        self._named, self._renamed, self._mark, self._block = named, renamed, mark, block

    def placed(self, body: Nodes, *, in_loop: bool = False) -> Nodes:
        """The nodes, changed.

        Raises:
            NotFlat: the call's body is asked for where it cannot stand.
        """
        found: Nodes = []
        for node in body:
            if isinstance(node, nodes.Output):
                found += self._output(node, in_loop)
                continue
            for name, value in list(node.iter_fields()):
                if isinstance(value, list) and name in {"body", "else_"}:
                    setattr(node, name, self.placed(value, in_loop=in_loop or isinstance(node, nodes.For)))
                elif isinstance(value, list) and name == "elif_":
                    self.placed(value, in_loop=in_loop)
                elif isinstance(value, list):
                    setattr(node, name, [self._value(each) for each in value])
                else:
                    setattr(node, name, self._value(value))
            found.append(node)
        return found

    def _output(self, node: nodes.Output, in_loop: bool) -> Nodes:  # noqa: FBT001
        found: Nodes = []
        for each in node.nodes:
            if _is_caller(each):
                if self._block is None or in_loop:
                    raise NotFlat
                found += copied(self._block.body)
            else:
                found.append(nodes.Output([cast(nodes.Expr, self._value(each))], lineno=node.lineno))
        return found

    def _value(self, value: Any) -> Any:
        if not isinstance(value, nodes.Node):
            return value
        if isinstance(value, nodes.Test) and value.name == "defined" and is_named(value.node, "caller"):
            return nodes.Const(self._block is not None)
        if isinstance(value, nodes.Name):
            return self._name(value)
        for name, inner in list(value.iter_fields()):
            changed = [self._value(each) for each in inner] if isinstance(inner, list) else self._value(inner)
            setattr(value, name, changed)
        return value

    def _name(self, name: nodes.Name) -> nodes.Node:
        if name.name == "caller":
            raise NotFlat
        if name.name in self._named:
            return cast(nodes.Expr, copied(self._named[name.name]))
        if name.name in self._renamed:
            return nodes.Name(self._mark + name.name, name.ctx, lineno=name.lineno)
        return name


def copied(value: Any) -> Any:
    """A copy of nodes, without what hangs on them."""
    if isinstance(value, list):
        return [copied(each) for each in value]
    if not isinstance(value, nodes.Node):
        return value
    made = object.__new__(type(value))
    made.__dict__.update({name: copied(each) for name, each in value.__dict__.items()})
    return made


def is_named(node: nodes.Node, name: str) -> bool:
    """Whether a node is this name."""
    return isinstance(node, nodes.Name) and node.name == name


def _is_caller(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and is_named(node.node, "caller") and not (node.args or node.kwargs)
