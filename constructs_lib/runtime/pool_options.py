"""The options of SQLAlchemy's pool."""

from typing import Any

from constructs_lib.runtime.settings import Settings


def pool_options(settings: Settings) -> dict[str, Any]:
    """What the settings say of it, as keywords of `create_engine`."""
    if not settings.pooled:
        from sqlalchemy.pool import NullPool

        return {"poolclass": NullPool}
    return {
        "pool_size": settings.pool_size,
        "max_overflow": settings.max_overflow,
        "pool_timeout": settings.pool_timeout_s,
        "pool_recycle": settings.pool_recycle_s,
        "pool_pre_ping": settings.pool_pre_ping,
    }
