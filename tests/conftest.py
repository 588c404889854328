"""What every test run needs before the first test module is read."""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.services.fixtures"]

# Contract suites are no test_* modules: without this their asserts would fail without saying why.
pytest.register_assert_rewrite("tests.contract")

# A law holds or it does not: how fast the machine is today says nothing about it. In continuous
# integration the examples depend on the test alone, so that a red run is the change's own.
settings.register_profile(
    "stadtfunk",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    print_blob=True,
)
settings.load_profile("stadtfunk")
