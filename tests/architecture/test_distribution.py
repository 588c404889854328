"""Nobody else provides our import names, which are generic: PyPI has an `adapters`, an `application`, a `domain`."""

from importlib import metadata

import pytest


@pytest.mark.parametrize("name", ["domain", "application", "adapters", "stadtfunk"])
def test_nobody_else_provides_the_import_name(name: str) -> None:
    providers = set(metadata.packages_distributions().get(name, []))
    assert providers <= {"stadtfunk"}


def test_the_product_itself_is_installed() -> None:
    assert "stadtfunk" in {distribution.name for distribution in metadata.distributions()}
