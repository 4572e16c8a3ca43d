"""Drafts: two windows, two organisations, pictures beside them, files that were read."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from docgen import service
from docgen.errors import SubmissionError
from docgen.filling import keeping, parcels
from docgen.filling.keeping import Sheet
from docgen.forms import catalogue
from docgen.store import drafts
from docgen.store.drafts import UnknownDraftError

if TYPE_CHECKING:
    from docgen.issuing.registry import Desk

FORMS = catalogue.all_forms()
APPLICATION = FORMS["caq-2026/application"]
REPORT = FORMS["shanxi-2025/achievement-report"]
USER = 1


def saved(desk: Desk, window: str, draft: str = "", revision: int = 0, **told: Any) -> keeping.Saved:
    return keeping.save(desk, USER, APPLICATION, Sheet(draft, revision, window, told))


def png(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_draft_is_begun_saved_listed_opened_and_dropped(desk: Desk) -> None:
    first = saved(desk, "w", org_name="云岭公司", group_name="攀登者")
    again = saved(desk, "w", first.draft, first.revision, org_name="云岭公司", group_name="登高者")
    assert (again.draft, again.revision, again.copied) == (first.draft, 2, False)
    (listed,) = keeping.of(desk)
    assert listed.draft.title == "云岭公司 登高者"
    kept = keeping.opened(desk, APPLICATION, first.draft)
    assert kept.submission["group_name"] == "登高者"
    assert kept.verdict.faults
    keeping.drop(desk, kept)
    assert keeping.of(desk) == ()


def test_another_window_loses_nothing(desk: Desk) -> None:
    first = saved(desk, "one", group_name="甲")
    mine = saved(desk, "one", first.draft, 1, group_name="甲甲")
    theirs = saved(desk, "two", first.draft, 1, group_name="乙")
    assert theirs.copied
    assert theirs.draft != mine.draft
    notice = catalogue.get_notice("caq-2026")
    names = {kept.draft.id: kept.submission["group_name"] for kept in keeping.of_notice(desk, notice)}
    assert names == {mine.draft: "甲甲", theirs.draft: "乙"}
    onwards = saved(desk, "two", theirs.draft, theirs.revision, group_name="乙乙")
    assert (onwards.draft, onwards.copied) == (theirs.draft, False)


def test_one_window_never_meets_itself(desk: Desk) -> None:
    """A request that was on its way when the page sent the next one is no other window."""
    first = saved(desk, "one", group_name="甲")
    saved(desk, "one", first.draft, 1, group_name="乙")
    late = saved(desk, "one", first.draft, 1, group_name="丙")
    assert (late.draft, late.copied) == (first.draft, False)
    unaware = saved(desk, "one", group_name="丁")
    assert (unaware.draft, unaware.copied) == (first.draft, False)
    assert len(keeping.of(desk)) == 1


def test_drafts_are_an_organisations_own(desk: Desk, other: Desk) -> None:
    draft = saved(desk, "w", group_name="甲").draft
    assert keeping.of(other) == ()
    with pytest.raises(UnknownDraftError):
        keeping.opened(other, APPLICATION, draft)
    with pytest.raises(UnknownDraftError):
        saved(other, "w", draft, 1, group_name="乙")
    with pytest.raises(UnknownDraftError):
        keeping.opened(desk, REPORT, draft)


def report(desk: Desk, data: bytes, window: str = "w") -> tuple[str, str]:
    """Begin a report with one picture; return the draft and how it names the picture."""
    begun = keeping.save(desk, USER, REPORT, Sheet("", 0, window, {}))
    named = keeping.add_picture(desk, USER, begun.draft, data, "图片")
    picture = {"data": named, "caption": "现状"}
    told = {"sections": [{"heading": "一", "text": "二", "pictures": [picture]}]}
    keeping.save(desk, USER, REPORT, Sheet(begun.draft, 1, window, told))
    return begun.draft, named


def test_pictures_lie_beside_the_draft_and_are_whole_when_it_is_printed(desk: Desk) -> None:
    draft, named = report(desk, png())
    kept = keeping.opened(desk, REPORT, draft)
    assert len(str(kept.draft.body)) < 400
    assert keeping.picture(desk, kept, named.removeprefix("picture:")) == (png(), "image/png")
    whole = keeping.whole(desk, REPORT, kept.submission)
    assert base64.b64decode(whole["sections"][0]["pictures"][0]["data"]) == png()
    codes = {fault.pointer for fault in kept.verdict.faults}
    assert not any("pictures" in pointer for pointer in codes)


def test_a_picture_goes_with_its_place_and_with_its_draft(desk: Desk, other: Desk) -> None:
    draft, named = report(desk, png())
    kept = keeping.opened(desk, REPORT, draft)
    identifier = named.removeprefix("picture:")
    with pytest.raises(UnknownDraftError):
        keeping.picture(other, kept, identifier)
    keeping.save(desk, USER, REPORT, Sheet(draft, kept.draft.revision, "w", {"sections": []}))
    assert pictures(desk) == 0
    again, _ = report(desk, png("blue"), "v")
    assert pictures(desk) == 1
    keeping.drop(desk, keeping.opened(desk, REPORT, again))
    assert pictures(desk) == 0
    assert [one.draft.id for one in keeping.of(desk)] == [draft]


def pictures(desk: Desk) -> int:
    with desk.registry.database.reading() as connection:
        return len(drafts.of(connection, desk.organisation, "picture", 100))


def test_a_copy_has_pictures_of_its_own(desk: Desk) -> None:
    draft, _ = report(desk, png())
    kept = keeping.opened(desk, REPORT, draft)
    keeping.save(desk, USER, REPORT, Sheet(draft, kept.draft.revision, "w", kept.submission))
    copy = keeping.save(desk, USER, REPORT, Sheet(draft, 1, "another", kept.submission))
    assert copy.copied
    keeping.drop(desk, keeping.opened(desk, REPORT, draft))
    left = keeping.opened(desk, REPORT, copy.draft)
    whole = keeping.whole(desk, REPORT, left.submission)
    assert base64.b64decode(whole["sections"][0]["pictures"][0]["data"]) == png()


def test_what_is_no_picture_is_refused_with_what_it_is(desk: Desk) -> None:
    begun = keeping.save(desk, USER, REPORT, Sheet("", 0, "w", {}))
    with pytest.raises(SubmissionError) as caught:
        keeping.add_picture(desk, USER, begun.draft, b"GIF89a", "第 1 张图片")
    (fault,) = caught.value.faults
    assert (fault.label, "GIF" in fault.detail) == ("第 1 张图片", True)


def test_pictures_expire_with_their_draft_and_not_before(desk: Desk) -> None:
    draft, _ = report(desk, png())
    with desk.registry.database.reading() as connection:
        (picture,) = drafts.of(connection, desk.organisation, "picture", 9)
    kept = keeping.opened(desk, REPORT, draft)
    keeping.save(desk, USER, REPORT, Sheet(draft, kept.draft.revision, "w", kept.submission))
    with desk.registry.database.writing() as connection:
        assert drafts.expire(connection, keeping.opened(desk, REPORT, draft).draft.updated_at) == 0
    assert picture.updated_at < keeping.opened(desk, REPORT, draft).draft.updated_at
    with desk.registry.database.writing() as connection:
        assert drafts.expire(connection, "9999") == 2


def test_a_file_brings_its_pictures_and_says_what_is_strange(desk: Desk) -> None:
    raw = service.sample(REPORT)
    raw["sections"][0]["pictures"] = [
        {"data": base64.b64encode(png()).decode(), "caption": "好"},
        {"data": "picture:" + "0" * 24, "caption": "坏"},
    ]
    draft = keeping.bring(desk, USER, REPORT, raw | {"nonsense": 1}, [{"label": "表", "detail": "看不清"}])
    kept = keeping.opened(desk, REPORT, draft)
    assert [one["label"] for one in kept.told][:1] == ["表"]
    assert any("没有这个字段" in one["detail"] for one in kept.told)
    good, bad = kept.submission["sections"][0]["pictures"]
    assert good["data"].startswith("picture:")
    assert "data" not in bad
    keeping.forget_told(desk, kept)
    assert keeping.opened(desk, REPORT, draft).told == []


def test_a_package_is_made_of_drafts_and_its_remarks_lead_back_to_them(desk: Desk) -> None:
    notice = catalogue.get_notice("caq-2026")
    sample = service.sample(APPLICATION)
    good = keeping.bring(desk, USER, APPLICATION, sample)
    wrong = keeping.bring(desk, USER, APPLICATION, sample | {"group_name": "", "topics": sample["topics"][:1]})
    chosen = [keeping.opened(desk, APPLICATION, one) for one in (good, wrong)]
    assert {kept.unit for kept in chosen} == {sample["recommender"]}
    told = parcels.checked(notice, chosen)
    assert {(one.kept.draft.id if one.kept else "", one.place) for one in told.faults} == {
        (wrong, "group_name"),
        (wrong, "topics"),
    }
    told = parcels.checked(notice, chosen[:1])
    assert told.faults == ()
    assert {one.place for one in told.findings if one.kept} >= {"recommender"}
    made = service.package(notice, parcels.whole(desk, chosen[:1]))
    assert made.documents == 3
