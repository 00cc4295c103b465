"""Citations of records, documents and pages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from recommendations.charts.model import Chart
from recommendations.core.dates import day_in_words
from recommendations.core.text import join_and
from recommendations.models import (
    Document,
    Issue,
    Recommendation,
    Review,
    Stakeholder,
    StateResponse,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable


# The file formats of citations, which reference managers read, by extension.
FILES = ("bib", "ris")
# A recommendation or question is put to a State; a concern is about it.
KINDS_TO_WHOM = {
    Recommendation.Kind.RECOMMENDATION: gettext_lazy("Recommendation to %(state)s"),
    Recommendation.Kind.CONCERN: gettext_lazy("Concern about %(state)s"),
    Recommendation.Kind.QUESTION: gettext_lazy("Question to %(state)s"),
    Recommendation.Kind.COMMENDATION: gettext_lazy("Commendation of %(state)s"),
}
# The same, after the name of the stakeholder who raised it.
KINDS_TO_WHOM_BY = {
    Recommendation.Kind.RECOMMENDATION: gettext_lazy("%(who)s, recommendation to %(state)s"),
    Recommendation.Kind.CONCERN: gettext_lazy("%(who)s, concern about %(state)s"),
    Recommendation.Kind.QUESTION: gettext_lazy("%(who)s, question to %(state)s"),
    Recommendation.Kind.COMMENDATION: gettext_lazy("%(who)s, commendation of %(state)s"),
}


def cite_recommendation(
    record: Recommendation, raised_by: Iterable[Stakeholder], address: str, site: str
) -> str:
    """Return a reference to a record for a footnote, in plain text.

    `raised_by` are the stakeholders that may be named, `address` is the full permanent address.
    """
    who = join_and(stakeholder.name for stakeholder in raised_by)
    kind = Recommendation.Kind(record.kind)
    what = (KINDS_TO_WHOM_BY if who else KINDS_TO_WHOM)[kind]
    sentence = gettext("%(what)s, in %(place)s. Record %(reference)s, %(site)s, %(address)s")
    return sentence % {
        "what": what % {"who": who, "state": record.document.review.state.name},
        "place": cite_place(record),
        "reference": record.reference,
        "site": site,
        "address": address,
    }


def cite_response(response: StateResponse, address: str, site: str) -> str:
    """Return a reference to a State response, in plain text."""
    sentence = gettext(
        "%(state)s (%(speaker)s), statement of %(when)s, in %(place)s."
        " Record %(reference)s, %(site)s, %(address)s"
    )
    return sentence % {
        "state": response.document.review.state.name,
        "speaker": response.get_speaker_display().lower(),
        "when": day_in_words(response.date),
        "place": cite_place(response),
        "reference": response.reference,
        "site": site,
        "address": address,
    }


def cite_document(document: Document) -> str:
    """Return the document as a source: symbol, title, and date as precisely as it is known."""
    date = day_in_words(document.published_on) if document.published_on else document.review.when
    symbol = f", {document.symbol}" if document.symbol else ""
    return f"“{document.title}”{symbol} ({date})"


def cite_place(quoted: Recommendation | StateResponse) -> str:
    """Return the document and the paragraph, or the row of a data set."""
    return f"{cite_document(quoted.document)}, {quoted.place_in_document}"


@dataclass(frozen=True, slots=True)
class Site:
    """The site: its address without a trailing slash, and its name."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation. `sentence` is the reference in plain text; the rest is for reference managers.

    `authors` are only those who may be named; `year`, `month` and `day` are set only as far as they are
    known. `files` are the addresses of the citation as BibTeX and RIS, by extension.
    """

    key: str
    title: str
    address: str
    site: str
    sentence: str
    retrieved: datetime.date
    files: dict[str, str]
    authors: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    day: int | None = None
    notes: tuple[str, ...] = ()

    def as_bibtex(self) -> str:
        """Return an entry for BibTeX and BibLaTeX."""
        fields = {
            "author": " and ".join(f"{{{tex(author)}}}" for author in self.authors),
            "title": f"{{{tex(self.title)}}}",  # the second pair of braces keeps the capitals
            "howpublished": tex(self.site),
            "year": str(self.year or ""),
            "month": str(self.month or ""),
            "day": str(self.day or ""),
            "note": tex(". ".join(self.notes)),
            "url": self.address,
            "urldate": self.retrieved.isoformat(),
        }
        lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
        return f"@misc{{{self.key},\n{''.join(lines)}}}\n"

    def as_ris(self) -> str:
        """Return a record in the RIS format, as an electronic source."""
        date = f"{self.year or ''}/{_two(self.month)}/{_two(self.day)}/"
        lines = [
            ("TY", "ELEC"),
            ("ID", self.key),
            *(("AU", author) for author in self.authors),
            ("TI", self.title),
            ("T2", self.site),
            ("PY", str(self.year or "")),
            ("DA", date if self.year else ""),
            *(("N1", note) for note in self.notes),
            ("UR", self.address),
            ("Y2", f"{self.retrieved:%Y/%m/%d}/"),
        ]
        return "".join(f"{tag}  - {one_line(text)}\r\n" for tag, text in lines if text) + "ER  - \r\n"


# Characters special to TeX; braces are named, because BibTeX counts even escaped ones.
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {sign: f"\\{sign}" for sign in "#$%&_"}


def one_line(text: str) -> str:
    """Return the text without line breaks and control characters, which would end a field."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())


def tex(text: str) -> str:
    """Return the text as the value of a BibTeX field."""
    return "".join(TEX.get(sign, sign) for sign in one_line(text))


def _two(number: int | None) -> str:
    return f"{number:02}" if number else ""


@singledispatch
def cite(thing: Any, site: Site) -> Citation:
    """Return the citation of a record, response, document, review, stakeholder, issue or chart."""
    raise TypeError(f"There is no citation for a {type(thing).__name__}.")


def page_citation(thing: Any, site: Site, sentence: str, title: str, key: str, **fields: Any) -> Citation:
    path = thing.get_absolute_url()
    return Citation(
        key=key,
        title=title,
        address=f"{site.url}{path}",
        site=site.name,
        sentence=sentence,
        retrieved=timezone.localdate(),
        files={ending: f"{path}cite.{ending}" for ending in FILES},
        **fields,
    )


def _date_of_review(review: Review) -> dict[str, int]:
    """Return the date on which a review began, as precisely as it is known."""
    start, precision = review.starts_on, review.Precision
    known = {"year": start.year}
    if review.precision != precision.YEAR:
        known["month"] = start.month
    if review.precision == precision.DAY:
        known["day"] = start.day
    return known


@cite.register
def _(record: Recommendation, site: Site) -> Citation:
    people = getattr(record, "public_stakeholders", None)
    if people is None:
        people = list(record.raised_by.published())
    address = f"{site.url}{record.get_absolute_url()}"
    return page_citation(
        record,
        site,
        cite_recommendation(record, people, address, site.name),
        record.title,
        record.reference,
        authors=tuple(person.name for person in people),
        notes=(cite_place(record), said_of_reference(record.reference)),
        **_date_of_review(record.document.review),
    )


@cite.register
def _(response: StateResponse, site: Site) -> Citation:
    state, said = response.document.review.state.name, response.date
    return page_citation(
        response,
        site,
        cite_response(response, f"{site.url}{response.get_absolute_url()}", site.name),
        response.summary or response.text,
        response.reference,
        authors=(state,),
        notes=(cite_place(response), said_of_reference(response.reference)),
        year=said.year,
        month=said.month,
        day=said.day,
    )


@cite.register
def _(document: Document, site: Site) -> Citation:
    dated = document.published_on
    known = (
        {"year": dated.year, "month": dated.month, "day": dated.day}
        if dated
        else _date_of_review(document.review)
    )
    return page_citation(
        document,
        site,
        f"{cite_document(document)}. {site.name}, {site.url}{document.get_absolute_url()}",
        document.title,
        f"document-{document.slug}",
        notes=(document.symbol,) if document.symbol else (),
        **known,
    )


@cite.register
def _(review: Review, site: Site) -> Citation:
    title = f"{review.state}, {review.label}"
    return _undated(review, site, title, f"review-{review.slug}", **_date_of_review(review))


@cite.register
def _(stakeholder: Stakeholder, site: Site) -> Citation:
    title = gettext("%(stakeholder)s: what it raised and assessed") % {"stakeholder": stakeholder}
    return _undated(stakeholder, site, title, f"stakeholder-{stakeholder.slug}")


@cite.register
def _(issue: Issue, site: Site) -> Citation:
    title = gettext("%(issue)s: records by issue") % {"issue": issue}
    return _undated(issue, site, title, f"issue-{issue.slug}")


def said_of_reference(reference: str) -> str:
    """Return the name of a record in a note."""
    return gettext("Record %(reference)s") % {"reference": reference}


def _undated(thing: Any, site: Site, title: str, key: str, **fields: Any) -> Citation:
    """Return the citation of a page that grows over time: it gives the date of access."""
    sentence = said_of_page(title, "", f"{site.url}{thing.get_absolute_url()}", site)
    return page_citation(thing, site, sentence, title, key, **fields)


def said_of_page(title: str, about: str, address: str, site: Site) -> str:
    """Return a reference to a page in plain text: title, description, site, date and address."""
    brackets = f" ({about})" if about else ""
    sentence = gettext("“%(title)s”%(about)s. %(site)s, retrieved on %(when)s, %(address)s")
    return sentence % {
        "title": title,
        "about": brackets,
        "site": site.name,
        "when": day_in_words(timezone.localdate()),
        "address": address,
    }


def cite_list(
    title: str, filters: str, number: str, path: str, site: Site, files: dict[str, str]
) -> Citation:
    """Return the citation of a list as of today: `filters` in words (may be empty), `number` of rows."""
    address = f"{site.url}{path}"
    found = "; ".join(part for part in (filters, number) if part)
    return cite_page(title, found, address, site, files)


def cite_page(title: str, about: str, address: str, site: Site, files: dict[str, str]) -> Citation:
    """Return the citation of any page of this site, such as a chart; `about` describes the page.

    The key is built from the address, so that the same page always has the same key.
    """
    digest = hashlib.sha256(address.removeprefix(site.url).encode()).hexdigest()[:10]
    name = "-".join("".join(sign if sign.isalnum() else " " for sign in title.lower()).split()[:4])
    ascii_name = name.encode("ascii", "ignore").decode() or "page"
    return Citation(
        key=f"{ascii_name}-{digest}",
        title=title,
        address=address,
        site=site.name,
        sentence=said_of_page(title, about, address, site),
        retrieved=timezone.localdate(),
        files=files,
        year=timezone.localdate().year,
        notes=(about,) if about else (),
    )


@cite.register
def _(chart: Chart, site: Site) -> Citation:
    """Return the citation of a chart as of today, by its own address even if shown on another page."""
    about = gettext("picture, all public records")
    if chart.filters:
        about = gettext("picture, %(filters)s") % {"filters": chart.filters}
    address = f"{site.url}{chart.get_absolute_url()}"
    files = {ending: chart.file_url(ending) for ending in FILES}
    return cite_page(chart.title, about, address, site, files)
