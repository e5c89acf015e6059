"""What the driver says of a connection that is gone, or does not come."""

from constructs_lib.budget.error_messages.message import ErrorMessage

MESSAGES = (
    ErrorMessage(
        id="connection-does-not-exist",
        text="asyncpg.exceptions.ConnectionDoesNotExistError: connection was closed in the middle of operation",
        patterns=(
            r"connectiondoesnotexisterror",
            r"connection was closed in the middle of operation",
            r"server closed the connection unexpectedly",
            r"ssl connection has been closed unexpectedly",
            r"terminating connection due to (?:administrator command|idle-session)",
            r"ssl syscall error",
        ),
        unless=(r"idle[ -]in[ -]transaction (?:session )?timeout",),
        raised_by="the driver, in the application",
        cause=(
            "the pool gave out a connection that somebody else had closed meanwhile: RDS Proxy after its idle client"
            " timeout (1800 s unless set), a load balancer or NAT gateway after 350 s, a failover or a restart."
            " PostgreSQL itself closes no idle connection unless idle_session_timeout is set"
        ),
        remedy=(
            "pool_pre_ping=True, and a pool_recycle below the shortest of these timeouts: half of the proxy's, 900 s,"
            " else 1800 s. The budget writes both into the containers. In Django CONN_HEALTH_CHECKS=True and a"
            " CONN_MAX_AGE below these timeouts. What is closed in the middle of a query, and not while idle, is a"
            " restart or a failover: repeat the transaction"
        ),
        source='SQLAlchemy documentation, "Connection Pooling", Dealing with Disconnects',
    ),
    ErrorMessage(
        id="connection-already-closed",
        text="django.db.utils.InterfaceError: connection already closed",
        patterns=(r"connection already closed", r"interfaceerror: (?:the )?connection is closed"),
        unless=(r"redis|mongo|amqp|rabbitmq|websocket|http",),
        raised_by="the driver, in the application: by Django as InterfaceError",
        cause=(
            "the application goes on using a connection that was closed while it was idle, by a timeout on the way, a"
            " failover or a restart. Django closes and checks connections where requests begin and end: what runs"
            " without requests (a consumer, a management command, a thread of its own) keeps one for ever"
        ),
        remedy=(
            "CONN_HEALTH_CHECKS=True and a CONN_MAX_AGE below the shortest timeout on the way; outside of requests"
            " call django.db.close_old_connections() before each job. In SQLAlchemy pool_pre_ping=True"
        ),
        source='Django documentation, "Databases", Persistent connections, Caveats',
    ),
    ErrorMessage(
        id="shared-after-fork",
        text="psycopg2.OperationalError: SSL error: decryption failed or bad record mac",
        patterns=(
            r"decryption[ _]failed[ _]or[ _]bad[ _]record[ _]mac",
            r"ssl error: (?:sslv3 alert )?bad record mac",
            r"lost synchronization with server",
            r"pymysql\.err\.internalerror: packet sequence number wrong",
        ),
        unless=(r"redis|mongo|amqp|rabbitmq|urllib3|httpx|requests\.exceptions",),
        raised_by="the driver, in the application",
        cause=(
            "two processes use one connection: it was opened before a fork, so that the child inherited its socket, and"
            " each reads parts of the answers to the other (with TLS a record that does not decrypt, without it a"
            " message out of order). Typical are gunicorn --preload, uWSGI without lazy-apps, Celery's prefork and"
            " multiprocessing, where the application connects while it is imported; seldom it is two threads that share"
            " one connection"
        ),
        remedy=(
            "let no connection cross a fork: connect in the child alone, or dispose_after_fork(engine) of"
            " constructs_lib.runtime, which closes what the process has before it forks and gives every child an empty"
            " pool; with SQLAlchemy alone engine.dispose(close=False) at the start of the child, as in gunicorn's"
            " post_fork or Celery's worker_process_init. pool_pre_ping does not help: the connection lives. Each child"
            " then has a pool of its own, and the budget counts it: processes"
        ),
        source='SQLAlchemy documentation, "Connection Pooling", Using Connection Pools with os.fork()',
    ),
    ErrorMessage(
        id="mysql-gone-away",
        text='pymysql.err.OperationalError: (2006, "MySQL server has gone away")',
        patterns=(r"mysql server has gone away", r"lost connection to (?:mysql )?server (?:during query|at )"),
        raised_by="the driver of MySQL or MariaDB, in the application: error 2006 or 2013",
        cause=(
            "2006: the pool gave out a connection that was closed meanwhile, by MySQL after wait_timeout (28800 s), by"
            " RDS Proxy after its idle client timeout (1800 s unless set), by a load balancer or NAT gateway after"
            " 350 s, or by a failover or restart; or the statement was larger than max_allowed_packet. 2013: it was"
            " closed while a statement ran, by a failover, a restart, or a read timeout"
        ),
        remedy=(
            "pool_pre_ping=True, and a pool_recycle below the shortest of these timeouts: half of the proxy's, 900 s,"
            " else 1800 s. The budget writes both into the containers. After 2013 repeat the transaction; where it is"
            " one statement that never gets through, raise max_allowed_packet or the driver's read timeout"
        ),
        source='MySQL Reference Manual, "MySQL server has gone away"',
    ),
    ErrorMessage(
        id="timeout-after-idle",
        text="TimeoutError on the first requests after a quiet time",
        patterns=(r"timeouterror on (?:the )?first request",),
        hints=(
            r"\btimeouterror\b",
            r"connection timeout expired",
            r"timed? ?out.{0,100}(?:acquir|borrow|connecting|connect to)",
            r"(?:acquir|borrow)\w* .{0,100}timed? ?out",
        ),
        unless=(r"redis|mongo|amqp|rabbitmq",),
        raised_by="the driver or RDS Proxy, while connecting",
        cause=(
            "the connections that the pool had kept were dropped or recycled while nobody used them, and now many"
            " requests connect at once, each with a TLS handshake, while the server may be cold (Aurora Serverless v2"
            " at its minimum, or resuming). Behind RDS Proxy it can also be the borrow timeout, 120 s: all of its"
            " connections are in use"
        ),
        remedy=(
            "open the pool when the application starts (a few times SELECT 1, at most pool_size of them), keep"
            " pool_size near what is used all day so that fewer connections have to be made anew, and give the proxy"
            " the percentage that the plan asks for"
        ),
        source='Amazon RDS User Guide, "RDS Proxy connection considerations", ConnectionBorrowTimeout',
    ),
)
