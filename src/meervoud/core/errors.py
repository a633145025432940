"""The one small tree of errors; each message says what is wrong, with which value, and what to do."""


class MeervoudError(Exception):
    """Something a person can mend; the message is a whole sentence."""


class InputError(MeervoudError):
    """A value that came from outside cannot be used.

    Args:
        message: an English sentence: what is wrong, with which value, what to do.
        code: the name of the fault, for texts in other languages.
        values: the gaps of the sentence in other languages.
    """

    def __init__(self, message: str, *, code: str = "invalid", **values: str | float) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class NotAllowedError(MeervoudError):
    """The person may not do this."""


class ConflictError(MeervoudError):
    """The world changed: the thing asked for is no longer possible."""
