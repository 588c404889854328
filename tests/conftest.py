"""What every test run needs before the first test module is read."""

import pytest

# Contract suites are no test_* modules: without this their asserts would fail without saying why.
pytest.register_assert_rewrite("tests.contract")
