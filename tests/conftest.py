"""What holds for the names of all tests."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: packed ones bear the second they were packed in, and then each of pytest's processes finds other tests."""
    return argname if isinstance(val, bytes) and not val.isascii() else None
