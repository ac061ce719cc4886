"""This file keeps passwords without knowing them."""

import hashlib
import secrets

#: 16 MiB and about 50 ms each (RFC 7914 §2).
COST = {"n": 2**14, "r": 8, "p": 1}
SALT_BYTES = 16


def hash_password(password: str, salt: bytes | None = None) -> str:
    """Return what to keep of a password."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    key = hashlib.scrypt(password.encode(), salt=salt, **COST)
    return f"{salt.hex()}${key.hex()}"


def is_right(password: str, kept: str | None) -> bool:
    """Return whether *password* is the one that was kept; where none was, it takes as long to say so."""
    salt, _, _ = (kept or "00" * SALT_BYTES).partition("$")
    return secrets.compare_digest(hash_password(password, bytes.fromhex(salt)), kept or "")
