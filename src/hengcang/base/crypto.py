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
from django.conf import settings
from django.db import models

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
