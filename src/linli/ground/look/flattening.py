"""What is the same for every reader is drawn when a template is compiled, not each time it is shown.

Templates are written of small macros, and of words and addresses that never change. Before Jinja compiles one, its tree
is flattened here: words are put in the reader's language, addresses are looked up, and calls of macros are replaced by
what the macro holds, with the arguments in their places. What then depends on nothing becomes plain text. A call that
cannot be flattened with the same result stays as it is. See docs/decisions/0030-templates-are-flattened.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from jinja2 import Environment, nodes
from markupsafe import Markup

from linli.ground.look.placing import Nodes, NotFlat, Placing, copied

LARGEST = 400
"""Nodes of a macro beyond which it is called, not put in place: the template would grow more than it gains."""
WHOLE = "whole"
"""A filter that changes nothing: what a block writes is handed on in one piece, not bit by bit through each layout."""
WORDS = frozenset({"_", "gettext"})

_BARE = Environment()  # noqa: S701 -- works out whether something is so; nothing is written with it

Literal = Callable[..., str]


@dataclass(frozen=True)
class Known:
    """What is known when a template is compiled.

    Args:
        literals: functions that give the same for the same arguments, by name: words and addresses.
        names: those that every template knows.
        module: the tree of a template by name, flattened.
    """

    literals: Mapping[str, Literal]
    names: frozenset[str]
    module: Callable[[str], nodes.Template]


@dataclass(frozen=True)
class Recipe:
    """A macro that can be put in place of its call, and the names it may use beside its own."""

    macro: nodes.Macro
    is_imported: bool

    @cached_property
    def parameters(self) -> list[str]:
        """Names of its parameters, in order."""
        return [each.name for each in self.macro.args]

    @cached_property
    def own(self) -> set[str]:
        """Names that it sets: parameters, variables, those of its loops."""
        return {*self.parameters, *_stored(self.macro)}

    @cached_property
    def free(self) -> set[str]:
        """Names that it takes from around it."""
        return {each.name for each in self.macro.find_all(nodes.Name)} - self.own - {"caller", "loop"}


def flattened(tree: nodes.Template, known: Known) -> nodes.Template:
    """The tree, changed in place."""
    _Flattening(tree, known).run()
    return tree


class _Flattening:
    """The work on one template."""

    def __init__(self, tree: nodes.Template, known: Known) -> None:
        self._tree, self._known, self._serial = tree, known, 0
        self._set_here = _stored(tree)
        self._literals = {name: give for name, give in known.literals.items() if name not in self._set_here}
        self._imported = dict(self._imports())
        self._recipes: dict[str, Recipe | None] = {}
        self._inside: list[str] = []  # macros that are being put in place: one that calls itself stays a call

    def run(self) -> None:
        """Flatten the macros of the template first, then all of it."""
        for macro in list(self._tree.find_all(nodes.Macro)):
            self._inside.append(macro.name)
            macro.body = self._body(macro.body)
            self._inside.pop()
        self._tree.body = self._body(self._tree.body)
        self._drop_imports()
        for block in self._tree.find_all(nodes.Block):
            block.body = [nodes.FilterBlock(block.body, nodes.Filter(None, WHOLE, [], [], None, None))]

    def _imports(self) -> Iterator[tuple[str, tuple[str, str]]]:
        for found in self._tree.find_all(nodes.FromImport):
            if not isinstance(found.template, nodes.Const) or found.with_context:
                continue
            for each in found.names:
                name, alias = (each, each) if isinstance(each, str) else each
                if alias not in self._set_here:
                    yield alias, (found.template.value, name)

    def _drop_imports(self) -> None:
        """What is called no more need not be loaded for every reader."""
        used = {each.name for each in self._tree.find_all(nodes.Name)}
        for found in list(self._tree.find_all(nodes.FromImport)):
            found.names = [each for each in found.names if (each if isinstance(each, str) else each[1]) in used]
        self._tree.body = [each for each in self._tree.body if not isinstance(each, nodes.FromImport) or each.names]

    def _recipe(self, name: str) -> Recipe | None:
        """The macro that a name stands for throughout the template."""
        if name not in self._recipes:
            self._recipes[name] = self._found_recipe(name)
        return self._recipes[name]

    def _found_recipe(self, name: str) -> Recipe | None:
        if name in self._imported:
            template, wanted = self._imported[name]
            macro = next((each for each in self._known.module(template).body if _is_macro(each, wanted)), None)
            recipe = Recipe(cast(nodes.Macro, macro), is_imported=True) if macro is not None else None
        else:
            macros = [each for each in self._tree.find_all(nodes.Macro) if each.name == name]
            recipe = Recipe(macros[0], is_imported=False) if len(macros) == 1 and name not in self._set_here else None
        return recipe if recipe is not None and self._is_sound(recipe) else None

    def _is_sound(self, recipe: Recipe) -> bool:
        if recipe.free & self._set_here or (recipe.is_imported and not recipe.free <= self._known.names):
            return False
        kinds = (nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport, nodes.FilterBlock)
        return not any(True for _ in recipe.macro.find_all(kinds)) and _size(recipe.macro) <= LARGEST

    def _body(self, body: Nodes) -> Nodes:
        """Some nodes, flattened."""
        return _joined([flat for node in body for flat in self._node(node)])

    def _node(self, node: nodes.Node) -> Nodes:
        match node:
            case nodes.Output():
                return self._output(node)
            case nodes.CallBlock():
                return self._call_block(node)
            case nodes.If():
                return self._condition(node)
        for name, value in list(node.iter_fields()):
            if isinstance(value, list) and name in {"body", "else_"}:
                setattr(node, name, self._body(value))
            elif isinstance(value, list):
                setattr(
                    node, name, [self._expression(each) if isinstance(each, nodes.Node) else each for each in value]
                )
            elif isinstance(value, nodes.Node):
                setattr(node, name, self._expression(value))
        return [node]

    def _condition(self, node: nodes.If) -> Nodes:
        """The one branch that is left where the test is known."""
        node.test = cast(nodes.Expr, self._expression(node.test))
        node.body, node.else_ = self._body(node.body), self._body(node.else_)
        branches = [cast(nodes.If, each) for branch in node.elif_ for each in self._condition_as_is(branch)]
        node.elif_ = branches
        known = _known_value(node.test)
        if known is None:
            return [node]
        if known.value:
            return node.body
        return node.else_ if not branches else [_first_branch(branches, node.else_)]

    def _condition_as_is(self, node: nodes.If) -> Nodes:
        node.test = cast(nodes.Expr, self._expression(node.test))
        node.body = self._body(node.body)
        return [node]

    def _output(self, node: nodes.Output) -> Nodes:
        """What is written, with macros in their places between it."""
        found: Nodes = []
        for each in node.nodes:
            flat = _chosen(self._expression(each))
            try:
                found += self._in_place(flat, None)
            except NotFlat:
                found.append(nodes.Output([cast(nodes.Expr, flat)], lineno=node.lineno))
        return _joined(found)

    def _call_block(self, node: nodes.CallBlock) -> Nodes:
        node.call = cast(nodes.Call, self._expression(node.call))
        node.body = self._body(node.body)
        try:
            return self._in_place(node.call, node)
        except NotFlat:
            return [node]

    def _in_place(self, call: nodes.Node, block: nodes.CallBlock | None) -> Nodes:
        """What a call of a macro draws.

        Raises:
            NotFlat: it is none, or one that has to be called.
        """
        if not isinstance(call, nodes.Call) or not isinstance(call.node, nodes.Name):
            raise NotFlat
        name = call.node.name
        recipe = self._recipe(name) if name not in self._inside else None
        if recipe is None or call.dyn_args or call.dyn_kwargs or (block is not None and block.args):
            raise NotFlat
        self._serial += 1
        arguments = _arguments(recipe, call)
        mark = f"flat{self._serial}_"
        named: dict[str, nodes.Expr] = {}
        kept: list[tuple[nodes.Name, nodes.Expr]] = []
        for parameter, value in arguments.items():
            if isinstance(value, nodes.Const | nodes.Name) and parameter not in _stored_in(recipe.macro.body):
                named[parameter] = value
            else:
                kept.append((nodes.Name(mark + parameter, "store"), value))
        body = copied(recipe.macro.body)
        placed = Placing(named, recipe.own - named.keys(), mark, block).placed(body)
        self._inside.append(name)
        flat = self._body(placed)
        self._inside.pop()
        if not kept and not (_stored_in(recipe.macro.body)):
            return flat
        return [nodes.With([each[0] for each in kept], [each[1] for each in kept], flat, lineno=call.lineno)]

    def _expression(self, node: nodes.Node) -> nodes.Node:
        """An expression with everything in it worked out that is known."""
        for name, value in list(node.iter_fields()):
            if isinstance(value, nodes.Node):
                setattr(node, name, self._expression(value))
            elif isinstance(value, list):
                setattr(
                    node, name, [self._expression(each) if isinstance(each, nodes.Node) else each for each in value]
                )
        return self._literal(node) if isinstance(node, nodes.Call) else node

    def _literal(self, call: nodes.Call) -> nodes.Node:
        """Words in the reader's language, and addresses without a changing part."""
        if not isinstance(call.node, nodes.Name) or call.dyn_args or call.dyn_kwargs:
            return call
        name = call.node.name
        if name not in self._literals or not call.args or not all(isinstance(each, nodes.Const) for each in call.args):
            return call
        if call.kwargs and name not in WORDS:
            return call
        try:
            text = self._literals[name](*(cast(nodes.Const, each).value for each in call.args))
        except NotFlat:
            return call
        if name not in WORDS:
            return nodes.Const(text, lineno=call.lineno)
        if not call.kwargs:
            return nodes.Const(_safe(text) % {}, lineno=call.lineno)
        values = [nodes.Pair(nodes.Const(each.key), each.value) for each in call.kwargs]
        return nodes.Mod(nodes.Const(_safe(text)), nodes.Dict(values), lineno=call.lineno)


def _safe(words: str) -> Markup:
    """Words of a template and their translations are ours, and may hold marks."""
    return Markup(words)  # noqa: S704


def _arguments(recipe: Recipe, call: nodes.Call) -> dict[str, nodes.Expr]:
    """What each parameter is in this call; raises `NotFlat` where that cannot be told."""
    names, defaults = recipe.parameters, recipe.macro.defaults
    given = dict(zip(names, call.args, strict=False))
    named = {each.key: each.value for each in call.kwargs}
    if len(call.args) > len(names) or not named.keys() <= set(names) - given.keys():
        raise NotFlat
    usual = dict(zip(names[len(names) - len(defaults) :], copied(defaults), strict=True))
    found = {**usual, **given, **named}
    if found.keys() != set(names) or any(name in recipe.own for each in usual.values() for name in _loaded(each)):
        raise NotFlat
    return found


def _known_value(test: nodes.Expr) -> nodes.Const | None:
    """What an expression comes to, if nothing in it can change."""
    if any(True for _ in test.find_all(nodes.Filter)):
        return None
    try:
        return nodes.Const(test.as_const(nodes.EvalContext(_BARE)))
    except nodes.Impossible:
        return None


def _chosen(written: nodes.Node) -> nodes.Node:
    """What is written of `this if that`, where that is known; nothing where it is not so and nothing else is said."""
    while isinstance(written, nodes.CondExpr) and (known := _known_value(written.test)) is not None:
        written = written.expr1 if known.value else written.expr2 or nodes.Const("")
    return written


def _first_branch(branches: list[nodes.If], otherwise: Nodes) -> nodes.If:
    """What is left of a condition whose first test fails."""
    first, *rest = branches
    return nodes.If(first.test, first.body, rest, otherwise, lineno=first.lineno)


def _joined(found: Nodes) -> Nodes:
    """Neighbouring outputs as one."""
    joined: Nodes = []
    for node in found:
        last = joined[-1] if joined else None
        if isinstance(node, nodes.Output) and isinstance(last, nodes.Output):
            last.nodes = [*last.nodes, *node.nodes]
        else:
            joined.append(node)
    return joined


def _stored(tree: nodes.Node) -> set[str]:
    """Names that are set anywhere in a tree; a macro and an import set theirs once and for all, and are left out."""
    names = {each.name for each in tree.find_all(nodes.Name) if each.ctx in {"store", "param"}}
    return names | {each.target for each in tree.find_all(nodes.Import)}


def _stored_in(body: Nodes) -> set[str]:
    return {name for node in body for name in _stored(node)}


def _loaded(node: nodes.Node) -> set[str]:
    own = [node] if isinstance(node, nodes.Name) else []
    return {each.name for each in (*own, *node.find_all(nodes.Name))}


def _size(node: nodes.Node) -> int:
    return 1 + sum(_size(each) for each in node.iter_child_nodes())


def _is_macro(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Macro) and node.name == name
