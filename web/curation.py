"""Curating on the pages: signing in, deciding about persons and organisations, the desk with suggestions and log.

Each decision is first shown with what it would change, then made, then shown with a way to undo it. All of it is plain
forms: a page that decides is sent once, and what follows is fetched anew (303), so that reloading repeats nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kashaf.errors import CurationError, UnknownEntity
from kashaf.index.article import KINDS
from kashaf.web import curation_words, security
from kashaf.web.addresses import whole
from kashaf.web.curation_acts import ACTS, Act, count
from kashaf.web.curation_api import FILE_NAME, bring_in, decisions_file, two_ids
from kashaf.web.curators import (
    Session,
    check_form,
    check_origin,
    curator,
    is_on,
    sign_in,
    sign_out,
)
from kashaf.web.deciding import decide, suggestions, undo
from kashaf.web.decision_lines import lines
from kashaf.web.people import just_done
from kashaf.web.problems import Refused
from kashaf.web.rendering import page
from kashaf.web.serving import archive

curation = Blueprint("curation", __name__, url_prefix="/curate")
SUGGESTED = 20  # on the desk
LOGGED = 50  # decisions a page
_WAIT = 2.0  # seconds that the desk waits for suggestions before it says that they are being looked for
_OPEN = ("curation.enter", "curation.entered")  # for who has not signed in


@curation.before_request
def only_curators() -> AnyResponse | str | None:
    """Sends who has not signed in to do so; takes forms of this site and of this session alone."""
    if not is_on():
        if request.method == "POST":
            raise Refused("writes-off", "this server was started without a token, so nobody may decide")
        return page("sign_in.html", q="", is_on=False)
    if request.method == "POST":
        check_origin()
    if request.endpoint in _OPEN:
        return None
    session = curator()
    if session is None:
        entity_id = (request.view_args or {}).get("entity_id")
        return redirect(url_for("curation.enter", entity=entity_id), 303)
    if request.method == "POST":
        check_form(session)
    return None


@curation.after_request
def kept_by_nobody(response: Response) -> Response:
    """What a curator sees stays with him."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _session() -> Session:
    session = curator()
    if session is None:
        raise Refused("token-needed", "nobody has signed in")
    return session


# ---------------------------------------------------------------- signing in


@curation.get("/sign-in")
def enter() -> AnyResponse | str:
    """The form that takes the token."""
    if curator():
        return redirect(_back(), 303)
    return page("sign_in.html", q="", is_on=True, entity=request.args.get("entity", ""))


@curation.post("/sign-in")
def entered() -> AnyResponse:
    """A session for whoever has the token."""
    if not security.is_token(request.form.get("token", "").strip()):
        entity = request.form.get("entity", "")
        return make_response(page("sign_in.html", q="", is_on=True, is_wrong=True, entity=entity), 403)
    return sign_in(make_response(redirect(_back(), 303)))


@curation.post("/sign-out")
def left() -> AnyResponse:
    """The end of the session in this browser."""
    return sign_out(make_response(redirect(_back(), 303)))


def _back(**values: object) -> str:
    """The page of the entity that a form was on, else the desk: never an address that somebody else has chosen."""
    entity_id = request.values.get("entity", "")
    try:
        if entity_id:
            return url_for("people.entity", entity_id=archive().entity(entity_id).id, **values)  # type: ignore[arg-type]
    except UnknownEntity:
        pass
    return url_for("curation.desk", **values)  # type: ignore[arg-type]  # of any type


# ---------------------------------------------------------------- deciding


@curation.get("/entities/<entity_id>/<verb>")
def ask(entity_id: str, verb: str) -> AnyResponse | str:
    """The form of one kind of decision; for a merge also who may be meant."""
    act = _act(verb)
    return _asking(act, entity_id)


@curation.post("/entities/<entity_id>/<verb>")
def act(entity_id: str, verb: str) -> AnyResponse | str:
    """Shows what a decision would change, or makes it once that was confirmed."""
    act = _act(verb)
    entity = archive().entity(entity_id)
    try:
        effect = act.effect(entity, request.form)
        if "sure" not in request.form:
            return page(
                "decide.html",
                q="",
                session=_session(),
                entity=entity,
                act=act,
                effect=effect,
                form=request.form,
                chosen=[archive().entity(each) for each in request.form.getlist("with")],
                articles_of=count,
            )
        decided = decide(lambda authority: act.carry_out(authority, entity, request.form))
    except CurationError as error:
        return make_response(_asking(act, entity_id, curation_words.reason(error.reason)), 409)
    number = decided.decision.number if decided.decision else 0
    if decided.entities:
        return redirect(url_for("people.entity", entity_id=decided.entities[0].id, done=number), 303)
    return redirect(url_for("people.entity", entity_id=entity.id, done=0) if not number else _done(number), 303)


def _act(verb: str) -> Act:
    if verb not in ACTS:
        raise Refused("not-found", f"there is no decision {verb!r}")
    return ACTS[verb]


def _asking(act: Act, entity_id: str, wrong: str | None = None) -> str:
    entity = archive().entity(entity_id)
    return page(
        "decide.html",
        q="",
        session=_session(),
        entity=entity,
        act=act,
        effect=None,
        wrong=wrong,
        form=request.form,
        find=request.args.get("find", ""),
        found=act.candidates(entity, request.args.get("find", "")),
        articles_of=count,
    )


@curation.post("/restore")
def restored() -> AnyResponse:
    """Takes a rejection back."""
    entity_id = request.form.get("entity", "")
    decided = decide(lambda authority: authority.restore(entity_id))
    return redirect(_back(done=decided.decision.number if decided.decision else 0), 303)


@curation.post("/undo")
def undone() -> AnyResponse:
    """Takes one decision of the log back."""
    given = request.form.get("number", "")
    if (number := whole(given)) is None:
        raise Refused("unknown-decision", f"{given[:40]!r} is no number of a decision")
    undo(number)
    return redirect(_back(done=number), 303)


# ---------------------------------------------------------------- the desk


@curation.get("/")
def desk() -> str:
    """Suggestions, the last decisions, the file of decisions."""
    kind = request.args.get("kind")
    kinds = tuple(each for each in KINDS if each == kind) or KINDS
    found = suggestions().current(kinds, SUGGESTED, _WAIT)
    return page(
        "curate.html",
        q="",
        session=_session(),
        kind=kinds[0] if len(kinds) == 1 else None,
        suggestions=found,
        articles_of=count,
        said=curation_words.said,
        done=just_done(),
        brought=request.args.get("brought"),
        log=lines(archive().authority.decisions()[::-1][:5]),
    )


@curation.post("/suggestions/<pair>")
def answered(pair: str) -> AnyResponse:
    """Accepts or refuses a suggestion."""
    one, other = two_ids(pair)
    if request.form.get("answer") == "accept":
        decided = decide(lambda authority: authority.merge([one, other]))
    elif request.form.get("answer") == "refuse":
        decided = decide(lambda authority: authority.refuse(one, other))
    else:
        raise Refused("malformed", "a suggestion is accepted or refused")
    return redirect(_done(decided.decision.number if decided.decision else 0), 303)


def _done(number: int) -> str:
    kind = request.form.get("kind")
    return url_for("curation.desk", done=number, kind=kind if kind in KINDS else None)


@curation.get("/log")
def log() -> str:
    """Every decision, the last one first."""
    everything = archive().authority.decisions()[::-1]
    at = min(whole(request.args.get("page", "")) or 1, 100_000)
    return page(
        "curation_log.html",
        q="",
        session=_session(),
        done=just_done(),
        log=lines(everything[(at - 1) * LOGGED : at * LOGGED]),
        total=len(everything),
        page=at,
        pages=max(1, -(-len(everything) // LOGGED)),
    )


@curation.get("/rejected")
def rejected() -> str:
    """What was said to be no person, no organisation."""
    return page("rejected.html", q="", session=_session(), rejected=archive().authority.rejected())


@curation.get("/decisions.jsonl")
def export() -> Response:
    """All decisions as a file."""
    return decisions_file()


@curation.post("/import")
def brought() -> AnyResponse:
    """Brings in a file of decisions: one decision, undone as one."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    decided, entities, _ = bring_in(content, FILE_NAME)
    number = decided.decision.number if decided.decision else 0
    return redirect(url_for("curation.desk", done=number, brought=entities), 303)
