"""Every placeholder of a template against the form's shape, in every branch, taken or not.

The walk is an allow-list over jinja's syntax tree: what it does not know it refuses. That list is the whole of what a
Word template may do; ``composed`` adds what HTML templates may take from the house.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jinja2 import nodes

from docgen.contract.kinds import KIND_NAMES, MUST_FILTER, TAKES
from docgen.contract.values import (
    LOOP_NAMES,
    Constant,
    Data,
    Flag,
    Lines,
    Listed,
    Loop,
    Module,
    Scope,
    Shown,
    Unknown,
    Value,
    each,
    either,
    expression,
    field_at,
    is_flag,
    near,
)
from docgen.errors import Place, TemplateFinding
from docgen.forms.shape import Group, Leaf, LeafKind, Series, leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_REFUSED: Final[Sequence[tuple[tuple[type[nodes.Node], ...], str]]] = (
    ((nodes.Call, nodes.CallBlock), "函数调用"),
    ((nodes.Assign, nodes.AssignBlock, nodes.With), "变量赋值"),
    ((nodes.Macro, nodes.Block, nodes.Extends), "宏、块和继承"),
    ((nodes.Include, nodes.Import, nodes.FromImport), "引入其他文件"),
    ((nodes.BinExpr, nodes.UnaryExpr, nodes.Concat), "运算"),
    ((nodes.Slice,), "切片"),
    ((nodes.Test,), "is 判断"),
    ((nodes.List, nodes.Tuple, nodes.Dict), "自造的列表"),
    ((nodes.FilterBlock, nodes.ScopedEvalContextModifier), "整段过滤"),
)
_ALLOWED: Final = "模板只用：{{ 字段 }}、for 循环、if 判断和过滤器 " + "、".join(f"|{name}" for name in TAKES)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the walk is: turns a line of the source and the words found there into a place for people."""

    place: Callable[[int, str], Place]
    aside: str = ""
    """Said behind each finding, where the source is not the checked file itself."""


class Walker:
    """Walks one template; findings and the paths that are on paper gather in it."""

    def __init__(self, printed: Group, shape: Group, extra: Scope, site: Site) -> None:
        """Take the fields that may be shown, all fields, the engine's own names, and the place to report from."""
        self.printed = printed
        self.shape = shape
        self._findings: dict[TemplateFinding, None] = {}
        self.used: set[str] = set()
        self._extra = extra
        self._site = site

    @property
    def findings(self) -> tuple[TemplateFinding, ...]:
        """What was found so far, in the order of the template."""
        return tuple(self._findings)

    @property
    def root_scope(self) -> Scope:
        """What names stand for at the top of a template."""
        return {name: Data(node, name) for name, node in self.printed.fields.items()} | dict(self._extra)

    def report(self, node: nodes.Node, code: str, detail: str, remedy: str) -> Unknown:
        """Add a finding at a node, once."""
        place = self._site.place(node.lineno, expression(node))
        self._findings[TemplateFinding(code, place, detail + self._site.aside, remedy)] = None
        return Unknown()

    def refuse(self, node: nodes.Node) -> Unknown:
        """Report what no template may do."""
        what = next((name for kinds, name in _REFUSED if isinstance(node, kinds)), type(node).__name__)
        return self.report(node, "code-not-allowed", f"模板里不可使用{what}", _ALLOWED)

    @contextmanager
    def at(self, site: Site) -> Iterator[None]:
        """Report from another place for a while."""
        before, self._site = self._site, site
        try:
            yield
        finally:
            self._site = before

    def body(self, statements: Sequence[nodes.Node], scope: Scope) -> None:
        """Walk statements in order."""
        for statement in statements:
            self.statement(statement, scope)

    def statement(self, node: nodes.Node, scope: Scope) -> None:
        """Walk one statement."""
        match node:
            case nodes.Output():
                for child in node.nodes:
                    if not isinstance(child, nodes.TemplateData):
                        self._print(child, self.value(child, scope))
            case nodes.For():
                self._for(node, scope)
            case nodes.If():
                self.value(node.test, scope)
                self.body([*node.body, *node.elif_, *node.else_], scope)
            case _:
                self.refuse(node)

    def _for(self, node: nodes.For, scope: Scope) -> None:
        if node.test is not None or node.recursive:
            self.report(
                node, "code-not-allowed", "循环不可带条件或递归，否则会漏印", "循环全部列表，在循环里用 if 判断"
            )
        self.body(node.else_, scope)
        series = self.value(node.iter, scope)
        targets = [
            name.name for name in (node.target, *node.target.find_all(nodes.Name)) if isinstance(name, nodes.Name)
        ]
        if not isinstance(node.target, nodes.Name):
            self.report(node, "code-not-allowed", "循环变量只能是一个名称", "写成 for item in items")
            series = Unknown()
        item = either(self._item(node.iter, one) for one in each(series))
        self.body(node.body, {**scope, **dict.fromkeys(targets, item), "loop": Loop()})

    def _item(self, node: nodes.Node, value: Value) -> Value:
        match value:
            case Data(node=Series() as series):
                return Data(series.item, f"{value.path}[]")
            case Lines():
                return Shown((value.use,))
            case Listed():
                return either(value.items)
            case Unknown():
                return value
            case Data(node=Leaf(kind=LeafKind.TEXT | LeafKind.CHOICES) as leaf):
                return self._unfiltered(node, value.path, leaf)
            case _:
                return self.report(
                    node, "not-a-list", f"「{expression(node)}」不是列表，不能循环", "循环只用于列表字段和 |paragraphs"
                )

    def value(self, node: nodes.Node, scope: Scope) -> Value:
        """Evaluate an expression over the shape."""
        found: Value
        match node:
            case nodes.Name():
                found = scope.get(node.name) or self._unknown(node, node.name, self.printed, "")
            case nodes.Getattr():
                found = self._each(node, self.value(node.node, scope), node.attr)
            case nodes.Getitem(arg=nodes.Const(value=str() | int() as key)) if not isinstance(key, bool):
                found = self._each(node, self.value(node.node, scope), key)
            case nodes.Filter(node=nodes.Expr() as inner):
                found = self._filter(node, inner, scope)
            case nodes.Const():
                found = Constant(node.value)
            case nodes.List() if node.items and all(isinstance(item, nodes.Const) for item in node.items):
                found = Listed(tuple(Constant(item.value) for item in node.items if isinstance(item, nodes.Const)))
            case _:
                found = self._choice(node, scope)
        return found

    def _choice(self, node: nodes.Node, scope: Scope) -> Value:
        """Evaluate what asks or decides."""
        found: Value
        match node:
            case nodes.Compare():
                found = self._compare(node, scope)
            case nodes.Not():
                self.value(node.node, scope)
                found = Flag()
            case nodes.And() | nodes.Or():
                found = either((self.value(node.left, scope), self.value(node.right, scope)))
            case nodes.CondExpr(expr2=nodes.Expr() as other):
                self.value(node.test, scope)
                found = either((self.value(node.expr1, scope), self.value(other, scope)))
            case nodes.CondExpr():
                found = self.report(node, "code-not-allowed", "行内 if 缺少 else", "写成 {{ 甲 if 条件 else 乙 }}")
            case _:
                found = self.refuse(node)
        return found

    def _unknown(self, node: nodes.Node, name: str, group: Group, path: str) -> Unknown:
        full = f"{path}.{name}" if path else name
        if name.startswith("_"):
            return self.report(node, "code-not-allowed", "模板里不可使用以下划线开头的名称", _ALLOWED)
        if (hidden := field_at(self.shape, full)) is not None:
            return self.report(
                node,
                "unprinted-field",
                f"字段 {full}（{hidden.title}）只用于核对，表上没有它的位置",
                "请删除这个占位符",
            )
        return self.report(node, "unknown-placeholder", f"没有字段 {full}", near(name, group.fields, self.printed))

    def _each(self, node: nodes.Node, base: Value, key: str | int) -> Value:
        return either(
            self._at_index(node, one, key) if isinstance(key, int) else self.member(node, one, key)
            for one in each(base)
        )

    def member(self, node: nodes.Node, base: Value, name: str) -> Value:
        """Return what ``base.name`` stands for."""
        found: Value
        match base:
            case Unknown():
                found = base
            case Data(node=Group() as group):
                child = group.fields.get(name)
                found = Data(child, f"{base.path}.{name}") if child else self._unknown(node, name, group, base.path)
            case Loop():
                found = self._of_loop(node, name)
            case Module():
                found = base.macros.get(name) or self.report(
                    node, "unknown-macro", f"{base.file} 里没有宏 {name}", f"可用的宏：{'、'.join(base.macros)}"
                )
            case _ if name.startswith("_"):
                found = self.report(node, "code-not-allowed", "模板里不可使用以下划线开头的名称", _ALLOWED)
            case Data(node=Series() as series):
                detail = f"{base.path}（{series.title}）是列表，没有 {name}"
                remedy = f"用 for 循环，或写 {base.path}[0].{name}"
                found = self.report(node, "unknown-placeholder", detail, remedy)
            case _:
                detail = f"「{expression(node)}」不存在：前面的值没有下级字段"
                found = self.report(node, "unknown-placeholder", detail, f"请删去 .{name}")
        return found

    def _of_loop(self, node: nodes.Node, name: str) -> Value:
        if name not in LOOP_NAMES:
            names = "、".join(f"loop.{one}" for one in sorted(LOOP_NAMES))
            return self.report(node, "code-not-allowed", f"不可使用 loop.{name}", f"可用：{names}")
        return Shown() if name in {"index", "index0"} else Flag()

    def _at_index(self, node: nodes.Node, base: Value, index: int) -> Value:
        match base:
            case Unknown():
                return base
            case Data(node=Series() as series) if 0 <= index < series.slots:
                return Data(series.item, f"{base.path}[{index}]")
            case Data(node=Series() as series):
                remedy = f"可用 {base.path}[0] 至 {base.path}[{series.slots - 1}]" if series.slots else "请用 for 循环"
                return self.report(
                    node, "index-beyond-slots", f"{series.title}共 {series.slots} 格，没有第 {index + 1} 格", remedy
                )
            case _:
                return self.report(node, "not-a-list", f"「{expression(node)}」前面的值不是列表", "序号只用于列表字段")

    def _filter(self, node: nodes.Filter, inner: nodes.Expr, scope: Scope) -> Value:
        base = self.value(inner, scope)
        if node.name not in TAKES:
            known = "、".join(f"|{name}" for name in TAKES)
            return self.report(node, "code-not-allowed", f"过滤器 |{node.name} 不可使用", f"可用的过滤器：{known}")
        options = [self.value(argument, scope) for argument in node.args]
        wanted = 1 if node.name == "tick" else 0
        if len(options) != wanted or node.kwargs or node.dyn_args or node.dyn_kwargs:
            form = '写成 字段|tick("选项")' if wanted else f"写成 字段|{node.name}"
            return self.report(node, "wrong-filter", f"过滤器 |{node.name} 的括号不对", form)
        return either(self._filtered(node, one, options) for one in each(base))

    def _filtered(self, node: nodes.Filter, base: Value, options: Sequence[Value]) -> Value:
        match base:
            case Unknown():
                return base
            case Data(node=Series(item=Leaf(kind=LeafKind.LINE))) if node.name == "names":
                return Shown((f"{base.path}[]",))
            case Data(node=Group(fields={"data": Leaf(kind=LeafKind.PICTURE)})) if node.name == "picture":
                return Shown((f"{base.path}.data",))
            case Data(node=Leaf() as leaf) if leaf.kind in TAKES[node.name]:
                if node.name == "tick":
                    return self._ticks(node, leaf, base.path, options[0])
                return Lines(base.path) if node.name == "paragraphs" else Shown((base.path,))
            case Data(node=Leaf() as leaf):
                what = f"{base.path}（{leaf.title}）是{KIND_NAMES[leaf.kind]}"
            case Data():
                what = f"{base.path}（{base.node.title}）是{'列表' if isinstance(base.node, Series) else '一组字段'}"
            case _:
                what = "前面的值不是字段"
        return self.report(node, "wrong-filter", f"{what}，不能用 |{node.name}", "请换用与字段类型相符的过滤器")

    def _ticks(self, node: nodes.Filter, leaf: Leaf, path: str, options: Value) -> Value:
        uses: list[str] = []
        for option in each(options):
            match option:
                case Unknown():
                    pass
                case Constant(value=str() as word) if word in leaf.options:
                    uses.append(f"{path}#{word}")
                case _:
                    word = f"「{option.value}」" if isinstance(option, Constant) else "括号里的值"
                    detail = f"{word}不是 {path}（{leaf.title}）的选项"
                    self.report(node, "unknown-option", detail, f"可用的选项：{'、'.join(leaf.options)}")
        return Shown(tuple(uses))

    def _compare(self, node: nodes.Compare, scope: Scope) -> Value:
        sides = [self.value(side, scope) for side in (node.expr, *(operand.expr for operand in node.ops))]
        options = {
            option: side.node
            for side in sides
            if isinstance(side, Data) and isinstance(side.node, Leaf)
            for option in side.node.options
        }
        for side in sides:
            if (
                options
                and isinstance(side, Constant)
                and isinstance(side.value, str)
                and side.value not in {"", *options}
            ):
                self.report(node, "unknown-option", f"「{side.value}」不是选项", f"可用的选项：{'、'.join(options)}")
        return Flag()

    def _print(self, node: nodes.Node, value: Value) -> None:
        for one in each(value):
            match one:
                case Shown():
                    self.used.update(one.uses)
                case Data(node=Leaf() as leaf) if is_flag(leaf):
                    self.report(node, "not-printable", "这个值只表示是或否，不能印出", "放进 {% if … %}")
                case Data(node=Leaf() as leaf):
                    self.used.add(one.path)
                    if leaf.kind in MUST_FILTER:
                        self._unfiltered(node, one.path, leaf)
                case Data():
                    self.used.update(path for path, _ in leaves(one.node, one.path))
                    kind = "列表" if isinstance(one.node, Series) else "一组字段"
                    remedy = (
                        f"用 for 循环，人名可写 {one.path}|names"
                        if isinstance(one.node, Series)
                        else "请写出其中的字段"
                    )
                    self.report(node, "not-printable", f"{one.path}（{one.node.title}）是{kind}，不能直接印出", remedy)
                case Lines():
                    self.used.add(one.use)
                    self.report(
                        node, "not-printable", "|paragraphs 的结果是多段文字，不能直接印出", "放进 for 循环，逐段印出"
                    )
                case Unknown() | Constant():
                    pass
                case _:
                    self.report(node, "not-printable", f"「{expression(node)}」不是可以印出的值", "请改为字段名")

    def _unfiltered(self, node: nodes.Node, path: str, leaf: Leaf) -> Value:
        kind, remedy = MUST_FILTER[leaf.kind]
        self.used.add(path)
        return self.report(
            node,
            "filter-missing",
            f"{path}（{leaf.title}）是{kind}，须经过滤器印出",
            f"写成 {remedy.format(expression(node))}",
        )
