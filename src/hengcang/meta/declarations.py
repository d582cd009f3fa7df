"""声明 Declarations: what a document type, a master, a report is; everything else is drawn from these.

A declaration is plain frozen data plus pure functions. Engine, API, form, list, import, export, permission and
OpenAPI read it; none of them asks which type it is or where it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hengcang.core.errors import NOWHERE, LineAt
from hengcang.core.lifecycle import Transition, transitions_of
from hengcang.core.posting import Control, DocumentFacts, Posting
from hengcang.core.shipping import DeliveryState


class Kind(StrEnum):
    """字段类别 The kinds of fields; the browser has one file for each."""

    TEXT = "text"
    LONGTEXT = "longtext"
    INTEGER = "integer"
    QUANTITY = "quantity"
    PRICE = "price"
    MONEY = "money"
    RATE = "rate"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    REF = "ref"
    DOCUMENT = "document"
    UNIT = "unit"
    LOT = "lot"
    SERIALS = "serials"


NUMBERS = frozenset({Kind.QUANTITY, Kind.PRICE, Kind.MONEY, Kind.RATE})
REFERENCES = frozenset({Kind.REF, Kind.DOCUMENT, Kind.UNIT, Kind.LOT})


FOREIGN = "foreign"
VARIANTS = "variants"
SECOND_UNITS = "second_units"
BINS = "bins"


class Mask(StrEnum):
    """字段权限类 Classes of fields that a role may be kept from seeing."""

    COST = "cost"
    PURCHASE_PRICE = "purchase_price"
    SALES_PRICE = "sales_price"
    TRANSFER_PRICE = "transfer_price"


class Total(StrEnum):
    """合计口径 What of its money lines a document amounts to: the cash, all of them, the larger side of what is cleared, or what
    they are worth in the book's currency."""

    CASH = "cash"
    LINES = "lines"
    CLEARED = "cleared"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class Choice:
    """选项 One value of a choice field; `tone` colours it; one with a `feature` is offered while the book has that, as a field."""

    value: str
    label: str
    tone: str = "default"
    feature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """字段 One field. `column` is where it is kept: a model attribute (default: its name), or `ext:name` in the JSON.

    `scale` is the number of decimals shown at most; `mask` the class of people's eyes it can be kept from; `fills` maps own
    field ← key of the picked option; `drill` makes a cell clickable (see docs/develop/api.md). `inherits` names the header
    field whose value a line has where it holds none of its own; one that is `within` names a part of that. `feature` names
    the setting of the book without which it is not there: FOREIGN where a foreign currency is active, VARIANTS where there
    are families of items, SECOND_UNITS where items have a second unit, BINS where warehouses have bins. `after_posting` is
    the right under which it may still change once its document is posted, because it means nothing to the books; such a fact
    is of that document alone: no copy, conversion or reversal has it. What is `linked` is put there by a conversion: the
    form shows it and leaves it as it is. One with `when` is there only while the header's fields have these values:
    otherwise it is empty, and a value sent for it is refused.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    column: str = ""
    ref: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    readonly: bool = False
    default: Any = None
    mask: Mask | None = None
    scale: int | None = None
    total: bool = False
    width: int = 120
    group: str = ""
    help: str = ""
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    fills: Mapping[str, str] = field(default_factory=dict)
    inherits: str = ""
    drill: Mapping[str, Any] | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    personal: bool = False
    secret: bool = False
    unique: bool = False
    sortable: bool = True
    feature: str = ""
    after_posting: str = ""
    linked: bool = False
    within: bool = False
    when: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The model attribute that keeps the value."""
        return self.column or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """列表 What a list shows, filters and sorts by."""

    columns: tuple[str, ...]
    filters: tuple[str, ...] = ()
    sort: str = "-id"
    search: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """明细表 A table of lines: `model` as app.Model, `parent` its foreign key.

    `matches` names line attributes that must equal attributes of the header (documents: the revision); `base_filter`
    holds for all of its lines and is given to new ones. `most` is how many lines it takes (0: any number). `inward` and
    `outward` say of one of several tables of goods what those of the type say where there is one.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    model: str = ""
    parent: str = ""
    role: str = ""
    required: bool = False
    most: int = 0
    inward: bool = False
    outward: bool = False
    matches: Mapping[str, str] = field(default_factory=dict)
    base_filter: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterType:
    """基础资料 A kind of master record. `code_field` and `label_field` name it; `ref_fields` adds to a reference to it.

    `scope` names the data-scope dimension whose keys are this master's ids; `scope_paths` limits it by other
    dimensions. `prepare(values)` is a pure step over the whole record to be saved (such as making pinyin initials): it
    gives what it changes and may raise refusals. `check(before, after)` runs before, `saved(before, after)` after the
    writing, `check_delete(before)` before a deletion, each in its transaction; they may look at the database. `settle(ids)`
    is the last act of a save, or of an import for all of its records, of those that `concerns(before, after)`: it may take
    locks that come after those of the records.
    `search_column` is one lower-case text that holds all that is searched. `base_filter` says which rows of the table are
    this master's; new ones get its plain values. `subject` is the subject of its permissions where several masters share
    them. `option_filters` are references by which a call limits its picker; `option_fields` are shown by it;
    `open_options` lets everybody pick one by code and name without the right to view it (colleagues, units).
    `generates` is the collection of the records that one of these makes (catalog/variants.py): the form has a button for
    it, and lines that take such records a matrix.
    """

    name: str
    collection: str
    label: str
    model: str
    fields: tuple[Field, ...]
    list: ListView
    lines: tuple[Lines, ...] = ()
    code_field: str = "code"
    label_field: str = "name"
    code_pattern: str = ""
    scope: str = ""
    scope_paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: tuple[str, ...] = ("code", "name")
    search_column: str = ""
    ref_fields: Mapping[str, str] = field(default_factory=dict)
    option_fields: tuple[str, ...] = ()
    option_filters: tuple[str, ...] = ()
    open_options: bool = False
    prepare: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    check: Callable[[Mapping[str, Any] | None, Mapping[str, Any]], None] | None = None
    saved: Callable[[Mapping[str, Any] | None, Mapping[str, Any]], None] | None = None
    concerns: Callable[[Mapping[str, Any] | None, Mapping[str, Any]], bool] | None = None
    settle: Callable[[Collection[int]], None] | None = None
    check_delete: Callable[[Mapping[str, Any]], None] | None = None
    base_filter: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    generates: str = ""

    @property
    def permission(self) -> str:
        """The subject of its permissions: `subject` where a view of another master shares them, else its name."""
        return self.subject or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """费用带出 What of a document's header becomes a line of money in another, once: header fields say how much (`amount`, in the
    book's currency) and, but for the document's own party, with whom (`party`); `by` is the choice whose value names the category
    of income or expense in `categories`; for other values there is no such charge. `remark` goes along."""

    amount: str
    by: str
    categories: Mapping[str, str]
    party: str = "party"
    remark: str = "remark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """下推 From this type into `target`: `purpose` is the column of progress it consumes.

    `header`/`line` map target field ← source field beyond those of the same name, `sets` gives target header fields;
    `same` maps place fields of the target's lines ← those of the source lines that they must equal, since the goods lie where
    the source line left them. `when`: the values of source header fields without which there is no such conversion; `only`:
    those that lines must have. `through`: the target's lines name, and take from, the lines that these lines came from
    themselves. `role` names the table of goods lines that it carries, where that is not the first. `split_by` names a
    reference of the item to a party: the lines go into a draft for each (those without into one that asks for it), which is
    another party's business, so that party, discount and prices are not the source's; prices are the item's. `onward`:
    purposes under which the progress of the target's lines is told at the source's lines too. `charge`: a line of money made
    of the source's header, which names the source, instead of what is open of it.
    """

    target: str
    label: str
    purpose: str
    from_states: tuple[str, ...] = ("posted",)
    header: Mapping[str, str] = field(default_factory=dict)
    line: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)
    through: bool = False
    money: bool = False
    role: str = ""
    split_by: str = ""
    onward: tuple[str, ...] = ()
    charge: Charge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFill:
    """带出明细 A button of the form that fills a table of lines from what was entered: `fill(viewer, declaration, raw)` gives them
    by table, as a document shows lines. It keeps nothing; the user sees them, and saves. It is there under the header that `when`
    says, as a field."""

    name: str
    label: str
    fill: Callable[..., Mapping[str, Sequence[Mapping[str, Any]]]]
    when: Mapping[str, str] = field(default_factory=dict)


CHARGED = "charged_document"
_CONTROL_OF_ROLE = {"customer": (Control.RECEIVABLE,), "supplier": (Control.PAYABLE,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """单据类型 A document type. `posting` is its pure rule; an order has none and moves nothing.

    `goods` is its table of goods lines, whose amounts are the header's; `more_goods` are further ones (components beside
    products), each of a role of its own, that bear no prices.

    `party_role`: supplier or customer. `opens`: the control accounts on which it leaves open items (by default that of its
    party's role), `clears`: those its money lines may clear. `total`: what of its money lines it amounts to.
    `consumes`: purpose under which its lines take from their source lines. `tolerance`: fraction above the source line's
    quantity still allowed. `freezes`: its lines fix a book quantity at the position that a freeze draws (盘点).
    `counts`: posting it freezes the books and lists what is to be counted by many people; what they counted becomes documents of
    the type it names, which freezes.
    `inward`/`outward`: whether goods come to `target_place` or leave `source_place` (what a lot or a stock figure on the
    line refers to). `bills`: every line names a line of another document and says what that really costs. `closes`:
    posting it closes the period that ends at its date, unposting reopens it. `sourced`: every line names a line of another
    document. `gathers`: what the moves of its follow-up documents cost is one cost group, which closing it settles.
    `gives_back`: its lines also give back what their source lines took of their own sources (退料 of an order's 领料).
    `uses_credit`: posting it is checked against the customer's credit limit; an order that does so counts until delivered.
    `expected`: the header field, kept in `ext`, with the day on which an order's lines are to be carried out; what is open
    of them comes or goes on that day. `reserves`: it holds stock back where its header field `reserve` says so, until the day
    in `reserve_until`. `ships`: its goods go out to be used, so that
    expired lots are held back (what is thrown away or goes back to its supplier may be expired).
    `fill(viewer, document, lines, answers)` makes the money lines of the header, where nobody types them but the fields that
    are not read-only. `prices(viewer, lines)` gives prices to parsed goods lines, each beside its document, that state none,
    before amounts are computed. `agrees`: it tells its party what stands in a period, from `date_from` to `date_to`, and takes the
    answer. `side_masks`: by the value of its header field `side`, kept in `ext`, the class of fields that it is made of; who
    may not see these does not see the document. `delivery` is the state of delivery in which posting it leaves its goods
    (物流): it has the fields of logistics. `signed_by`: the purpose under which its lines are taken when the goods arrive; once all
    are, the goods are signed for. `exchanges`: each of its money lines goes from a cash account of one currency to one of
    another, both with their amounts; the type is shown only while the book has an active foreign currency.
    """

    name: str
    collection: str
    label: str
    number_pattern: str
    fields: tuple[Field, ...]
    list: ListView
    goods: Lines | None = None
    more_goods: tuple[Lines, ...] = ()
    money: Lines | None = None
    posting: Callable[[DocumentFacts], Posting] | None = None
    conversions: tuple[Conversion, ...] = ()
    line_fills: tuple[LineFill, ...] = ()
    consumes: str = ""
    reversed_by: str = ""
    approval: bool = False
    party_role: str = ""
    opens: tuple[Control, ...] = ()
    clears: tuple[Control, ...] = ()
    total: Total = Total.CASH
    tolerance: Decimal = Decimal(0)
    closable: bool = False
    freezes: bool = False
    counts: str = ""
    inward: bool = False
    outward: bool = False
    bills: bool = False
    closes: bool = False
    uses_credit: bool = False
    sourced: bool = False
    gathers: bool = False
    gives_back: bool = False
    ships: bool = False
    fill: Callable[..., Any] | None = None
    prices: Callable[..., None] | None = None
    agrees: bool = False
    side_masks: Mapping[str, Mask] = field(default_factory=dict)
    price_mask: Mask | None = None
    expected: str = ""
    reserves: bool = False
    delivery: DeliveryState | None = None
    signed_by: str = ""
    exchanges: bool = False
    menu: str = ""

    def transitions(self, *, approval: bool) -> tuple[Transition, ...]:
        """动作 The transitions that its documents have."""
        return transitions_of(approval=approval, closable=self.closable, reversible=self.reversible, reserves=self.reserves)

    @property
    def tables(self) -> tuple[Lines, ...]:
        """The line tables it has, goods first."""
        return (*self.goods_tables, *((self.money,) if self.money is not None else ()))

    @property
    def goods_tables(self) -> tuple[Lines, ...]:
        """商品明细表 Its tables of goods lines, the one that counts first."""
        return (*((self.goods,) if self.goods is not None else ()), *self.more_goods)

    @property
    def main_role(self) -> str:
        """主表 The role of the lines of its first table of goods lines."""
        return self.goods.role if self.goods is not None else ""

    def table_of(self, role: str) -> Lines | None:
        """The table of goods lines of that role."""
        return next((one for one in self.goods_tables if one.role == role), None)

    def comes_in(self, lines: Lines) -> bool:
        """入库 Whether the goods of a table come to their target place."""
        return lines.inward if self.more_goods else self.inward

    def goes_out(self, lines: Lines) -> bool:
        """出库 Whether the goods of a table leave their source place."""
        return lines.outward if self.more_goods else self.outward

    @property
    def moves_goods(self) -> bool:
        """移动商品 Whether posting moves the goods of its lines."""
        return self.posting is not None and any(self.comes_in(one) or self.goes_out(one) for one in self.goods_tables)

    def line_at(self, role: str, number: int) -> LineAt:
        """行位置 Where the goods line of that role and number stands."""
        table = self.table_of(role)
        if table is None:
            return NOWHERE
        return LineAt(table.name, number, table.label if self.more_goods else "")

    @property
    def buys(self) -> bool:
        """买入 Whether its goods are bought: they come in, and their invoice may come later."""
        return self.inward and self.party_role == "supplier" and any(one.purpose == "invoiced" for one in self.conversions)

    @property
    def needs_source(self) -> bool:
        """须有源单 Whether its lines cannot begin here."""
        return self.sourced or self.bills

    @property
    def billable(self) -> bool:
        """可开票 Whether its debt may wait for a bill (开票立账): its lines go on into one."""
        return any(one.purpose == "invoiced" for one in self.conversions)

    @property
    def charged_by(self) -> Field | None:
        """费用来源 The field of its money lines that names the document whose charge a line is."""
        return next((one for one in self.money.fields if one.name == CHARGED), None) if self.money is not None else None

    def fields_open_to(self, right: str) -> tuple[Field, ...]:
        """过账后可改 The header fields that may change after posting under a right."""
        return tuple(one for one in self.fields if one.after_posting == right and not one.readonly)

    @property
    def reversible(self) -> bool:
        """可红冲 Whether a red document can take it back; what closes a period or only tells of one is opened again instead."""
        return not (self.closes or self.agrees or self.counts)

    @property
    def progress_purpose(self) -> str:
        """执行用途 The purpose its progress is read from: that of its first conversion of lines of its first table."""
        return next((one.purpose for one in self.conversions if not one.money and one.role in ("", self.main_role)), "")

    @property
    def controls(self) -> tuple[Control, ...]:
        """往来科目 The control accounts on which it leaves open items."""
        return self.opens or _CONTROL_OF_ROLE.get(self.party_role, ())


@dataclass(frozen=True, slots=True)
class FileForm:
    """文件格式 A file of its own kind that a report gives beside Excel and CSV: `lines(parameters)` as it is made."""

    label: str
    extension: str
    lines: Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class ReportAction:
    """报表动作 What may be done from a report, with its parameters: `run(viewer, parameters, name, content)` gives a message.

    With `file` it takes one (its name and content), else both are empty. It needs the right to `change` the report.
    """

    name: str
    label: str
    run: Callable[..., str]
    file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """一键处理 What a report's chosen rows become: drafts of `target`.

    `drafts(viewer, ids)` gives their contents from the rows' ids, read anew under the viewer's rights. `when` names the
    parameter values under which it is offered; all of them for an empty one.
    """

    name: str
    label: str
    target: str
    drafts: Callable[..., list[dict[str, Any]]]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineCommand:
    """逐行动作 A transition that can be asked of chosen rows: each is a line (`id`) of the document in its column `document`.

    `when` names the parameter values under which it is offered; all of them for an empty one.
    """

    transition: str
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chart:
    """图 A line over the rows of a report: column `y` against column `x`, a line of its own for each value of column `by`.

    What lies below zero is marked.
    """

    x: str
    y: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportType:
    """报表 A report: parameters, columns, and the function that gives its rows under a viewer's rights.

    `run(viewer, parameters, limit)`: at most `limit` rows and the sums of all; every row, made as it is read, for None.
    `files` are further kinds of files by format name, for whoever may see all of the report.
    Rows of a report with remedies have an `id`. `kept_from(viewer)` gives an empty report with the reason for whom all of
    it is kept from; who sees nothing of it takes none of its actions.
    """

    name: str
    label: str
    parameters: tuple[Field, ...]
    columns: tuple[Field, ...]
    run: Callable[..., Any]
    menu: str = ""
    files: Mapping[str, FileForm] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    commands: tuple[LineCommand, ...] = ()
    actions: tuple[ReportAction, ...] = ()
    chart: Chart | None = None
    kept_from: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """菜单项 One line of the menu: kind (document, master, report, page) and name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Menu:
    """菜单 One group of the menu."""

    name: str
    label: str
    entries: Sequence[MenuEntry]


Declared = DocumentType | MasterType | ReportType
