"""What every test run shares: the interop tests stay unread until they are asked for."""

from pathlib import Path

import pytest

INTEROP = Path(__file__).parent / "tests" / "interop"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without `-m interop`, do not even import files that import torch or JAX."""
    unasked = config.option.markexpr == "not interop"
    return True if unasked and collection_path.is_relative_to(INTEROP) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder, so that no interop test can forget its marker."""
    for item in items:
        if item.path.is_relative_to(INTEROP):
            item.add_marker(pytest.mark.interop)
