"""What the application is told where its pool settings cannot be used."""


class SettingsError(ValueError):
    """A setting that is missing or makes no sense: one line with what it is, what it may be, and who should set it."""
