"""What every test run needs before the first test module is read."""

import pytest

pytest_plugins = ["tests.services.fixtures"]

# Contract suites are no test_* modules: without this their asserts would fail without saying why.
pytest.register_assert_rewrite("tests.contract")
