"""The kinds of failure over HTTP: a stable name, a status, and what readers and programmers are told."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of failure; `title` and `advice` are shown to readers in their language."""

    name: str
    status: int
    title: LazyString
    advice: LazyString


PROBLEMS = {
    problem.name: problem
    for problem in (  # to add a kind, add a line: its page, the contract and the tests follow
        Problem(
            "malformed",
            400,
            lazy_gettext("The request cannot be read"),
            lazy_gettext("Addresses must be UTF-8, percent-encoded; bodies must be well-formed JSON in UTF-8."),
        ),
        Problem(
            "token-needed",
            401,
            lazy_gettext("A token is needed"),
            lazy_gettext("Writing needs the header “Authorization: Bearer” with the token of this server."),
        ),
        Problem(
            "token-wrong",
            401,
            lazy_gettext("The token is wrong"),
            lazy_gettext("The token sent is not the one of this server. Ask the person who runs it."),
        ),
        Problem(
            "writes-off",
            403,
            lazy_gettext("Writing is off"),
            lazy_gettext(
                "This server only reads. To allow writing, start it with KASHAF_TOKEN or KASHAF_TOKEN_SHA256."
            ),
        ),
        Problem(
            "cross-site",
            403,
            lazy_gettext("The form comes from another site"),
            lazy_gettext("Forms are taken from the pages of this server alone. Open the page here and send it again."),
        ),
        Problem(
            "form-outdated",
            403,
            lazy_gettext("The form is no longer good"),
            lazy_gettext("You have signed in again since it was shown. Go back, reload the page and send it again."),
        ),
        Problem(
            "not-found",
            404,
            lazy_gettext("There is nothing at this address"),
            lazy_gettext("The address may be misspelt. The contract lists every address of the interface."),
        ),
        Problem(
            "unknown-article",
            404,
            lazy_gettext("No article has this id"),
            lazy_gettext("The article may have been deleted, or the id belongs to another archive."),
        ),
        Problem(
            "unknown-entity",
            404,
            lazy_gettext("No person or organisation has this id"),
            lazy_gettext("It may have been merged into another one. Search for the name instead."),
        ),
        Problem(
            "unknown-alert",
            404,
            lazy_gettext("No alert has this id"),
            lazy_gettext("It may have been removed. Whoever holds the token of this server can list the alerts."),
        ),
        Problem(
            "unknown-decision",
            404,
            lazy_gettext("There is no decision of this number"),
            lazy_gettext("The log lists every decision with its number."),
        ),
        Problem(
            "method-not-allowed",
            405,
            lazy_gettext("This address does not take that method"),
            lazy_gettext("The header “Allow” of the answer lists the methods that it takes."),
        ),
        Problem(
            "contradiction",
            409,
            lazy_gettext("The decision cannot be made"),
            lazy_gettext("It contradicts what is in the archive; the member “reason” says in what way."),
        ),
        Problem(
            "cannot-undo",
            409,
            lazy_gettext("The decision cannot be undone"),
            lazy_gettext("It is undone already, or later decisions rest on it: undo these first."),
        ),
        Problem(
            "cursor-gone",
            410,
            lazy_gettext("The cursor can no longer be used"),
            lazy_gettext(
                "A cursor belongs to one query and one state of the archive. Start again from the first page."
            ),
        ),
        Problem(
            "body-too-large",
            413,
            lazy_gettext("The body is too large"),
            lazy_gettext("Send fewer or shorter articles in one request."),
        ),
        Problem(
            "address-too-long",
            414,
            lazy_gettext("The address is too long"),
            lazy_gettext("Use fewer filters or a shorter query."),
        ),
        Problem(
            "unsupported-media-type",
            415,
            lazy_gettext("The body is of another type than expected"),
            lazy_gettext("Send JSON with the header “Content-Type: application/json”."),
        ),
        Problem(
            "invalid-parameter",
            422,
            lazy_gettext("A parameter cannot be used"),
            lazy_gettext(
                "The member “errors” names each parameter and the reason. Unknown and misspelt ones are refused too."
            ),
        ),
        Problem(
            "over-limit",
            422,
            lazy_gettext("The request is beyond a limit"),
            lazy_gettext("The members “limit”, “allowed” and “got” say which one and by how much."),
        ),
        Problem(
            "invalid-article",
            422,
            lazy_gettext("The article cannot be taken in"),
            lazy_gettext("The member “detail” gives the reason."),
        ),
        Problem(
            "unreadable-decisions",
            422,
            lazy_gettext("The file of decisions cannot be used"),
            lazy_gettext("The member “detail” names the line and the reason. Nothing was changed."),
        ),
        Problem(
            "too-many-requests",
            429,
            lazy_gettext("Too many requests"),
            lazy_gettext("Wait for the number of seconds in the header “Retry-After”."),
        ),
        Problem(
            "internal-error",
            500,
            lazy_gettext("The server failed"),
            lazy_gettext("This is a fault of Kashaf. Report it with the member “request_id”."),
        ),
        Problem(
            "too-slow",
            503,
            lazy_gettext("The search took too long"),
            lazy_gettext("A part of the answer would look like the whole. Add a word or a filter, or try again later."),
        ),
        Problem(
            "archive-unavailable",
            503,
            lazy_gettext("The archive cannot be used"),
            lazy_gettext("The archive is missing, damaged or of a newer version. “kashaf verify” tells more."),
        ),
        Problem(
            "archive-busy",
            503,
            lazy_gettext("Another process is writing"),
            lazy_gettext("One process at a time may write. Try again after the seconds in the header “Retry-After”."),
        ),
    )
}
