"""Aurora MySQL."""

from constructs_lib.limits.engine import Default, Engine, Serverless
from constructs_lib.limits.engines import mysql

# "Maximum connections to an Aurora MySQL DB instance", Amazon Aurora User Guide.
FORMULA = "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})"
MOST = 16000

# The table of the same page, by limit.
_BY_LIMIT = {
    45: "db.t2.small db.t3.small",
    90: "db.t2.medium db.t3.medium db.t4g.medium",
    135: "db.t3.large db.t4g.large",
    1000: "db.r3.large db.r4.large db.r5.large db.r6g.large db.r6i.large db.r7i.large",
    2000: "db.r3.xlarge db.r4.xlarge db.r5.xlarge db.r6g.xlarge db.r6i.xlarge db.r7g.xlarge db.r8g.xlarge db.x2g.large",
    3000: "db.r3.2xlarge db.r4.2xlarge db.r5.2xlarge db.r6g.2xlarge db.r7i.2xlarge db.x2g.xlarge",
    4000: "db.r3.4xlarge db.r4.4xlarge db.r5.4xlarge db.r6g.4xlarge db.r6i.4xlarge db.x2g.2xlarge",
    5000: "db.r3.8xlarge db.r4.8xlarge db.r5.8xlarge db.r6g.8xlarge db.r6i.8xlarge db.r7g.8xlarge "
    "db.r7i.8xlarge db.r8g.8xlarge db.x2g.4xlarge",
    6000: "db.r4.16xlarge db.r5.12xlarge db.r5.16xlarge db.r6g.12xlarge db.r6g.16xlarge db.r6i.12xlarge "
    "db.r7g.12xlarge db.r7g.16xlarge db.r7i.12xlarge db.r7i.16xlarge db.x2g.8xlarge",
    7000: "db.r5.24xlarge db.r6i.24xlarge db.r6i.32xlarge db.x2g.12xlarge db.x2g.16xlarge",
    8000: "db.r7i.48xlarge db.r8g.48xlarge",
}

# "Maximum connections for Aurora Serverless v2", Amazon Aurora User Guide, by maximum ACU.
_BY_MAXIMUM_ACU = {1: 90, 4: 135, 8: 1000, 16: 2000, 32: 3000, 64: 4000, 128: 5000, 192: 6000, 256: 6000}


ENGINE = Engine(
    per_role="max_user_connections",
    query="SELECT @@max_connections",
    names=("aurora-mysql",),
    title="Aurora MySQL",
    port=mysql.ENGINE.port,
    schemes=mysql.ENGINE.schemes,
    proxy_family=mysql.ENGINE.proxy_family,
    least=mysql.LEAST,
    most=MOST,
    default=lambda _: Default(formula=FORMULA),
    documented={name: limit for limit, names in _BY_LIMIT.items() for name in names.split()},
    serverless=Serverless(documented=_BY_MAXIMUM_ACU),
    reserved=mysql.reserved,
)
