"""占用 What orders hold back already: the lines of live ones that ask for it are to hold all that was ordered."""

from typing import Any

from django.db import migrations

WANTED = """
UPDATE ledger_reservation SET wanted=(SELECT l.base_quantity FROM records_goodsline l WHERE l.id=ledger_reservation.line_id)
WHERE line_id IN (
  SELECT l.id FROM records_goodsline l JOIN records_document d ON d.id=l.document_id AND d.revision=l.revision
  WHERE d.state IN ('posted','closed') AND d.reverses_id IS NULL AND {asks}
)
"""
MOVES = """
INSERT INTO ledger_reservationmove (posting_id, line_id, balance_id, quantity, wanted)
SELECT (SELECT MAX(p.id) FROM ledger_posting p WHERE p.document_id=l.document_id), r.line_id, r.balance_id, r.quantity, r.wanted
FROM ledger_reservation r JOIN records_goodsline l ON l.id=r.line_id WHERE r.quantity<>0 OR r.wanted<>0 ORDER BY r.id
"""


def forwards(apps: Any, schema_editor: Any) -> None:
    """What is held back, and is to be, as the first rows of its history."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    asks = "d.ext->>'reserve'='true'" if postgresql else "json_extract(d.ext,'$.reserve')=1"
    schema_editor.execute(WANTED.format(asks=asks), params=None)
    schema_editor.execute(MOVES, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0015_reservations_by_line")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
