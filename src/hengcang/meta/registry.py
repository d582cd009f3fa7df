"""登记 The registry of declarations: one place that knows every type, whoever declared it.

Filled once at start-up by the rooms (through `hengcang.config.apps`) and by plugins; read everywhere.
"""

from __future__ import annotations

from typing import TypeVar

from hengcang.access.labels import name_subject
from hengcang.core.errors import NotFound
from hengcang.meta.declarations import Declared, DocumentType, MasterType, Menu, ReportType

T = TypeVar("T", DocumentType, MasterType, ReportType)

_documents: dict[str, DocumentType] = {}
_masters: dict[str, MasterType] = {}
_reports: dict[str, ReportType] = {}
_collections: dict[str, DocumentType | MasterType] = {}
_menus: list[Menu] = []


def register(*declared: Declared) -> None:
    """Add declarations; a name or collection can be taken once only."""
    for one in declared:
        name_subject(one.name, one.label, kept=not isinstance(one, ReportType))
        if isinstance(one, ReportType):
            assert one.name not in _reports, one.name
            _reports[one.name] = one
            continue
        assert one.collection not in _collections, one.collection
        _collections[one.collection] = one
        if isinstance(one, DocumentType):
            assert one.name not in _documents, one.name
            _documents[one.name] = one
        else:
            assert one.name not in _masters, one.name
            _masters[one.name] = one


def register_menu(*menus: Menu) -> None:
    """Add groups to the menu, in order."""
    _menus.extend(menus)


def documents() -> dict[str, DocumentType]:
    """Every document type by name."""
    return _documents


def masters() -> dict[str, MasterType]:
    """Every master type by name."""
    return _masters


def reports() -> dict[str, ReportType]:
    """Every report by name."""
    return _reports


def menus() -> list[Menu]:
    """The menu groups in order."""
    return _menus


def document(name: str) -> DocumentType:
    """The document type of that name."""
    return _documents[name]


def by_collection(collection: str) -> DocumentType | MasterType:
    """What stands at `/api/v1/{collection}`. Raises NotFound."""
    if collection not in _collections:
        raise NotFound(label=collection)
    return _collections[collection]


def master_by_collection(collection: str) -> MasterType:
    """The master at that collection. Raises NotFound."""
    found = by_collection(collection)
    if not isinstance(found, MasterType):
        raise NotFound(label=collection)
    return found


def document_by_collection(collection: str) -> DocumentType:
    """The document type at that collection. Raises NotFound."""
    found = by_collection(collection)
    if not isinstance(found, DocumentType):
        raise NotFound(label=collection)
    return found
