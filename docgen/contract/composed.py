"""HTML templates: the walk of ``placeholders``, and what they may take from the house: its pages, parts and macros."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jinja2 import nodes

from docgen.contract.placeholders import Site, Walker
from docgen.contract.values import Macro, Module, Scope, Shown, Unknown, Value, each, either, expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docgen.forms.shape import Group

_HOUSE_FILE: Final = re.compile(r"_house/[a-z0-9][a-z0-9_-]*\.html")
_DEEPEST: Final = 12
"""Macros that call macros, pages that extend pages; real ones stay under four."""


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file and how its lines become places."""

    tree: nodes.Template
    site: Site


@dataclass(frozen=True, slots=True)
class _Filling:
    """One version of a block: the first is printed, ``super()`` prints the next."""

    block: nodes.Block
    site: Site


class PageWalker(Walker):
    """Walks an HTML template together with the files of the house that it names."""

    def __init__(
        self, printed: Group, shape: Group, extra: Scope, source: Source, house: Callable[[str], Source | None]
    ) -> None:
        """Take what ``Walker`` takes; ``house`` returns a file of the house by name, or None."""
        super().__init__(printed, shape, extra, source.site)
        self._house = house
        self._top: dict[str, Value] = dict(self.root_scope)
        """Names of the page: fields and what it imports, seen by all of its blocks."""
        self._fillings: dict[str, list[_Filling]] = {}
        self._printing: list[tuple[str, int]] = []
        """Blocks under way, by name and version."""
        self._modules: dict[str, Module] = {}
        self._depth = 0

    def page(self, source: Source) -> None:
        """Walk a template from the page of the house that it extends, or from its own top."""
        *derived, last = chain = list(self._chain(source))
        for one in chain:
            for block in one.tree.find_all(nodes.Block):
                self._fillings.setdefault(block.name, []).append(_Filling(block, one.site))
        for one in derived:
            with self.at(one.site):
                self._beside_blocks(one.tree)
        with self.at(last.site):
            self.body([node for node in last.tree.body if not isinstance(node, nodes.Extends)], self._top)
        known = {block.name for one in chain[1:] for block in one.tree.find_all(nodes.Block)}
        if derived:
            self._homeless([node for node in source.tree.body if isinstance(node, nodes.Block)], known)

    def _chain(self, source: Source) -> Iterator[Source]:
        """Walk from the checked file up to the page that extends nothing."""
        for _ in range(_DEEPEST):
            yield source
            parent = next((node for node in source.tree.body if isinstance(node, nodes.Extends)), None)
            found = None
            if parent is not None:
                with self.at(source.site):
                    found = self._file(parent, parent.template)
            if found is None:
                return
            source = found

    def _beside_blocks(self, tree: nodes.Template) -> None:
        """Walk what stands outside the blocks of a page that extends another: only imports have an effect there."""
        for node in tree.body:
            match node:
                case nodes.Extends() | nodes.Block():
                    pass
                case nodes.Import() | nodes.FromImport():
                    self.statement(node, self._top)
                case nodes.Output() if all(
                    isinstance(part, nodes.TemplateData) and part.data.isspace() for part in node.nodes
                ):
                    pass
                case _:
                    self.report(node, "outside-block", "写在 block 之外，不会印出", "请移到 {% block … %} 里面")

    def _homeless(self, blocks: list[nodes.Block], known: set[str]) -> None:
        """Report blocks that the page of the house does not print; what stands in them is checked all the same."""
        used = set(self.used)
        for block in blocks:
            if block.name not in known:
                names = "、".join(sorted(known))
                self.report(block, "unknown-block", f"版式里没有块 {block.name}，内容不会印出", f"可用的块：{names}")
                self._print_block(block.name, 0)
        self.used = used

    def statement(self, node: nodes.Node, scope: Scope) -> None:
        """Walk one statement, those of the house included."""
        match node:
            case nodes.Block(scoped=False):
                self._print_block(node.name, 0)
            case nodes.Import() | nodes.FromImport() if scope is not self._top or node.with_context:
                self.report(
                    node, "code-not-allowed", "import 只可写在模板开头，不带 with context", "写在 {% extends %} 之后"
                )
            case nodes.Import():
                self._top[node.target] = self._module(node, node.template) or Unknown()
            case nodes.FromImport():
                self._top.update(self._imported(node))
            case nodes.Include():
                self._include(node, scope)
            case _:
                super().statement(node, scope)

    def value(self, node: nodes.Node, scope: Scope) -> Value:
        """Evaluate an expression; macros of the house and ``super()`` may be called."""
        match node:
            case nodes.Call(node=nodes.Name(name="super"), args=[], kwargs=[]) if self._printing:
                name, version = self._printing[-1]
                self._print_block(name, version + 1)
                return Shown()
            case nodes.Call(node=nodes.Name() as called) | nodes.Call(node=nodes.Getattr(node=nodes.Name() as called)):
                if all(isinstance(one, Module | Macro | Unknown) for one in each(scope.get(called.name, Shown()))):
                    return either(self._call(node, one, scope) for one in each(self.value(node.node, scope)))
                return self.refuse(node)
            case _:
                return super().value(node, scope)

    def _print_block(self, name: str, version: int) -> None:
        if version >= len(self._fillings[name]) or len(self._printing) > _DEEPEST:
            return
        filling = self._fillings[name][version]
        self._printing.append((name, version))
        with self.at(filling.site):
            self.body(filling.block.body, dict(self._top))
        self._printing.pop()

    def _file(self, node: nodes.Node, template: nodes.Expr) -> Source | None:
        """Return the file of the house that a statement names, or report why there is none."""
        name = template.value if isinstance(template, nodes.Const) else None
        if not isinstance(name, str) or not _HOUSE_FILE.fullmatch(name):
            self.report(
                node, "code-not-allowed", "只可引入 _house/ 里的文件，文件名须直接写明", '写成 "_house/base.html"'
            )
            return None
        found = self._house(name)
        if found is None:
            self.report(node, "unknown-file", f"没有文件 {name}，或它不是合规的模板", "请核对文件名，检查该文件")
        return found

    def _module(self, node: nodes.Node, template: nodes.Expr) -> Module | None:
        source = self._file(node, template)
        if source is None or not isinstance(template, nodes.Const):
            return None
        if template.value not in self._modules:
            scope: dict[str, Value] = {}
            macros: dict[str, Macro] = {}
            self._modules[template.value] = Module(macros, template.value)
            with self.at(source.site):
                for child in source.tree.body:
                    match child:
                        case nodes.Macro():
                            macros[child.name] = Macro(child, scope, template.value)
                        case nodes.Import():
                            scope[child.target] = self._module(child, child.template) or Unknown()
                        case nodes.FromImport():
                            scope.update(self._imported(child))
            scope.update(macros)
        return self._modules[template.value]

    def _imported(self, node: nodes.FromImport) -> dict[str, Value]:
        module = self._module(node, node.template)
        pairs = [name if isinstance(name, tuple) else (name, name) for name in node.names]
        return {alias: self.member(node, module, name) if module else Unknown() for name, alias in pairs}

    def _include(self, node: nodes.Include, scope: Scope) -> None:
        source = self._file(node, node.template)
        if source is not None:
            with self._deeper(node) as allowed, self.at(source.site):
                if allowed:
                    self.body(source.tree.body, dict(scope) if node.with_context else {})

    def _call(self, node: nodes.Call, macro: Value, scope: Scope) -> Value:
        """Walk a macro's body with what it is given, so that a wrong value is found where it is handed over."""
        if not isinstance(macro, Macro):
            return macro if isinstance(macro, Unknown) else self.refuse(node)
        names = [name.name for name in macro.node.args]
        given = {name: self.value(argument, scope) for name, argument in zip(names, node.args, strict=False)}
        given |= {pair.key: self.value(pair.value, scope) for pair in node.kwargs}
        defaults = names[len(names) - len(macro.node.defaults) :]
        for name, default in zip(defaults, macro.node.defaults, strict=True):
            given.setdefault(name, self.value(default, macro.scope))
        excess = len(node.args) + len(node.kwargs) > len(names)
        if set(given) != set(names) or excess or node.dyn_args or node.dyn_kwargs:
            return self.report(
                node, "wrong-call", f"宏 {macro.node.name} 的参数不对", f"写成 {macro.node.name}({', '.join(names)})"
            )
        place, words = self._site.place, expression(node)
        site = Site(lambda _, __: place(node.lineno, words), f"（经 {macro.file} 的宏 {macro.node.name}）")
        with self._deeper(node) as allowed, self.at(site):
            if allowed:
                self.body(macro.node.body, {**macro.scope, **given})
        return Shown()

    @contextmanager
    def _deeper(self, node: nodes.Node) -> Iterator[bool]:
        """Go one file or macro deeper, unless they go round in a circle."""
        if self._depth >= _DEEPEST:
            self.report(node, "code-not-allowed", "宏或文件互相引用，没有尽头", "请拆开循环引用")
        self._depth += 1
        try:
            yield self._depth <= _DEEPEST
        finally:
            self._depth -= 1
