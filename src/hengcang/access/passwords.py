"""密码规则 Rules for passwords, with sentences a person can act on."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from hengcang.access.models import User
from hengcang.core.errors import PasswordRefused

SHORTEST = 10
LONGEST = 200
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"


def check_password(password: str, user: User, path: str = "new") -> None:
    """检查密码 Raises PasswordRefused with every reason at once."""
    reasons = []
    if not SHORTEST <= len(password) <= LONGEST:
        reasons.append(f"长度应为 {SHORTEST} 到 {LONGEST} 个字符")
    if password.isdigit():
        reasons.append("不能全是数字")
    if user.username and user.username.lower() in password.lower():
        reasons.append("不能包含用户名")
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        reasons.append("过于常见，容易被猜到")
    if reasons:
        raise PasswordRefused(path=path, reason="；".join(reasons))


def make_password() -> str:
    """生成密码 A random password of 16 characters that are hard to confuse when read from paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))
