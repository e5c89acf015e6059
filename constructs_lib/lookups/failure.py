"""Why a look-up gave nothing."""


class LookupFailedError(Exception):
    """A look-up that failed for a reason outside this program; the text is one line and holds no secret."""
