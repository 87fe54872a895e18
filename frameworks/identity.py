"""Public identifiers that follow from codes, so that loading a framework again, anywhere, makes no other of it."""

import uuid

NAMESPACE = uuid.UUID("5b1f4a0e-6d2c-4f0b-9d3e-7f6c1a2b3c4d")


def framework_id(code: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, code)


def version_id(code: str, number: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{code} {number}")
