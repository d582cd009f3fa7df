"""加密字段 Encrypted fields: AES-256-GCM at rest for personal and bank data.

A stored value is `key id:base64(nonce + ciphertext)`. The additional data binds it to its model and field, so that a
value copied into another column does not open. `FIELD_SECRETS` holds the secrets by key id, the current one first;
older ones still open what they sealed, and saving a row seals it anew. An empty text stays empty. Left out: binding to
the row, because a field seals its value before a new row has its id; and searching, which an encrypted field cannot do.
"""

from __future__ import annotations

import base64
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from hengcang.base import bulk

if TYPE_CHECKING:
    TextColumn = models.CharField[str, str]
else:
    TextColumn = models.CharField

NONCE_BYTES = 12


class SecretLost(Exception):
    """密钥缺失 A stored value cannot be opened: its secret is not among FIELD_SECRETS, or it was tampered with."""


@cache
def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hengcang field encryption")
    return AESGCM(derived.derive(secret.encode()))


def encrypt(text: str, bound_to: str) -> str:
    """加密 Seal a text for the place it is bound to."""
    if not text:
        return ""
    key_id, secret = next(iter(settings.FIELD_SECRETS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(secret).encrypt(nonce, text.encode(), bound_to.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, bound_to: str) -> str:
    """解密 Open what `encrypt` sealed for the same place. Raises SecretLost."""
    if not stored:
        return ""
    key_id, _, body = stored.partition(":")
    if key_id not in settings.FIELD_SECRETS:
        raise SecretLost(f"{bound_to}: 缺少密钥 {key_id}，请在数据目录或环境变量中恢复它。")
    raw = base64.b64decode(body)
    try:
        opened = _cipher(settings.FIELD_SECRETS[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode())
    except InvalidTag as error:
        raise SecretLost(f"{bound_to}: 内容被改动过，或密钥 {key_id} 不对。") from error
    return opened.decode()


def covered(text: str) -> str:
    """遮盖 What a list shows of it: the first three and last two characters of a long text, else one."""
    if len(text) >= 8:
        return text[:3] + "****" + text[-2:]
    return text[:1] + "**" if text else ""


class EncryptedField(TextColumn):
    """加密文本 A text that is sealed in the database and open in Python. `max_length` is that of the sealed form."""

    description = "Text encrypted at rest"

    @property
    def bound_to(self) -> str:
        """Where its values belong."""
        return f"{self.model._meta.label_lower}.{self.attname}"

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Open."""
        return None if value is None else decrypt(value, self.bound_to)

    def get_prep_value(self, value: Any) -> Any:
        """Seal."""
        return None if value is None else encrypt(str(value), self.bound_to)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of the database."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def encrypted_fields() -> list[EncryptedField]:
    """加密字段清单 Every encrypted field of the program, the one list for export, erasure and turning the key."""
    found: list[EncryptedField] = []
    for model in apps.get_models():
        found += [column for column in model._meta.fields if isinstance(column, EncryptedField)]
    return found


def reseal(rows_at_once: int = 500) -> int:
    """换密钥 Seal anew, with the current secret, every value an older one sealed; gives how many.

    Run it after a new secret was put first into FIELD_SECRETS; when it gives 0 the old one can go. Each part is a
    transaction of its own, so that it can be stopped and started again at will.
    """
    current = next(iter(settings.FIELD_SECRETS))
    done = 0
    for column in encrypted_fields():
        while part := _reseal_part(column, f"{current}:", rows_at_once):
            done += part
    return done


def _reseal_part(column: EncryptedField, current: str, rows_at_once: int) -> int:
    table, name = column.model._meta.db_table, column.attname
    old = f"{name} <> '' AND substr({name}, 1, %s) <> %s"
    lock = " FOR UPDATE" if bulk.is_postgresql() else ""
    with transaction.atomic():
        rows = bulk.fetch(f"SELECT id, {name} FROM {table} WHERE {old} ORDER BY id LIMIT %s{lock}", [len(current), current, rows_at_once])
        anew = [(row_id, encrypt(decrypt(stored, column.bound_to), column.bound_to)) for row_id, stored in rows]
        if anew:
            source, parameters = bulk.table_of(anew, ("bigint", "text"))
            bulk.execute(f"UPDATE {table} SET {name}=v.c1 FROM {source} WHERE {table}.id=v.c0", parameters)
    return len(rows)
