"""The failures that Kashaf foresees, one small family.

Errors know nothing of HTTP or of exit statuses: `kashaf.web` and `kashaf.cli` decide those.
"""


class KashafError(Exception):
    """Any failure that Kashaf foresees; catch it to catch them all."""


class ArticleError(KashafError, ValueError):
    """An article that cannot be taken in; the message names the article and the reason."""


class ExtractorError(KashafError, LookupError):
    """An extractor of names that is not installed or cannot be loaded."""


class LimitError(KashafError, ValueError):
    """A request beyond a documented limit.

    Attributes:
        limit: the name of the limit, as in docs/operating.md (for instance ``query characters``).
        allowed: the largest value that is accepted.
        got: the value that was given.
    """

    def __init__(self, limit: str, allowed: int, got: int) -> None:
        super().__init__(f"{limit}: {got} is over the limit of {allowed}")
        self.limit = limit
        self.allowed = allowed
        self.got = got


class RequestError(KashafError, ValueError):
    """A search parameter that cannot be used.

    Attributes:
        parameter: the name of the parameter, as the caller wrote it.
    """

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(f"{parameter}: {reason}")
        self.parameter = parameter
        self.reason = reason


class SettingError(KashafError, ValueError):
    """A setting of the server that cannot be used.

    Attributes:
        name: the setting; "" where it is the whole file.
        origin: the flag, the environment variable or the file that it came from.
    """

    def __init__(self, name: str, origin: str, reason: str) -> None:
        is_named = origin.lower().replace("-", "_").endswith(name)  # a flag and a variable name their setting
        super().__init__(f"{origin}: {reason}" if is_named else f"{origin}: {name}: {reason}")
        self.name = name
        self.origin = origin


class UnknownArticle(KashafError, LookupError):
    """No article has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article has the id {article_id!r}")
        self.article_id = article_id


class UnknownEntity(KashafError, LookupError):
    """No person or organisation has this id."""

    def __init__(self, entity_id: str) -> None:
        super().__init__(f"no person or organisation has the id {entity_id!r}")
        self.entity_id = entity_id


class UnknownAlert(KashafError, LookupError):
    """No alert has this id."""

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"no alert has the id {alert_id!r}")
        self.alert_id = alert_id


class CurationError(KashafError, ValueError):
    """A merge, split, rename or rejection that would contradict the authority file.

    Attributes:
        reason: the kind of contradiction, the same in every language: ``kinds-differ``, ``wikidata-taken`` …
    """

    def __init__(self, message: str, reason: str = "contradiction") -> None:
        super().__init__(message)
        self.reason = reason


class CursorError(KashafError, ValueError):
    """A paging cursor that is forged, of another query, or of a generation that is gone."""


class WorkerLost(KashafError, RuntimeError):
    """A process of several that prepare articles ended without a word.

    Attributes:
        jobs: how many there were.
    """

    def __init__(self, jobs: int) -> None:
        super().__init__(f"one of {jobs} worker processes ended unforeseen; it was killed, perhaps for want of memory")
        self.jobs = jobs


class ArchiveError(KashafError, OSError):
    """An archive that cannot be used."""


class ArchiveMissing(ArchiveError):
    """There is no archive in this folder."""


class ArchiveLocked(ArchiveError):
    """Another process is writing to this archive."""


class ArchiveReadOnly(ArchiveError):
    """The archive may not be written to, or nothing more goes on its disk."""


class ArchiveTooNew(ArchiveError):
    """The archive was written by a newer version of Kashaf."""


class ArchiveDamaged(ArchiveError):
    """A file of the archive does not hold what was written; the message names it and the repair."""
