"""接口模糊测试 Fuzz: Schemathesis over the generated OpenAPI of documents and reports, in process, seeded and bounded.

No answer is a 5xx, every error is problem+json with a sentence, the schema is a valid OpenAPI 3.1. Every call is rolled
back. `HENGCANG_FUZZ=20` runs that many times the examples, over every type, by hand.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.core import NotSet

from hengcang.meta import registry
from tests.api.conftest import Browser
from tests.api.documents_world import World, world

pytestmark = pytest.mark.django_db
TIMES = int(os.environ.get("HENGCANG_FUZZ", "1"))
TYPES = ("purchase_receipts", "incoming_payments")
QUIET = settings(
    max_examples=2 * TIMES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)  # fmt: skip


@pytest.fixture
def at() -> World:
    return world()


def fine(status: int, body: Any, browser: Browser, told: Any) -> None:
    """What every answer must be."""
    assert status < 500, (told, status, body)
    if status >= 400:
        assert browser.last.headers["Content-Type"] == "application/problem+json", (told, status)
        assert body["message"] and body["code"] and body["status"] == status, (told, body)


def ask(browser: Browser, case: Any) -> None:
    """One case of Schemathesis over the wire, with its effects rolled back."""
    query = urlencode(case.query or {}, doseq=True)
    path = case.formatted_path.removeprefix("/api/v1") + (f"?{query}" if query else "")
    body = None if isinstance(case.body, NotSet) else case.body
    try:
        orjson.dumps(body)
    except TypeError:
        return
    with transaction.atomic():
        status, answer = browser.call(case.method, path, body)
        fine(status, answer, browser, (case.method, path, body))
        transaction.set_rollback(True)


def operations(browser: Browser) -> Any:
    """The operations of documents and reports; what takes a file is tested by hand."""
    raw = browser.get("/openapi.json")
    schema = openapi.from_dict(raw)
    schema.validate()
    collections = TYPES if TIMES == 1 else tuple(one.collection for one in registry.documents().values())
    for result in schema.get_all_operations():
        operation = result.ok()
        part = operation.path.removeprefix("/api/v1/").partition("/")[0]
        if part in (*collections, "reports", "home") and not operation.path.endswith(("/import", "/print/{template}")):
            yield part, operation


def test_no_operation_of_the_schema_answers_with_a_fault_of_its_own(at: World) -> None:
    tried = 0
    drafts: dict[str, int] = {}
    for part, operation in operations(at.boss):
        if part not in drafts:
            drafts[part] = 0 if part in ("reports", "home") else at.made(part)["id"]
        known = {"path_parameters": {"document": drafts[part]}} if "{document}" in operation.path and operation.method != "delete" else {}
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                strategy = operation.as_strategy(generation_mode=mode, **known)
            except Exception:
                continue

            @seed(20260301)
            @QUIET
            @given(case=strategy)
            def examples(case: Any) -> None:
                ask(at.boss, case)

            examples()
            tried += 1
    assert tried > 60


def test_the_schema_is_openapi_and_names_every_operation_once(at: World) -> None:
    raw = at.boss.get("/openapi.json")
    openapi.from_dict(raw).validate()
    names = [
        one["operationId"] for path in raw["paths"].values() for one in path.values() if isinstance(one, dict) and "operationId" in one
    ]
    assert raw["openapi"].startswith("3.1") and len(names) == len(set(names))
    for declared in registry.documents().values():
        for act in (
            "create",
            "get",
            "update",
            "delete",
            "copy",
            "post",
            "unpost",
            "trace",
            "postings",
            "preview",
            "progress",
            "list",
            "export",
        ):
            assert f"{declared.collection}_{act}" in names
    for report in registry.reports():
        assert f"report_{report}" in names


odd = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6), st.just([]), st.just({"id": 1}),
    st.sampled_from(["", "0", "-1", "2026-03-01", "9999-99-99", "posted", "%", "_", "'", "\x00", "1e999", "²"]),
)  # fmt: skip
NAMES = sorted(
    {one.name for one in registry.documents()["sales_order"].fields}
    | {f"{table.name}.{one.name}" for table in registry.documents()["sales_order"].tables for one in table.fields}
    | {"id", "nothing", "goods_lines.nothing", "nothing.item", "ext", "party__name", ""}
)
condition = st.fixed_dictionaries(
    {
        "field": st.sampled_from(NAMES),
        "op": st.sampled_from(["eq", "ne", "lt", "lte", "gt", "gte", "in", "contains", "starts", "between", "empty", "regex"]),
        "value": odd | st.lists(odd, max_size=3),
    }
)
where = st.recursive(
    st.lists(condition | odd, max_size=3), lambda inner: st.lists(st.fixed_dictionaries({"any": inner}), max_size=2), max_leaves=4
)


def test_any_condition_is_answered_or_refused(at: World) -> None:
    at.posted("sales_orders")

    @seed(1)
    @settings(QUIET, max_examples=100 * TIMES)
    @given(asked=where, sort=st.lists(st.sampled_from([*NAMES, "-number", "-"]), max_size=3))
    def examples(asked: Any, sort: list[str]) -> None:
        path = f"/sales_orders?totals=1&where={quote(orjson.dumps(asked))}&sort={quote(','.join(sort))}"
        with transaction.atomic():
            fine(*at.boss.call("GET", path), at.boss, path)

    examples()


def test_any_parameter_of_a_report_is_answered_or_refused(at: World) -> None:
    at.posted("purchase_receipts")

    @seed(2)
    @settings(QUIET, max_examples=60 * TIMES)
    @given(name=st.sampled_from(sorted(registry.reports())), data=st.data())
    def examples(name: str, data: Any) -> None:
        asked = {one.name: str(data.draw(odd)) for one in registry.reports()[name].parameters if data.draw(st.booleans())}
        path = f"/reports/{name}?{urlencode(asked)}"
        with transaction.atomic():
            fine(*at.boss.call("GET", path), at.boss, path)

    examples()


line_value = odd | st.sampled_from(["1", "2.5", "0.000001", "10000000000"])


def test_any_body_is_taken_or_refused(at: World) -> None:
    fields = {kind: [one.name for one in registry.documents()[kind].fields] for kind in ("purchase_receipt", "incoming_payment")}

    @seed(3)
    @settings(QUIET, max_examples=60 * TIMES)
    @given(kind=st.sampled_from(sorted(fields)), data=st.data())
    def examples(kind: str, data: Any) -> None:
        declared = registry.documents()[kind]
        table = declared.tables[0]
        body = at.body(declared.collection)
        line = dict(body[table.name][0])
        for one in table.fields:
            if data.draw(st.integers(0, 5)) == 0:
                line[one.name] = data.draw(line_value)
        for name in fields[kind]:
            if data.draw(st.integers(0, 8)) == 0:
                body[name] = data.draw(odd)
        body[table.name] = [line]
        with transaction.atomic():
            status, made = at.boss.call("POST", f"/{declared.collection}", body)
            fine(status, made, at.boss, body)
            if status == 201:
                path = f"/{declared.collection}/{made['id']}"
                fine(*at.boss.call("GET", f"{path}/preview"), at.boss, body)
                fine(*at.boss.call("POST", f"{path}/post", {}), at.boss, body)
            transaction.set_rollback(True)

    examples()
