"""Whatever the budget writes into a container, the application there reads: the same pool, or a refusal of no limit."""

from typing import Any

import pytest
from hypothesis import given

from constructs_lib.budget.workloads import TaskWorkload
from constructs_lib.runtime import SettingsError, engine_options, read_settings
from tests.laws.planning import planned
from tests.laws.strategies import LAW, documents

Json = dict[str, Any]


@LAW
@given(documents())
def test_every_environment_that_is_written_is_read_as_it_was_meant(document: Json) -> None:
    made = planned(document)
    for name, environ in made.environments().items():
        workload, size = made.document.workloads[name], made.tally.allotments[name].size
        assert isinstance(workload, TaskWorkload)
        if size is None:
            assert environ == {}
            continue
        prefix = workload.env_prefix
        if size.unbounded:
            with pytest.raises(SettingsError):
                read_settings(prefix, environ)
            continue
        read = read_settings(prefix, environ)
        assert (read.pool_size, read.max_overflow, read.ceiling) == (*size, size.ceiling)
        assert read.pool_timeout_s == workload.pool_timeout
        assert read.pool_recycle_s == made.to_json()["workloads"][name]["pool_recycle"]
        assert (read.iam_auth, read.behind_pooler) == (workload.iam_auth, workload.proxy is not None)
        assert engine_options(prefix, environ, "asyncpg")["pool_size"] == size.pool_size
