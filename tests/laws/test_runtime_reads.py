"""Whatever the budget writes into a container, the application there reads: the same pool, or a refusal of no limit."""

from typing import Any

import pytest
from hypothesis import given

from constructs_lib.budget.variables import IAM_RECYCLE_S
from constructs_lib.budget.workloads import PooledWorkload
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
        assert isinstance(workload, PooledWorkload)
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
        recycle_s = made.to_json()["workloads"][name]["pool_recycle"]
        # a recycle that the user fixed too long for IAM tokens is a finding; the application does not follow it
        assert read.pool_recycle_s == (min(recycle_s, IAM_RECYCLE_S) if workload.iam_auth else recycle_s)
        assert (read.iam_auth, read.behind_pooler) == (workload.iam_auth, workload.proxy is not None)
        assert engine_options(prefix, environ, "asyncpg")["pool_size"] == size.pool_size
