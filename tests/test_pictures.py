"""Pictures of a submission: what is refused, with which sentence, and before how much of it was decoded."""

import base64
import io
import os
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_form import FORM, file, photo, picture, submission
from PIL import Image, ImageFile

from docgen import service
from docgen.errors import SubmissionError
from docgen.forms.shape import LeafKind
from docgen.pictures import LEAST_SIDE, MOST_BYTES, MOST_PIXELS, Picture, decoded

JPEG, PNG = file(photo()), file(photo(), "PNG")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(across: int, down: int, content: bytes = b"") -> bytes:
    """A PNG whose header promises a size; what follows need not keep the promise."""
    header = struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def jpeg(across: int, down: int) -> bytes:
    """A JPEG with a size written over the true one."""
    place = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:place] + struct.pack(">HH", down, across) + JPEG[place + 4 :]


def refusal(data: bytes) -> tuple[str, str]:
    """Return code and sentence of what is wrong with a picture; nothing of the value may stand in them."""
    return fault_of(base64.b64encode(data).decode())


def fault_of(text: str) -> tuple[str, str]:
    with pytest.raises(SubmissionError) as caught:
        service.render(FORM, {**submission(), "pictures": [{"data": text, "caption": "图1"}]}, "docx")
    (fault,) = caught.value.faults
    assert fault.pointer == "/pictures/0/data"
    assert fault.label == "图片第 1 项·图片文件"
    assert len(fault.detail) < 100
    return fault.code, fault.detail


@pytest.mark.parametrize("data", [JPEG, PNG, file(photo((LEAST_SIDE, 4000)))])
def test_pictures_pass(data: bytes) -> None:
    assert decoded(Picture.model_validate(picture(data)).data) == data


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (file(photo((320, 240)), "GIF"), "GIF"),
        (file(photo((320, 240)), "BMP"), "BMP"),
        (file(photo((320, 240)), "TIFF"), "TIFF"),
        (file(photo((320, 240)), "WEBP"), "WebP"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "HTML"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "Office"),
        (b"MZ\x90", ""),
        (b"\x89PNG\n", ""),
    ],
)
def test_another_kind_is_refused_by_content(data: bytes, kind: str) -> None:
    code, detail = refusal(data)
    assert code == "picture_kind"
    assert kind in detail
    assert ("（" in detail) == bool(kind)


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (MOST_PIXELS // 1000 + 1, 1000)])
@pytest.mark.parametrize("make", [png, jpeg])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int], make: object) -> None:
    across, down = (min(side, 65_535) for side in size) if make is jpeg else size
    data = jpeg(across, down) if make is jpeg else png(across, down, zlib.compress(bytes(10_000_000)))
    tracemalloc.start()
    code, detail = refusal(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == "picture_too_large"
    assert f"{across} × {down} 像素" in detail
    assert peak < 4_000_000, "not a pixel of it was made"


def test_more_bytes_than_allowed_are_refused() -> None:
    exactly = JPEG + bytes(MOST_BYTES - len(JPEG))
    Picture.model_validate(picture(exactly))
    assert refusal(exactly + b"\0\0\0") == ("picture_too_large", "图片超过 5 MiB，请缩小或压缩后重试")


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = file(photo(), progressive=True)
    scan = data.rindex(b"\xff\xda")
    assert refusal(data[:-2] + data[scan:-2] * 80 + data[-2:])[0] == "picture_too_large"


def test_a_picture_that_shows_nothing_is_refused() -> None:
    assert refusal(file(photo((LEAST_SIDE - 1, 400))))[0] == "picture_too_small"
    assert refusal(png(0, 0))[0] in {"picture_too_small", "picture_damaged"}


@pytest.mark.parametrize("data", [JPEG, PNG], ids=["jpeg", "png"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
@pytest.mark.parametrize("lenient", [False, True])
def test_a_truncated_file_is_refused(
    data: bytes, share: float, *, lenient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint makes Pillow lenient as soon as it is imported."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    assert refusal(data[: int(len(data) * share)])[0] == "picture_damaged"
    assert lenient is ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "现场照片",
        "http://127.0.0.1/a.png",
        "../../etc/passwd",
        "data:image/png;base64,iVBORw0KGgo=",
        "QUJD\nQUJD",
        "QUI",
        "Q===",
        "-_-_",
    ],
)
def test_what_is_no_base64_is_refused_and_not_repeated(text: str) -> None:
    code, detail = fault_of(text)
    assert code == "picture_base64"
    assert not text or text not in detail


@given(st.data())
def test_changed_bytes_never_give_anything_but_a_picture_or_a_refusal(data: st.DataObject) -> None:
    whole = bytearray(file(photo((64, 48)), *data.draw(st.sampled_from([("JPEG",), ("PNG",)]))))
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=8)):
        whole[place] = value
    sent = {"pictures": [picture(bytes(whole))]}
    verdict = service.check(FORM, {**submission(), **sent})
    assert {fault.code for fault in verdict.faults} <= {
        "picture_kind",
        "picture_damaged",
        "picture_too_large",
        "picture_too_small",
    }


def test_a_picture_is_one_field_among_others() -> None:
    listed = {line.path: line for line in service.fields(FORM)}
    assert listed["pictures[].data"].kind == LeafKind.PICTURE
    assert listed["pictures[].caption"].kind == LeafKind.LINE
    schema = service.schema(FORM)["$defs"]["Picture"]["properties"]["data"]
    assert schema["contentEncoding"] == "base64"


def test_a_file_is_not_searched_for_characters_to_print() -> None:
    verdict = service.check(FORM, submission(JPEG))
    assert (verdict.faults, verdict.findings) == ((), ())


def test_random_bytes_behind_a_good_start_are_refused() -> None:
    noise = os.urandom(4000)
    for start in (b"\xff\xd8\xff\xe0", PNG[:33]):
        assert refusal(start + noise)[0] in {"picture_damaged", "picture_too_large", "picture_too_small"}


def test_16_bits_with_a_transparent_level() -> None:
    level = Image.new("I;16", (64, 48), 32_896)
    buffer = io.BytesIO()
    level.save(buffer, "PNG", transparency=32_896)
    Picture.model_validate(picture(buffer.getvalue()))
