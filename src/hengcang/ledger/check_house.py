"""系统检查 Invariants of the house: audit, idempotency, outbox, references, and the database itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import IntegrityError, connection, transaction

from hengcang.base import audit, bulk
from hengcang.ledger.check_words import Check, Found, by_sql, named
from hengcang.ledger.models import APPEND_ONLY

REQUIRED = (3, 51, 3)
ACTIONS = {
    "submit": "submitted", "approve": "approved", "reject": "rejected", "post": "posted", "unpost": "unposted",
    "reverse": "reversed", "close": "closed", "reopen": "reopened", "void": "voided", "hold": "held", "release": "released",
    "reassign": "reassigned", "ship": "shipped",
}  # fmt: skip


def chain() -> Iterator[Found]:
    """I-38: the audit log's hashes and seals."""
    for sentence in audit.verify():
        yield {"what": sentence}


AUDITED = """
SELECT p.id AS posting, p.kind, COUNT(a.id) AS audit_rows FROM ledger_posting p LEFT JOIN base_auditlog a ON a.posting=p.id
WHERE p.kind<>'freeze' GROUP BY p.id, p.kind HAVING COUNT(a.id)<>1
UNION ALL SELECT a.posting, a.action, 0 FROM base_auditlog a LEFT JOIN ledger_posting p ON p.id=a.posting
WHERE a.posting IS NOT NULL AND p.id IS NULL
"""
ANSWERED = """
SELECT x.idempotency_key, x.document FROM (
  SELECT k.id AS idempotency_key, CAST({document} AS bigint) AS document FROM base_idempotencykey k WHERE NOT ({others})
  UNION ALL SELECT k.id, CAST(v.value AS bigint) FROM base_idempotencykey k CROSS JOIN {several}
) x WHERE (x.document IS NULL OR (NOT EXISTS (SELECT 1 FROM records_document d WHERE d.id=x.document)
  AND NOT EXISTS (SELECT 1 FROM base_auditlog a WHERE a.action='delete' AND a.object_id=x.document)))
"""
OTHERS = ("id", "documents", "message")


def answered() -> str:
    """I-40: a kept answer names documents that are there (or were deleted since, by name); those to masters and of a report's
    actions name none."""
    of_answer = "k.answer->>'{}'" if bulk.is_postgresql() else "json_extract(k.answer,'$.{}')"
    several = "json_each(k.answer,'$.documents') v"
    if bulk.is_postgresql():
        several = "jsonb_array_elements_text(COALESCE(k.answer->'documents','[]')) AS v(value)"
    others = " OR ".join(f"{of_answer.format(name)} IS NOT NULL" for name in OTHERS)
    return ANSWERED.format(document=of_answer.format("document"), others=others, several=several)


def announced() -> Iterator[Found]:
    """I-41: every transition of a document has exactly one event of its kind, and every event its transition."""
    cases = " ".join(f"WHEN '{action}' THEN 'document_{past}'" for action, past in ACTIONS.items())
    kinds = ",".join(f"'document_{past}'" for past in ACTIONS.values())
    actions = ",".join(f"'{action}'" for action in ACTIONS)
    yield from named(
        "SELECT object_type, object_id, kind, SUM(acts) AS acts, SUM(events) AS events FROM ("
        f"SELECT a.object_type, a.object_id, CASE a.action {cases} END AS kind, 1 AS acts, 0 AS events FROM base_auditlog a "
        f"JOIN records_document d ON d.id=a.object_id AND d.type=a.object_type WHERE a.action IN ({actions}) "
        f"UNION ALL SELECT object_type, object_id, kind, 0, 1 FROM base_outboxevent WHERE kind IN ({kinds})"
        ") x GROUP BY object_type, object_id, kind HAVING SUM(acts)<>SUM(events)"
    )


def references() -> Iterator[Found]:
    """I-44: every foreign key leads somewhere, and every constraint is in force."""
    if not bulk.is_postgresql():
        yield from named("SELECT * FROM pragma_foreign_key_check")
        return
    yield from named("SELECT conname FROM pg_constraint WHERE NOT convalidated")
    try:
        with transaction.atomic():
            connection.check_constraints()
    except IntegrityError as error:
        yield {"what": str(error)}


def health() -> Iterator[Found]:
    """I-48: the database keeps what it says it has, and its append-only tables are guarded."""
    if bulk.is_postgresql():
        for name in ("synchronous_commit", "fsync", "full_page_writes"):
            (found,) = bulk.fetch(f"SHOW {name}")[0]
            if found != "on":
                yield {"setting": name, "is": found, "wanted": "on"}
        guarded = "SELECT tgname FROM pg_trigger WHERE tgenabled<>'D' AND NOT tgisinternal"
        expected = {f"{table}_append_only" for table in (*APPEND_ONLY, "base_auditlog")}
    else:
        yield from ({"integrity": row[0]} for row in bulk.fetch("PRAGMA quick_check(20)") if row[0] != "ok")
        for pragma, wanted in (("synchronous", 2), ("foreign_keys", 1)):
            (found,) = bulk.fetch(f"PRAGMA {pragma}")[0]
            if found != wanted:
                yield {"setting": pragma, "is": found, "wanted": wanted}
        version = tuple(int(part) for part in bulk.fetch("SELECT sqlite_version()")[0][0].split("."))
        if version < REQUIRED:
            yield {"setting": "version", "is": version, "wanted": REQUIRED}
        guarded = "SELECT name FROM sqlite_master WHERE type='trigger'"
        expected = {f"{table}_no_{action}" for table in (*APPEND_ONLY, "base_auditlog") for action in ("update", "delete")}
    missing = expected - {row[0] for row in bulk.fetch(guarded)}
    yield from ({"trigger": name, "is": "missing"} for name in sorted(missing))


CHECKS = (
    Check("I-38", "操作日志链不完整", chain),
    by_sql("I-39", "记账与操作日志不对应", AUDITED),
    by_sql("I-40", "幂等键的答复没有对应的单据", answered),
    Check("I-41", "单据动作与事件不对应", announced),
    Check("I-44", "外键检查不为空", references),
    Check("I-48", "数据库设置或完整性有问题", health),
)
