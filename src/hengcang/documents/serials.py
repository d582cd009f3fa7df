"""序列号 Serial numbers on the lines of a document: as many as the quantity, each once, known where they go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hengcang.base import bulk
from hengcang.core.errors import HengcangError, InvalidDocument
from hengcang.core.piece_errors import SerialCount, SerialTwice, SerialUnknown
from hengcang.core.posting import Move, Posting
from hengcang.documents.rows import GoodsRow
from hengcang.ledger import traces
from hengcang.meta.declarations import DocumentType

FIND_SQL = "SELECT s.item_id, s.number, s.id FROM {} JOIN catalog_serial s ON s.item_id=v.c0 AND s.number=v.c1"
Ids = dict[tuple[int, str], int]


def faults(declaration: DocumentType, rows: Sequence[GoodsRow]) -> list[HengcangError]:
    """What is wrong with the numbers of the lines, whatever the books say: too few, too many, one twice."""
    found: list[HengcangError] = []
    first: dict[tuple[int, str], int] = {}
    for row in rows:
        lines = declaration.table_of(row.role)
        if row.tracking != "serial" or lines is None or not (declaration.comes_in(lines) or declaration.goes_out(lines)):
            continue
        missing = abs(row.base_quantity) - len(row.serials)
        if missing:
            difference = f"缺 {missing.normalize():f} 个" if missing > 0 else f"多 {-missing.normalize():f} 个"
            words: dict[str, Any] = {
                "item": row.item_name,
                "wanted": row.base_quantity,
                "found": len(row.serials),
                "difference": difference,
            }
            found.append(SerialCount(**row.at.named("serials"), **words))
        for number in row.serials:
            line = first.get((row.item, number))
            if line is not None:
                found.append(SerialTwice(**row.at.named("serials"), serial=number, first=line))
                break
            first[row.item, number] = row.line_number
    return found


def attach(declaration: DocumentType, rows: Sequence[GoodsRow], posting: Posting, freeze: tuple[int, int] | None) -> Posting:
    """带上序列号 The posting with the pieces of each line; a count moves those the books have and it has not, and the others back.

    `freeze` is the position (day, sequence) at which a count holds. Raises InvalidDocument: a number nobody knows goes out.
    """
    tracked = {row.id: row for row in rows if row.tracking == "serial"}
    if not tracked or not posting.moves:
        return posting
    ids = ids_of(declaration, list(tracked.values()))
    own = {line: tuple(ids[row.item, number] for number in row.serials) for line, row in tracked.items()}
    books = None
    if freeze is not None:
        keys = [(row.id, row.item, row.source_place or 0, row.lot or 0) for row in tracked.values()]
        books = traces.pieces_at(*freeze, keys)
    moves = []
    for move in posting.moves:
        if move.line not in tracked:
            moves.append(move)
        elif books is None:
            moves.append(replace(move, serials=own[move.line]))
        else:
            moves.append(counted(move, own[move.line], books.get(move.line, set())))
    return replace(posting, moves=moves)


def counted(move: Move, found: tuple[int, ...], book: set[int]) -> Move:
    """盘点 The pieces that are missing go, those beyond the books come."""
    lost = tuple(sorted(book - set(found)))
    return replace(move, serials=lost, against=tuple(serial for serial in found if serial not in book))


def ids_of(declaration: DocumentType, rows: Sequence[GoodsRow]) -> Ids:
    """The pieces by item and number; made where goods come in. Raises InvalidDocument."""
    wanted = sorted({(row.item, number) for row in rows for number in row.serials})
    found = find(wanted)
    missing = [key for key in wanted if key not in found]
    if not missing:
        return found
    tables = {lines.role for lines in declaration.goods_tables if declaration.goes_out(lines) and not declaration.freezes}
    refuse_unknown([row for row in rows if row.role in tables], set(missing))
    bulk.insert_rows("catalog_serial", ("item_id", "number", "version"), [(*key, 1) for key in missing], "ON CONFLICT DO NOTHING")
    return found | find(missing)


def find(wanted: Sequence[tuple[int, str]]) -> Ids:
    """Ids by item and number: one statement."""
    if not wanted:
        return {}
    source, parameters = bulk.table_of(wanted, ["bigint", "text"])
    return {(item, number): serial for item, number, serial in bulk.fetch(FIND_SQL.format(source), parameters)}


def refuse_unknown(rows: Sequence[GoodsRow], missing: set[tuple[int, str]]) -> None:
    """Raises InvalidDocument, with one error a line."""
    errors: list[HengcangError] = []
    for row in rows:
        strange = [number for number in row.serials if (row.item, number) in missing]
        if strange:
            errors.append(SerialUnknown(**row.at.named("serials"), item=row.item_name, serial=shown(strange)))
    if errors:
        raise InvalidDocument(errors)


def shown(numbers: Sequence[str]) -> str:
    """The first few numbers, and how many."""
    return "、".join(numbers[:5]) + (f" … ({len(numbers)})" if len(numbers) > 5 else "")
