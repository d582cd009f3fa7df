"""Plays a story through the document service and compares what it expects with the books."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hengcang.access.models import User
from hengcang.access.viewer import system_viewer
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.catalog import variants
from hengcang.catalog.declare import ITEM_FAMILY, VARIANT_AXIS
from hengcang.catalog.models import Item, ItemUnit, StockLimit, Unit
from hengcang.core.errors import HengcangError
from hengcang.core.holding import Part
from hengcang.core.lifecycle import TRANSITIONS
from hengcang.core.posting import ACCOUNT_LABELS, Control
from hengcang.core.shipping import DELIVERY_LABELS
from hengcang.documents import conversion, count_entries, count_results, drafts, services, shipping
from hengcang.documents.count_figures import PHASE_LABELS
from hengcang.documents.logistics import BORNE
from hengcang.documents.making import BASES as BASES_OF_COST
from hengcang.documents.shipping import Shipment
from hengcang.ledger import stock_alerts
from hengcang.meta import registry
from hengcang.meta.declarations import DocumentType, Field
from hengcang.meta.masters import save_master
from hengcang.parties.models import Party
from hengcang.places.declare import BIN
from hengcang.places.models import CashAccount, Currency, CurrencyRate, ExpenseCategory, Place
from hengcang.records.models import Document
from tests import make
from tests.scenarios.expected import Books, number
from tests.scenarios.story import Row, Story, day_of, pairs, steps

METHODS = {"移动加权平均": "moving_average", "先进先出": "fifo", "个别计价": "specific_cost", "全月一次加权平均": "monthly_average"}
POLICIES = {"禁止": "forbid", "提示": "warn", "允许": "allow"}
TAXPAYERS = {"一般纳税人": "general_taxpayer", "小规模纳税人": "small_scale_taxpayer"}
DEBTS = {"收发货时": "goods", "开发票时": "bill"}
POOLS = {"总仓核算": "company", "分仓核算": "warehouse"}
BASES = {"金额": "amount", "数量": "quantity", "重量": "weight", "体积": "volume"}
SPLITS = {one.label: one.value for one in BASES_OF_COST}
ACCOUNTS = {label: account.value for account, label in ACCOUNT_LABELS.items()}
BOUNDS = {"下限": "stock_min", "上限": "stock_max", "安全库存": "safety_stock"}
CONTROLS = {one.label: one.value for one in Control}
FACTS = {"运单号": "tracking_numbers", "件数": "packages", "重量": "weight", "运费": "freight"}
PHASES = {label: phase for phase, label in PHASE_LABELS.items()}
VERBS = {one.label: name for name, one in TRANSITIONS.items()}


def at(text: str) -> AbstractContextManager[None]:
    """Ten in the morning of a day."""
    return clock.standing_at(datetime.combine(day_of(text), datetime.min.time(), timezone(timedelta(hours=8))) + timedelta(hours=10))


def statement(more: dict[str, str]) -> dict[str, Any]:
    """What is asked for in the header of a statement, and what was answered."""
    raw: dict[str, Any] = {}
    for word, name in (("开始", "date_from"), ("结束", "date_to"), ("确认", "confirmed_on")):
        if word in more:
            raw[name] = day_of(more[word]).isoformat()
    if "方向" in more:
        raw["side"] = {"应收": "customer", "应付": "supplier"}[more["方向"]]
    if "币别范围" in more:
        raw["currencies"] = {"本位币": "own_currency", "全部": "all"}[more["币别范围"]]
    if "对方期末" in more:
        raw["their_closing"] = more["对方期末"]
    return raw


def table_fields(declaration: DocumentType) -> tuple[Field, ...]:
    """The fields of a type's goods lines."""
    assert declaration.goods is not None
    return declaration.goods.fields


class Player(Books):
    """One story being played: the company, and its documents by the names the story gives them."""

    def __init__(self, story: Story) -> None:
        self.story = story
        settings = story.settings
        self.company = make.company(negative_stock=POLICIES[settings.get("负库存", "禁止")])
        self.book = change_book(
            taxpayer=TAXPAYERS[settings.get("纳税人", "一般纳税人")],
            pool_kind=POOLS[settings.get("核算方式", "总仓核算")],
            debts_at=DEBTS[settings.get("立账", "收发货时")],
            reserved_stock=POLICIES[settings.get("动用占用", "提示")],
        )
        if settings.get("信用额度"):
            Party.objects.filter(pk=self.company.customer.pk).update(credit_limit=number(settings["信用额度"]))
        self.types = {one.label: one for one in registry.documents().values()}
        self.documents: dict[str, Document] = {}
        for house, codes in pairs(settings.get("库位", "")).items():
            self.make_bins(house, codes)
        for row in story.items:
            self.make_item(row)
        for row in story.rates:
            self.make_rate(row)
        for row in story.families:
            self.make_family(row)

    def make_bins(self, house: str, codes: str) -> None:
        """Bins of a warehouse (`A-01、A-02`), made as the screen makes them."""
        warehouse = self.company.places[house]
        for code in codes.split("、"):
            pk = save_master(BIN, {"warehouse": warehouse.pk, "code": code}, self.company.viewer)
            self.company.places[code] = Place.objects.get(pk=pk)

    def make_rate(self, row: Row) -> None:
        """A rate of a foreign currency, made at first use."""
        currency = Currency.objects.get_or_create(code=row["币别"], defaults={"name": row["币别"]})[0]
        CurrencyRate.objects.create(currency=currency, rate_date=day_of(row["日期"]), rate=number(row["汇率"]))
        change_book(foreign=True)

    def make_family(self, row: Row) -> None:
        """A family with every item of its values (`颜色=红、蓝；尺码=S、M`), made as the screen makes them."""
        viewer = self.company.viewer
        raw: dict[str, Any] = {"code": row["款号"], "name": row["名称"], "base_unit": self.company.unit.pk, "tax_rate": "0"}
        for at, (name, values) in enumerate(pairs(row["规格项"]).items(), start=1):
            lines = [{"name": one} for one in values.split("、")]
            raw[f"axis_{at}"] = save_master(VARIANT_AXIS, {"name": name, "axis_values": lines}, viewer)
            raw[f"chosen_{at}"] = values
        family = save_master(ITEM_FAMILY, raw, viewer)
        rows = variants.preview(family, viewer, {})["rows"]
        variants.change(family, viewer, variants.Wanted(create=[tuple(one["variants"]) for one in rows]))
        self.company.items |= {one.code: one for one in Item.objects.filter(family=family)}

    def make_item(self, row: Row) -> None:
        """An item as the story describes it."""
        values: dict[str, Any] = {"tax_rate": number(row.get("税率", "0")), "name": row["商品"]}
        values["costing_method"] = METHODS[row.get("计价方法") or "移动加权平均"]
        values["tracking"] = {"批次": "lot", "序列号": "serial"}.get(row.get("管理", ""), "lot" if row.get("批次管理") == "是" else "none")
        if row.get("保质期"):
            values["shelf_life_days"] = int(row["保质期"])
        if row.get("采购价"):
            values["purchase_price"] = number(row["采购价"])
        if row.get("默认供应商"):
            values["default_supplier_id"] = self.party(row["默认供应商"], self.types["采购订单"])
        if row.get("参考成本"):
            values["reference_cost"] = number(row["参考成本"])
        for name, factor in pairs(row.get("辅助单位", "")).items():
            values["second_unit"], _ = Unit.objects.get_or_create(code=name, defaults={"name": name, "decimals": 0})
            values["second_factor"] = number(factor)
            change_book(second_units=True)
        item = self.company.item(row["商品"], **values)
        for position, part in enumerate(filter(None, row.get("单位换算", "").split("；"))):
            unit, factor = part.split("=")
            made, _ = Unit.objects.get_or_create(code=unit, defaults={"name": unit})
            ItemUnit.objects.create(item=item, unit=made, factor=Decimal(factor), position=position)
        bounds = {name: number(row[word]) for word, name in BOUNDS.items() if row.get(word)}
        if bounds:
            StockLimit.objects.create(item=item, place=self.company.places["A"], **bounds)
            stock_alerts.of_items([item.pk])

    def item(self, code: str) -> Item:
        """An item of the story, made with defaults at first use."""
        return self.company.item(code, name=code)

    def party(self, name: str, declaration: DocumentType) -> int:
        """A party by name, made at first use and of any role it is used in; without a name the usual supplier or customer."""
        if not name:
            return (self.company.supplier if declaration.party_role == "supplier" else self.company.customer).pk
        party = Party.objects.get_or_create(name=name, defaults={"code": name, "payment_days": 30})[0]
        if declaration.party_role:
            setattr(party, f"is_{declaration.party_role}", True)
            party.save()
        return party.pk

    def play(self) -> None:
        """Every section in order."""
        with at(self.story.settings.get("今天", "3月31日")):
            for section in self.story.sections:
                if section.kind == "经过":
                    for step, lines in steps(section.tables[""]):
                        self.step(step, lines)
                else:
                    self.compare(section)

    # steps

    def step(self, step: Row, lines: list[Row]) -> None:
        """One step, with the outcome it states: nothing, 拒绝：…, or 提示：…."""
        wanted = step.get("结果", "")
        kind, _, text = wanted.partition("：")
        try:
            warnings = self.act(step, lines)
        except HengcangError as error:
            assert kind == "拒绝", f"{step}: {error}"
            assert error.message() == text, f"{step}: {error.message()}"
            return
        assert kind != "拒绝", f"{step}: was not refused"
        assert [one["message"] for one in warnings] == ([text] if kind == "提示" else []), f"{step}: {warnings}"

    def act(self, step: Row, lines: list[Row]) -> list[dict[str, Any]]:
        """Carry out a step; gives the warnings."""
        name, verb = step["单据"], step.get("动作") or "审核"
        if verb == "改参考成本":
            Item.objects.filter(code=step["商品"]).update(reference_cost=number(step["单价"]))
            return []
        if verb in ("保存", "审核") and name not in self.documents:
            self.documents[name] = self.draft(step, lines)
        if verb == "下推":
            self.convert(step, lines)
            return []
        document = self.documents[name]
        if verb in PHASES:
            self.count(document, PHASES[verb], lines)
        elif verb == "定案":
            self.settle_count(document, pairs(step.get("其他", "")))
        elif verb == "物流":
            self.ship(document, pairs(step.get("其他", "")))
        elif verb == "修改":
            declaration = registry.document(document.type)
            drafts.save(self.company.viewer, declaration, document.pk, self.content(declaration, step, lines, document))
        elif verb == "删除":
            drafts.delete(self.company.viewer, registry.document(document.type), document.pk)
            return []
        elif TRANSITIONS[VERBS.get(verb, "post")].by_line and step.get("商品"):
            return self.hold(document, verb, lines, step.get("说明") or "按故事")
        elif verb != "保存":
            answer = self.company.act(document, VERBS[verb], reason=step.get("说明") or "按故事")
            if verb == "红冲":
                self.documents[f"红字{name}"] = Document.objects.get(reverses=document)
            return list(answer["warnings"])
        document.refresh_from_db()
        return []

    def count(self, plan: Document, phase: str, lines: list[Row]) -> None:
        """What somebody (`盘点人=`) counted of a plan's lines in one pass; the warehouse is that of the row, else A."""
        for row in lines:
            more = pairs(row.get("其他", ""))
            name = more.get("盘点人", "老板")
            user, _ = User.objects.get_or_create(display_name=name, defaults={"username": name})
            place = self.company.places[(row.get("库位") or row.get("仓库") or "A").removesuffix("仓")]
            listed = plan.goods_lines.filter(revision=plan.revision, role="listed", source_place=place)
            line = listed.get(item__code=row["商品"]).pk
            counted = count_entries.Counted(line, phase, number(row["数量"]), sets=more.get("改为") == "是")
            count_entries.enter(system_viewer(user.pk, name), registry.document(plan.type), plan.pk, counted)

    def hold(self, document: Document, verb: str, lines: list[Row], reason: str) -> list[dict[str, Any]]:
        """What lines of an order hold back, let go of, or hand over to a line of another (`转给=`), each a row; all of it without 数量."""
        parts = []
        for row in lines:
            more = pairs(row.get("其他", ""))
            taker = self.order_line(self.documents[more["转给"]], row) if "转给" in more else None
            quantity = number(row["数量"]) if row.get("数量") else None
            parts.append(Part(self.order_line(document, row), quantity, taker))
        order = services.Order(document.pk, VERBS[verb], None, reason, parts=parts)
        answer = services.transition(self.company.viewer, registry.document(document.type), order)
        for other in self.documents.values():
            other.refresh_from_db()
        return list(answer["warnings"])

    def order_line(self, document: Document, row: Row) -> int:
        """The line of an order with the row's item, and with its lot where it names one (`批次=`)."""
        lot = pairs(row.get("其他", "")).get("批次")
        found = document.goods_lines.filter(revision=document.revision, item__code=row["商品"], lot__number=lot)
        return found.order_by("position")[0].pk

    def ship(self, document: Document, more: dict[str, str]) -> None:
        """What is written down of a delivery: facts, the state it came into, and a word."""
        declaration = registry.document(document.type)
        facts: dict[str, Any] = {name: more[word] for word, name in FACTS.items() if word in more}
        if "承运商" in more:
            facts["carrier"] = self.party(more["承运商"], self.types["采购入库单"])
        if "承担" in more:
            facts["freight_payer"] = {label: value for value, label in BORNE.items()}[more["承担"]]
        state = {label: one for one, label in DELIVERY_LABELS.items()}.get(more.get("状态", ""))
        one = Shipment(document.pk, None, facts, state, more.get("说明", ""))
        shipping.ship(self.company.viewer, declaration, [one])

    def settle_count(self, plan: Document, more: dict[str, str]) -> None:
        """The stock counts that a plan becomes, by the names the story gives them."""
        uncounted = {"按零": "zero", "不处理": "leave"}.get(more.get("未盘", ""), "")
        answer = count_results.settle(self.company.viewer, registry.document(plan.type), plan.pk, uncounted)
        for name, made in zip(more["盘点单"].split("、"), answer["documents"], strict=True):
            self.documents[name] = Document.objects.get(pk=made)

    def convert(self, step: Row, lines: list[Row]) -> None:
        """A draft with what is still open of the source documents, one a line; several where the conversion splits (`甲、乙`)."""
        sources = [self.documents[row["源单"]] for row in lines]
        wanted = conversion.Wanted(self.types[step["类型"]].name, [one.pk for one in sources])
        answer = conversion.convert(self.company.viewer, registry.document(sources[0].type), wanted)
        for name, made in zip(step["单据"].split("、"), answer["documents"], strict=True):
            self.documents[name] = Document.objects.get(pk=made)

    def draft(self, step: Row, lines: list[Row]) -> Document:
        """A new draft."""
        declaration = self.types[step["类型"]]
        raw = self.content(declaration, step, lines, None)
        answer = drafts.create(self.company.viewer, declaration, raw)
        return Document.objects.get(pk=answer["document"])

    def content(self, declaration: DocumentType, step: Row, lines: list[Row], document: Document | None) -> dict[str, Any]:
        """A step as a request: header and lines."""
        raw: dict[str, Any] = {}
        if document is not None:
            raw["version"] = document.version
        if step.get("日期"):
            raw["document_date"] = day_of(step["日期"]).isoformat()
        owner = next((one for one in declaration.fields if one.name == "party"), None)
        optional = owner is not None and "fee" in {one.name for one in declaration.fields}
        if owner is not None and (step.get("往来") or (document is None and not optional)):
            raw["party"] = None if step.get("往来") == "无" else self.party(step.get("往来", ""), declaration)
        raw.update(self.places(declaration, step.get("仓库", "")))
        more = pairs(step.get("其他", ""))
        if "优惠" in more:
            raw["discount_amount"] = more["优惠"]
        if "库位开头" in more:
            raw["bins"] = more["库位开头"]
        names = {one.name for one in declaration.fields}
        if "费用" in more and "fee" in names:
            raw["fee"] = more["费用"]
        elif "费用" in more:
            raw |= {"charge_amount": more["费用"], "charge_tax": more.get("税额", "0"), "basis": BASES[more.get("分摊", "金额")]}
        for word, name in (("占用", "reserve"), ("待检", "inspect"), ("退不合格品", "from_rejected")):
            if word in more:
                raw[name] = more[word] == "是"
        raw.update(self.pricing(declaration, more))
        if "成本分摊" in more:
            raw["basis"] = SPLITS[more["成本分摊"]]
        raw.update(self.settlement(declaration, more))
        if "币别" in more:
            raw["currency"] = Currency.objects.get(code=more["币别"]).pk
        if "汇率" in more:
            raw["currency_rate"] = more["汇率"]
        table = declaration.goods or declaration.money
        if table is None:
            return raw
        if declaration.agrees:
            return raw | statement(more)
        if declaration.goods is None:
            raw[table.name] = [self.money_line(declaration, row) for row in lines]
        for own in declaration.goods_tables:
            rows = [row for row in lines if (row.get("明细") or table.label) == own.label]
            raw[own.name] = [self.goods_line(declaration, row) for row in rows]
        return raw

    def pricing(self, declaration: DocumentType, more: dict[str, str]) -> dict[str, Any]:
        """How a transfer is priced (`调价=变价；取价=采购价；加成=10%`)."""
        raw: dict[str, Any] = {}
        for word, name in (("调价", "pricing"), ("取价", "price_source")):
            if word in more:
                choices = next(one.choices for one in declaration.fields if one.name == name)
                raw[name] = next(one.value for one in choices if one.label.startswith(more[word]))
        if "加成" in more:
            raw["markup"] = str(number(more["加成"]))
        return raw

    def settlement(self, declaration: DocumentType, more: dict[str, str]) -> dict[str, Any]:
        """What documents of money have in their header: the kind of a clearing, why, and to whom a debt goes."""
        raw: dict[str, Any] = {}
        kinds = {choice.label: choice.value for one in declaration.fields if one.name == "kind" for choice in one.choices}
        if "类型" in more:
            raw["kind"] = kinds[more["类型"]]
        if "原因" in more:
            raw["reason"] = more["原因"]
        reasons = {choice.label: choice.value for one in declaration.fields if one.name == "reason" for choice in one.choices}
        if "差异" in more:
            raw["reason"] = reasons[more["差异"]]
        for word, name, role in (("转入客户", "target_customer", "customer"), ("转入供应商", "target_supplier", "supplier")):
            if word in more:
                raw[name] = self.party(more[word], replace(declaration, party_role=role))
        return raw

    def places(self, declaration: DocumentType, text: str, among: Sequence[Field] = ()) -> dict[str, int]:
        """`A` or `A→B` as source and target places, by what the type (or a table `among` its own) has."""
        names = [one.strip().removesuffix("仓") for one in text.split("→") if one.strip()]
        fields = [name for name in ("source_place", "target_place") if name in {one.name for one in among or declaration.fields}]
        return {place: self.company.places[name].pk for place, name in zip(fields, names, strict=False)}

    def goods_line(self, declaration: DocumentType, row: Row) -> dict[str, Any]:
        """A goods line."""
        more = pairs(row.get("其他", ""))
        item = self.item(row["商品"])
        line: dict[str, Any] = {"item": item.pk}
        if "quantity" in {one.name for one in table_fields(declaration)}:
            line["quantity"] = row["数量"]
        elif row.get("金额"):
            line["amount"] = str(number(row["金额"]))
        if row.get("单价"):
            basis = "gross" if more.get("口径") == "含税" else "net"
            stated = {f"unit_price_{basis}": row["单价"], "price_basis": basis}
            names = {one.name for one in table_fields(declaration)}
            line.update({name: value for name, value in stated.items() if name in names})
        line |= self.places(declaration, row.get("库位", ""), table_fields(declaration))
        if "辅助" in more:
            line["second_quantity"] = more["辅助"]
        if "单位" in more:
            line["unit"] = Unit.objects.get(code=more["单位"]).pk
        if "折扣" in more:
            line["discount"] = str(number(more["折扣"]))
        if "比例" in more:
            line["ratio"] = more["比例"]
        if "批次" in more:
            line["lot"] = more["批次"]
        results = {choice.label: choice.value for one in table_fields(declaration) if one.name == "result" for choice in one.choices}
        if "结果" in more:
            line["result"] = results[more["结果"]]
        if "序列号" in more:
            line["serials"] = more["序列号"]
        if "生产日期" in more:
            line["production_date"] = day_of(more["生产日期"]).isoformat()
        if row.get("源单"):
            name, _, at_line = row["源单"].partition("/")
            source = self.documents[name]
            rows = source.goods_lines.filter(revision=source.revision, item=item).order_by("position")
            line["source_line"] = rows[int(at_line) - 1 if at_line else 0].pk
        return line

    def money_line(self, declaration: DocumentType, row: Row) -> dict[str, Any]:
        """A money line: an amount, and what of it the story names."""
        line: dict[str, Any] = {"amount": str(number(row["金额"]))}
        if row.get("源单"):
            line["cleared_document"] = self.documents[row["源单"]].pk
        if row.get("科目"):
            line["control"] = CONTROLS[row["科目"]]
        if row.get("账户"):
            line["cash_account"] = self.cash_account(row["账户"])
        if row.get("转入账户"):
            line["target_account"] = self.cash_account(row["转入账户"])
        if row.get("手续费"):
            line["fee"] = row["手续费"]
        if row.get("转入金额"):
            line["target_amount"] = str(number(row["转入金额"]))
        if row.get("手续费从"):
            line["fee_from"] = {"转出账户": "source", "转入账户": "target"}[row["手续费从"]]
        for word, name in (("转出汇率", "currency_rate"), ("转入汇率", "target_rate")):
            if row.get(word):
                line[name] = row[word]
        if row.get("单位"):
            side = "customer" if declaration.opens[0] in (Control.RECEIVABLE, Control.CUSTOMER_ADVANCE) else "supplier"
            line["party"] = self.party(row["单位"], replace(declaration, party_role=side))
        for word, name in (("原单日期", "original_date"), ("到期日", "due_date")):
            if row.get(word):
                line[name] = day_of(row[word]).isoformat()
        if row.get("项目"):
            line["category"] = ExpenseCategory.objects.get(name=row["项目"]).pk
        return line

    def cash_account(self, name: str) -> int:
        """A cash account by name, made at first use; `USD户` is kept in dollars."""
        kind = "cash" if "现金" in name else "bank"
        currency = Currency.objects.filter(code=name[:3]).first()
        return CashAccount.objects.get_or_create(name=name, defaults={"code": name, "kind": kind, "currency": currency})[0].pk
