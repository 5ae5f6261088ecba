"""What is wrong with a bundle: always a file and a reason."""


class BundleError(ValueError):
    """The bundle can't be read or loaded; nothing of it was stored.

    file: path inside the bundle, perhaps with a line, such as "subjects.csv, line 7".
    """

    def __init__(self, file: str, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"{file}: {reason}")
