"""Drafts of forms: begun, saved, opened again, forgotten; nothing that somebody typed is ever lost to another window.

A page knows the revision that it shows and has a name of its own (``window``). Where somebody else saved meanwhile,
what the page sends becomes a draft of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from docgen import service
from docgen.errors import SubmissionError
from docgen.filling import albums, asking, parts
from docgen.forms import catalogue
from docgen.store import drafts
from docgen.store.drafts import Begun, UnknownDraftError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.errors import Fault
    from docgen.filling.parts import Parts
    from docgen.forms.checking import Verdict
    from docgen.forms.form import Form, Notice
    from docgen.issuing.registry import Desk
    from docgen.reading.result import Reading
    from docgen.store.database import Connection
    from docgen.store.drafts import Draft

KIND: Final = "form"
MOST_LISTED: Final = 200
_WHOSE: Final = ("org_name", "recommender", "issuer")
_WHAT: Final = ("group_name", "team_name", "story_name", "name", "topic_name")
_LONGEST_TITLE: Final = 80
_TOLD_MOST: Final = 100
_UNSHOWN: Final = frozenset({"unknown_field", "wrong_type"})
"""What is wrong with data from elsewhere in a way that no page can show."""
_LATELY: Final = 20
"""Drafts among which a page finds its own again."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page sends: which draft it shows ("" for none yet), at which revision, and the page's own name.

    ``submission`` holds only what the page shows: of the lists in ``parts`` a part.
    """

    draft: str
    revision: int
    window: str
    submission: dict[str, Any]
    parts: Parts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a submission is kept now, the whole of it; ``copied`` where another window had saved meanwhile."""

    draft: str
    revision: int
    submission: dict[str, Any]
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with its form. ``told`` is what could not be read of the file that it came from."""

    draft: Draft
    form: Form

    @property
    def submission(self) -> dict[str, Any]:
        """What is filled in; pictures are only named."""
        found: dict[str, Any] = self.draft.body["submission"]
        return found

    @property
    def told(self) -> list[dict[str, str]]:
        """What could not be read, without the words that stand there."""
        found: list[dict[str, str]] = self.draft.body["told"]
        return found

    @property
    def verdict(self) -> Verdict:
        """What the check says of it as it stands."""
        return verdict(self.form, self.submission)

    @property
    def unit(self) -> str:
        """Whose package it belongs to, "" where that is not filled in yet."""
        delivery = catalogue.get_notice(self.form.notice_id).delivery
        for wanted in delivery.unit:
            stem, _, name = wanted.rpartition(".")
            value = self.submission.get(name)
            if stem in ("", self.form.stem) and isinstance(value, str):
                return value
        return ""


def title_of(submission: Mapping[str, Any]) -> str:
    """Return how a draft is listed: whose it is and what it is about."""
    found = (
        next((value for name in names if isinstance(value := submission.get(name), str) and value), "")
        for names in (_WHOSE, _WHAT)
    )
    return " ".join(filter(None, found))[:_LONGEST_TITLE]


def verdict(form: Form, submission: dict[str, Any]) -> Verdict:
    """Check a submission that only names its pictures."""
    return service.check(form, albums.stand_ins(form.shape, submission))


def of(desk: Desk) -> tuple[Kept, ...]:
    """Return the drafts of an organisation, last touched first, without what is filled in."""
    with desk.registry.database.reading() as connection:
        found = drafts.heads(connection, desk.organisation, KIND, MOST_LISTED)
    known = catalogue.all_forms()
    return tuple(Kept(draft, known[draft.form]) for draft in found if draft.form in known)


def of_notice(desk: Desk, notice: Notice) -> tuple[Kept, ...]:
    """Return the drafts of one notice with what is filled in, in the order of the annexes."""
    forms = catalogue.forms_of(notice)
    heads = [kept for kept in of(desk) if kept.form in forms]
    with desk.registry.database.reading() as connection:
        found = [
            Kept(drafts.get(connection, desk.organisation, KIND, kept.draft.id), kept.form)
            for kept in sorted(heads, key=lambda kept: forms.index(kept.form))
        ]
    return tuple(found)


def opened(desk: Desk, form: Form, identifier: str) -> Kept:
    """Return a draft of a form; raises UnknownDraftError."""
    with desk.registry.database.reading() as connection:
        draft = drafts.get(connection, desk.organisation, KIND, identifier)
    if draft.form != form.id:
        raise UnknownDraftError("这份草稿不是这张表的", "请回到「填表」，从草稿里重新打开")
    return Kept(draft, form)


def save(desk: Desk, user: int, form: Form, sheet: Sheet) -> Saved:
    """Keep what a page sends; raises UnknownDraftError where the draft was deleted meanwhile."""
    with desk.registry.database.writing() as connection:
        identifier = sheet.draft or _begun_by(connection, desk, form, sheet.window)
        if not identifier:
            body = {"submission": sheet.submission, "window": sheet.window, "told": []}
            return Saved(_begin(connection, desk, user, form, body), 1, sheet.submission)
        draft = drafts.get(connection, desk.organisation, KIND, identifier)
        if draft.form != form.id:
            raise UnknownDraftError("这份草稿不是这张表的", "请回到「填表」，从草稿里重新打开")
        submission = parts.joined(sheet.submission, draft.body["submission"], sheet.parts)
        body = draft.body | {"submission": submission, "window": sheet.window}
        if draft.revision != sheet.revision and draft.body["window"] != sheet.window:
            return Saved(*_copy(connection, desk, user, form, body), copied=True)
        before, after = (albums.references(form.shape, one) for one in (draft.body["submission"], submission))
        for gone in before - after:
            drafts.drop(connection, desk.organisation, gone)
        return Saved(draft.id, drafts.save(connection, draft, title_of(submission), body), submission)


def bring(desk: Desk, user: int, form: Form, raw: dict[str, Any], told: Sequence[Mapping[str, str]] = ()) -> str:
    """Begin a draft with a submission from elsewhere, its pictures included; return its identifier."""
    said = [dict(one) for one in told]
    said += [_told(fault) for fault in service.check(form, raw).faults if fault.code in _UNSHOWN]
    with desk.registry.database.writing() as connection:
        identifier = _begin(connection, desk, user, form, {"submission": {}, "window": "", "told": []})

        def kept(picture: str) -> str | None:
            try:
                sound = albums.judged_text(picture, "图片")
            except SubmissionError as error:
                said.extend(map(_told, error.faults))
                return None
            return albums.keep(connection, desk.organisation, user, identifier, sound)

        submission = albums.replaced(form.shape, asking.holdable(form.shape, raw), kept)
        draft = drafts.get(connection, desk.organisation, KIND, identifier)
        body = {"submission": submission, "window": "", "told": said[:_TOLD_MOST]}
        drafts.save(connection, draft, title_of(submission), body)
    return identifier


def _told(fault: Fault) -> dict[str, str]:
    return {"label": fault.label, "place": "", "detail": fault.detail, "remedy": ""}


def told_by(reading: Reading) -> list[dict[str, str]]:
    """Return what could not be read of a file, for people."""
    return [
        {"label": one.label, "place": one.place, "detail": one.detail, "remedy": one.remedy} for one in reading.problems
    ]


def forget_told(desk: Desk, kept: Kept) -> None:
    """Put away what could not be read, once somebody has seen to it."""
    with desk.registry.database.writing() as connection:
        drafts.save(connection, kept.draft, kept.draft.title, kept.draft.body | {"told": []})


def add_picture(desk: Desk, user: int, kept: str, data: bytes, label: str) -> str:
    """Keep a picture beside a draft; return how its submission names it. Raises SubmissionError."""
    picture = albums.judged(data, label)
    with desk.registry.database.writing() as connection:
        return albums.keep(connection, desk.organisation, user, kept, picture)


def picture(desk: Desk, kept: Kept, identifier: str) -> tuple[bytes, str]:
    """Return a picture that a draft names, as a file with its media type; raises UnknownDraftError."""
    if identifier in albums.references(kept.form.shape, kept.submission):
        with desk.registry.database.reading() as connection:
            found = albums.take(connection, desk.organisation, identifier)
        if found:
            return albums.as_file(found)
    raise UnknownDraftError("没有这张图片", "它可能已经从表里删去了，请重新上传")


def whole(desk: Desk, form: Form, submission: dict[str, Any]) -> dict[str, Any]:
    """Return a submission with its pictures in it; one that is gone is left out."""
    with desk.registry.database.reading() as connection:

        def fetched(text: str) -> str | None:
            identifier = albums.identifier_in(text)
            return albums.take(connection, desk.organisation, identifier) if identifier else text

        found: dict[str, Any] = albums.replaced(form.shape, submission, fetched)
    return found


def drop(desk: Desk, kept: Kept) -> None:
    """Forget a draft with its pictures."""
    with desk.registry.database.writing() as connection:
        drafts.drop(connection, desk.organisation, kept.draft.id)


def _begun_by(connection: Connection, desk: Desk, form: Form, window: str) -> str:
    """Return the draft that a page began without learning of it: a download leaves the page as it was."""
    lately = drafts.of(connection, desk.organisation, KIND, _LATELY)
    return next((one.id for one in lately if one.form == form.id and one.body["window"] == window != ""), "")


def _begin(connection: Connection, desk: Desk, user: int, form: Form, body: dict[str, Any]) -> str:
    begun = Begun(KIND, form.id, title_of(body["submission"]), body)
    return drafts.begin(connection, desk.organisation, user, begun)


def _copy(
    connection: Connection, desk: Desk, user: int, form: Form, body: dict[str, Any]
) -> tuple[str, int, dict[str, Any]]:
    """Begin a draft with the content of another one; its pictures are its own, since the other may be deleted."""
    copy = _begin(connection, desk, user, form, body)

    def copied(text: str) -> str | None:
        picture = albums.take(connection, desk.organisation, albums.identifier_in(text))
        return albums.keep(connection, desk.organisation, user, copy, picture) if picture else None

    submission = albums.replaced(form.shape, body["submission"], copied)
    draft = drafts.get(connection, desk.organisation, KIND, copy)
    return copy, drafts.save(connection, draft, draft.title, body | {"submission": submission}), submission
