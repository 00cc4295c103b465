"""Which addresses are asked: chosen once, written beside the answers, and asked again from there.

A line is who asks, how, and what: `nobody GET /recommendations/?q=libel`.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from tests.snapshot.world import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LISTS = (
    "recommendations",
    "responses",
    "issues",
    "stakeholders",
    "reviews",
    "documents",
    "follow-up",
    "chains",
)
NEWS = ("recommendations", "responses", "documents", "follow-up")
RECORDS = (
    *("KAZ-UPR7-36.7", "KAZ-UPR7-14.6", "KAZ-UPR7-1.1", "KAZ-UPR7-16.1", "KAZ-UPR7-40.3a", "KAZ-UPR7-27.3a"),
    *("KAZ-CCPR144-28.1a", "KAZ-CCPR144-38.3b", "KAZ-CCPR144-72.2b", "KAZ-CCPR144-73.5"),
    *("FRE-UPR7-1.1", "FRE-UPR7-1.2", "FRE-UPR7-1.2a", "FRE-UPR7-1.3", "FRE-UPR7-2.2", "FRE-UPR20-1.1"),
    *("FRE-CCPR120-5", "FRE-UPR7-OLD", "FRE-UPR7-9.9"),
)
ROWS = {
    "responses": ("KAZ-CCPR144-R87.1", "KAZ-CCPR144-R100.1", "FRE-CCPR120-R1"),
    "issues": ("torture", "expression", "expression/defamation", "liberty/prison-health", "old/defamation"),
    "stakeholders": ("human-rights-watch", "kaz-upr7-js1", "kazakhstan", "fre-upr7-js1", "not-to-be-named"),
    "reviews": ("kaz-upr7", "kaz-ccpr144", "fre-upr7"),
    "documents": ("a-hrc-wg6-7-kaz-3", "ccpr-144-kaz-dialogue", "fre-ccpr120-summary", "fre-hidden"),
    "chains": ("KAZ-UPR7-36.7", "KAZ-UPR7-1.1", "FRE-UPR7-1.1", "FRE-UPR7-2.2", "FRE-UPR7-OLD"),
}
ENTRIES = ("KAZ-CCPR144-104.3a-state-2025-06-26", "KAZ-CCPR144-104.3a-tracker-2025-06-26")
# What is asked of a list, page by page …
RECORD_QUERIES = """
page=2
page=9
page=999
per_page=200&page=2
per_page=0
q=libel
q="death penalty" -moratorium
q=tortrue
q=women&sort=newest
q=nothing-can-be-found-by-this
state=KAZ&kind=concern&kind=question
state=FRE
review=kaz-upr7&mechanism=UPR
year=2010&year=2025
issue=torture&issue=expression&group=women
stakeholder=js1
stakeholder=not-to-be-named
status=not_implemented
status=in_progress&status=not_assessed
status=in_progress&assessor=state
assessor=example-watch
status_state=implemented&status_un_body=not_implemented
status_tracker=not_assessed&kind=recommendation
headline=no_information&assessor=un_body
disagree=true
disagree=false&state=FRE
stale=true
response=yes&sort=state
response=no&kind=recommendation
response=disputes
position=supported&position=noted
chain=open
chain=any&sort=status
chain=none&sort=oldest
due=overdue
due=yes&sort=due
from=2012&to=2015-06
document=a-hrc-wg6-7-kaz-3&sort=reference
reference=KAZ-UPR7-36.7&reference=FRE-UPR7-OLD
linked=fre-upr20&relation=repeated
sort=updated
columns=reference,text
status=nonsense&page=0
nonsense=1&sort=nonsense&from=yesterday
kind=concern&issue=torture&status_state=implemented&chain=open
"""
# … and in every format, where the words are few.
FILE_QUERIES = """
state=FRE
q=libel&kind=concern&sort=newest
issue=torture&status=not_implemented&columns=reference,text,status
kind=concern&page=2&per_page=10
status=nonsense
"""
OTHER_QUERIES = {
    "responses": "q=law\nstance=disputes&state=KAZ\nissue=torture&speaker=delegation\nfrom=2025&sort=oldest",
    "issues": "q=torture\nsort=name\nq=zzz",
    "stakeholders": "kind=ngo\nq=joint\nreview=kaz-upr7&sort=records\nstate=FRE",
    "reviews": "mechanism=CCPR\nstate=KAZ\nfrom=2011",
    "documents": "kind=dialogue_summary\nq=summary&sort=title\nstate=FRE",
    "follow-up": "role=un_body\nassessor=example-watch\nstatus=implemented&confidence=high"
    "\npage=3&sort=oldest\nissue=torture&q=police",
    "chains": "state=KAZ\nchain=open\npage=2\nstatus=not_implemented\nq=torture",
}
CHART_QUERIES = ("state=KAZ&kind=concern", "issue=torture&status=nonsense")
CHART = re.compile(r"/pictures/([\w-]+)/")
COMPARISONS = (
    "",
    "by=planet&item=x",
    "by=review&item=kaz-upr7&item=kaz-ccpr144",
    "by=state&item=KAZ&item=FRE",
    "by=stakeholder&item=amnesty-international&item=human-rights-watch&item=js1&item=js2",
    "by=issue&item=torture&item=expression",
)
PAGES = ("/", "/methodology/", "/data/", "/styleguide/", "/pictures/", "/robots.txt", "/sitemap.xml")
MISSING = (
    *(
        "/no-such-page/",
        "/recommendations",
        "/recommendations.pdf",
        "/recommendations/NO-1/",
        "/issues/none/",
    ),
    *("/responses/NO-1/cite.bib", "/sitemap-records-99.xml", "/evidence/00000000000000000000000000000000/"),
    *("/unsubscribe/00000000-0000-4000-8000-000000000000/", "/pictures/nonsense.svg", "/desk/", "/admin/"),
    *("/desk/log/?record=KAZ-UPR7-36.7", "/desk/account/login/", "/desk/account/password/reset/"),
    *("/recommendations/?q=%00", f"/recommendations/?q={'x' * 9000}", "/recommendations.json?page=999"),
)
API = ("recommendations", "responses", "follow-up", "stakeholders", "issues", "groups", "states", "reviews")
API_QUERIES = """
recommendations/?state=KAZ&status=not_implemented&fields=reference,text,url
recommendations/?page_size=200&kind=concern
recommendations/?page_size=1000
recommendations/?status=nonsense
recommendations/?fields=nonsense
recommendations/?cursor=nonsense
recommendations/?q=libel&page_size=3
documents/a-hrc-wg6-7-kaz-3/paragraphs/?q=torture
documents/fre-hidden/paragraphs/
states/?q=kaz
states/KAZ/
groups/women/
groups/none/
none/
"""
DESK = {
    "cleo": """/desk/ /desk/find/?q=libel /desk/alerts/ /desk/follow/ /desk/deadlines/
    /desk/deadlines/calendar/ /desk/views/ /desk/views/new/?kind=concern /desk/views/1/
    /desk/views/1/delete/ /desk/drafts/
    /desk/log/?record=FRE-UPR7-1.1 /desk/log/ /desk/entries/463/ /desk/entries/467/ /desk/entries/467/delete/
    /desk/entries/469/ /desk/records/FRE-UPR7-1.1/ /desk/records/FRE-UPR7-1.1/notes/ /desk/notes/1/delete/
    /desk/review/ /desk/people/ /recommendations/FRE-UPR7-1.1/ /recommendations/?state=FRE""",
    "rita": """/desk/ /desk/review/ /desk/review/468/ /desk/withdraw/ /desk/withdraw/463/
    /desk/records/FRE-CCPR120-5/""",
    "edith": """/desk/ /desk/deadlines/times/ /desk/records/FRE-UPR7-1.1/ /desk/records/FRE-UPR7-1.1/edit/
    /desk/records/FRE-UPR7-1.1/split/ /desk/records/FRE-UPR7-1.1/merge/ /desk/records/FRE-UPR7-1.1/link/
    /desk/records/FRE-UPR7-1.1/response/ /desk/records/KAZ-UPR7-36.7/suggestions/ /desk/import/
    /desk/import/{document}/ /desk/import/{document}/document/ /desk/import/{document}/stakeholders/
    /desk/import/{document}/drafts/ /desk/import/{document}/drafts/1/ /desk/import/{table}/""",
    "chief": """/desk/people/ /desk/people/invite/ /desk/people/4/ /admin/
    /admin/recommendations/recommendation/ /admin/recommendations/recommendation/1/change/
    /admin/recommendations/recommendation/1/history/
    /admin/recommendations/stakeholder/?q=watch /admin/recommendations/followup/
    /admin/recommendations/review/1/change/
    /admin/recommendations/issue/add/ /admin/auth/user/""",
}


def choose() -> list[str]:
    """Every line. Random keys and the names of charts are read on the site's own pages."""
    found = [f"{NOBODY} GET {each}" for each in public()]
    found += [f"{NOBODY} POST {each}" for each in ("/api/v1/recommendations/", "/recommendations/")]
    found += [f"{NOBODY} {how} /recommendations/" for how in ("HEAD", "OPTIONS")]
    keys = import_keys()
    found += [f"{who} GET {each.format(**keys)}" for who, many in DESK.items() for each in many.split()]
    found = list(dict.fromkeys(found))
    if missing := not_asked([line.split(" ", 2)[2] for line in found]):
        raise SystemExit(f"tests/snapshot/addresses.py asks nothing of: {', '.join(missing)}")
    return found


def public() -> Iterator[str]:
    """What everybody may ask."""
    yield from PAGES
    yield from lists()
    yield from rows()
    yield from (f"/compare/?{query}" for query in COMPARISONS)
    yield from (f"/compare.{end}?{COMPARISONS[2]}" for end in ("json", "bib", "ris"))
    yield from (f"/compare.json?{query}" for query in COMPARISONS[1:])
    yield from charts()
    yield from api()
    yield "/data/recommendation-tracker.zip"
    yield from found_in("/sitemap.xml", r"<loc>[^<]*?(/sitemap-[^<]+)</loc>")
    yield from found_in("/recommendations/FRE-UPR7-1.1/", r'href="(/evidence/[^"]+)"')
    yield from MISSING


def lists() -> Iterator[str]:
    """Each list as a page and in each format, with filters, orders and pages."""
    for name in LISTS:
        ends = ("json", "csv", "xlsx", "bib", "ris", *(("atom",) if name in NEWS else ()))
        yield f"/{name}/"
        yield from (f"/{name}.{end}" for end in ends)
        yield from (f"/{name}/?{query}" for query in OTHER_QUERIES.get(name, "").splitlines())
        yield from (f"/{name}.json?{query}" for query in OTHER_QUERIES.get(name, "").splitlines()[:2])
    yield "/recommendations.ics"
    yield from (f"/recommendations/?{query}" for query in split(RECORD_QUERIES))
    formats = ("json", "csv", "xlsx", "atom", "ics")
    yield from (f"/recommendations.{end}?{query}" for query, end in product(split(FILE_QUERIES), formats))


def rows() -> Iterator[str]:
    """Single records, responses, issues and so on, with their citations."""
    yield from (f"/recommendations/{each}/" for each in RECORDS)
    yield from (
        f"/recommendations/{each}/cite.{end}"
        for each in (RECORDS[0], *RECORDS[-3:])
        for end in ("bib", "ris")
    )
    for name, keys in ROWS.items():
        yield from (f"/{name}/{key}/" for key in keys)
        yield from (f"/{name}/{keys[0]}/cite.{end}" for end in ("bib", "ris"))


def charts() -> Iterator[str]:
    """Every chart, as a page and as files."""
    names = list(dict.fromkeys(found_in("/pictures/", CHART.pattern)))
    for name in names:
        yield f"/pictures/{name}/"
        yield from (f"/pictures/{name}.{end}" for end in ("svg", "png", "bib"))
    yield from (f"/pictures/?{query}" for query in CHART_QUERIES)
    yield from (f"/pictures/{name}.svg?{CHART_QUERIES[0]}" for name in names)
    yield f"/pictures/{names[0]}/?{CHART_QUERIES[1]}"


def api() -> Iterator[str]:
    """The lists and rows of the API."""
    yield from ("/api/v1/", "/api/v1/schema/", "/api/v1/docs/")
    yield from (f"/api/v1/{name}/" for name in (*API, "documents"))
    yield from (f"/api/v1/recommendations/{each}/" for each in (*RECORDS[:2], *RECORDS[-3:]))
    yield from (f"/api/v1/follow-up/{each}/" for each in ENTRIES)
    for name, keys in ROWS.items():
        if name != "chains":
            yield from (f"/api/v1/{name}/{key}/" for key in (keys[0], keys[-1]))
    yield "/api/v1/documents/a-hrc-wg6-7-kaz-3/paragraphs/"
    yield from (f"/api/v1/{each}" for each in split(API_QUERIES))


def split(queries: str) -> list[str]:
    """One a line, as it stands in an address."""
    return [line.replace(" ", "%20").replace('"', "%22") for line in queries.strip().splitlines()]


def found_in(page: str, pattern: str, who: str = NOBODY) -> list[str]:
    """What a page has that looks like this."""
    from tests.snapshot.world import client_of

    return re.findall(pattern, client_of(who).get(page).content.decode())


def import_keys() -> dict[str, str]:
    """The keys of the two made-up imports: the table was brought in last."""
    keys = list(dict.fromkeys(found_in("/desk/import/", r"/desk/import/([0-9a-f-]{36})/", "edith")))
    return dict(zip(("table", "document"), keys, strict=True))


def not_asked(addresses: Iterable[str]) -> list[str]:
    """The public patterns of the URL conf that no address goes to."""
    from django.urls import Resolver404, resolve

    from tests.site.walking import patterns

    asked = set()
    for each in addresses:
        try:
            asked.add(resolve(each.split("?")[0]).route)
        except Resolver404:
            continue
    public = [path for _, path, _ in patterns() if not path.startswith(("admin/", "desk/"))]
    return [path for path in public if path not in asked]
