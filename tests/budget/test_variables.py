"""The names that writer and reader share are contract: people script against them."""

from constructs_lib.budget import variables


def test_the_names_are_pinned() -> None:
    """Changing one is a breaking change."""
    names = {key: value for key, value in vars(variables).items() if key.isupper() and isinstance(value, str)}
    assert names == {
        "ENV_PREFIX": "DB_",
        "POOL_SIZE": "POOL_SIZE",
        "MAX_OVERFLOW": "MAX_OVERFLOW",
        "POOL_TIMEOUT": "POOL_TIMEOUT",
        "POOL_RECYCLE": "POOL_RECYCLE",
        "POOL_PRE_PING": "POOL_PRE_PING",
        "POOL_CLASS": "POOL_CLASS",
        "APPLICATION_NAME": "APPLICATION_NAME",
        "IAM_AUTH": "IAM_AUTH",
        "BEHIND_POOLER": "BEHIND_POOLER",
        "STATEMENT_TIMEOUT": "STATEMENT_TIMEOUT",
        "RDS_MAX_CONNECTIONS": "RDS_MAX_CONNECTIONS",
        "APP_INSTANCE_COUNT": "APP_INSTANCE_COUNT",
        "ADMIN_RESERVE": "DB_ADMIN_RESERVE",
        "API_INSTANCE_COUNT": "API_INSTANCE_COUNT",
        "CELERY_WORKERS": "CELERY_WORKERS",
        "CELERY_CONCURRENCY": "CELERY_CONCURRENCY",
        "NULL_POOL": "NullPool",
        "TRUE": "true",
        "FALSE": "false",
    }
