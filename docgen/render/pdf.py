"""HTML to PDF with WeasyPrint: nothing is fetched but what docgen holds, and what it warns of is an error."""

from __future__ import annotations

import logging
import os
import re
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA, UA_STYLESHEET
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import split_first_line
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from docgen import paths
from docgen.errors import FaceError, RenderError
from docgen.layout import Face, PageKind
from docgen.render import embedding, faces
from docgen.render.garbage import uncollected
from docgen.render.html import ASSET_URL, FACE_URL, face_sheet, style_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


_FONTCONFIG: Final = "FONTCONFIG_FILE"

_FOR_ALL: Final = re.compile(r"^::[a-z-]+ \{[^}]*\}$", re.MULTILINE)
"""Rules of WeasyPrint's own sheet that hold for all elements: the marks of list items, footnotes and notes."""
_SPECIAL: Final = re.compile(r"list-item|<li\b|<summary\b|footnote|\bnote\(|::marker", re.IGNORECASE)
"""What such marks are needed for."""

_layout = threading.Lock()
"""Pango's font map must not be used by two threads at once."""


class _Shelf(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Serves faces and the document's own assets; every other address is refused."""

    def __init__(self, assets: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep the assets: name to (media type, bytes)."""
        super().__init__(allowed_protocols=())
        self._assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return what the shelf has; raise for all else, which stops the render."""
        del headers
        if url.startswith(FACE_URL):
            data = faces.resolve(Face[url.removeprefix(FACE_URL)]).read_bytes()
            return URLFetcherResponse(url, data, {"Content-Type": "font/ttf"})
        if url.startswith(ASSET_URL) and (asset := self._assets.get(url.removeprefix(ASSET_URL))):
            return URLFetcherResponse(url, asset[1], {"Content-Type": asset[0]})
        raise FatalURLFetchingError("address outside docgen")


@cache
def _configuration() -> FontConfiguration:
    """Open the faces, once a process: it takes longer than many a document.

    The machine's own fonts are hidden from fontconfig: for emoji and rare clusters Pango would prefer one of them, and
    two machines would make two different documents.
    """
    with _no_machine_fonts():
        configuration = FontConfiguration()
    CSS(string=face_sheet(), font_config=configuration, url_fetcher=_Shelf({}))
    return configuration


@contextmanager
def _no_machine_fonts() -> Iterator[None]:
    """Show fontconfig an empty configuration; programs started later must not inherit it."""
    before = os.environ.get(_FONTCONFIG)
    os.environ[_FONTCONFIG] = str(paths.FACES / "fontconfig.xml")
    try:
        yield
    finally:
        if before is None:
            del os.environ[_FONTCONFIG]
        else:
            os.environ[_FONTCONFIG] = before


@cache
def _sheet(page: PageKind) -> CSS:
    with _warnings_are_errors():
        return CSS(string=style_sheet(page), font_config=_configuration(), url_fetcher=_Shelf({}))


class _Record(logging.Handler):
    """Collects what WeasyPrint would only log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings_are_errors() -> Iterator[None]:
    logger = logging.getLogger("weasyprint")
    record = _Record()
    logger.addHandler(record)
    before, logger.propagate = logger.propagate, False
    try:
        yield
    finally:
        logger.removeHandler(record)
        logger.propagate = before
    if record.messages:
        raise RenderError(
            f"排版引擎报告了 {len(record.messages)} 个问题，第一个是：{record.messages[0][:200]}",
            "请检查 HTML 模板和样式表；用 docgen template check 可以找到位置",
        )


class _Source(HTML):  # type: ignore[misc]  # weasyprint ships no types
    """A document; one without lists and notes does without the rules that make six pseudo-elements of every element."""

    def __init__(self, html: str, page: PageKind, assets: Mapping[str, tuple[str, bytes]]) -> None:
        """Parse it."""
        super().__init__(string=html, url_fetcher=_Shelf(assets))
        self._is_plain = not (_SPECIAL.search(html) or _SPECIAL.search(style_sheet(page)))

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: FBT001, FBT002  weasyprint's own words
        """Return the sheets of the user agent; WeasyPrint asks for them by this name."""
        sheets: list[CSS] = super()._ua_stylesheets(forms)
        return [_plain_sheet() if self._is_plain and sheet is UA_STYLESHEET else sheet for sheet in sheets]


@cache
def _plain_sheet() -> CSS:
    return CSS(string=_FOR_ALL.sub("", UA), counter_style=CounterStyle())


@contextmanager
def laid_out(html: str, page: PageKind, assets: Mapping[str, tuple[str, bytes]] | None = None) -> Iterator[Any]:
    """Lay a document out and lend it, WeasyPrint's own object, as long as the context lasts.

    Raises RenderError for whatever WeasyPrint warns of.
    """
    with _layout, uncollected():
        sheet = _sheet(page)
        with _warnings_are_errors():
            try:
                source = _Source(html, page, assets or {})
                yield source.render(stylesheets=[sheet], font_config=_configuration())
            except FatalURLFetchingError as error:
                raise RenderError(
                    "模板引用了 docgen 以外的地址，已拒绝", "请把图片和字体改为 docgen 自带的资源"
                ) from error


def render(html: str, page: PageKind, assets: Mapping[str, tuple[str, bytes]] | None = None) -> bytes:
    """Return the PDF of an HTML document; the same input gives the same bytes.

    Raises RenderError for whatever WeasyPrint warns of, FaceError when it used a face of its own choice.
    """
    with laid_out(html, page, assets) as document:
        return written(document)


def written(document: Any, read: Callable[[Any], None] = lambda _: None) -> bytes:  # noqa: ANN401  weasyprint's own object
    """Return the PDF of pages that were laid out; raises FaceError as ``render`` does.

    ``read`` is shown pydyf's own object before its streams are packed.
    """

    def finish(document: Any, drawn: Any) -> None:  # noqa: ANN401  as above
        _only_house_faces(document)
        read(drawn)
        embedding.pack(drawn)

    document.fonts = embedding.Fonts()
    data: bytes = document.write_pdf(finisher=finish)
    return data


def marked(page: Any, name: str) -> list[str]:  # noqa: ANN401  weasyprint's own object
    """Return the values of an attribute of table rows, of those that stand on a page, in their order."""
    rows = (box for box in page._page_box.descendants() if box.element_tag == "tr")  # noqa: SLF001  no public way to the boxes
    return [box.element.get(name) for box in rows if name in box.element.attrib]


def measured(text: str, style: Any) -> tuple[float, float]:  # noqa: ANN401  weasyprint's own objects
    """Return how far one line of text in a style of a laid-out document reaches above its baseline, and its height."""
    with _layout:
        *_, height, ascent = split_first_line(text, style, None, None, 0)
    return ascent, height


def engines() -> str:
    """Return the versions of the libraries that break lines and shape them."""
    return f"Pango {pango.pango_version()}"


def _only_house_faces(document: Any) -> None:  # noqa: ANN401  weasyprint's own object
    used = {font.family for font in document.fonts.values()}
    if strange := used - {faces.family(face) for face in Face}:
        raise FaceError(
            f"排版时混入了版式以外的字体：{'、'.join(sorted(strange))}",
            "请运行 docgen doctor 检查字体文件是否齐全",
        )
