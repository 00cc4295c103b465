"""One table: which address answers what, by what the public may see. Hidden is 404, never 403."""

import pytest
from django.test import Client

from recommendations.models import Document, Recommendation, Stakeholder, StateResponse
from tests import make
from tests.pages import page_words
from tests.row_fixtures import kept_rows

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

PUBLIC_PAGES = ["/", "/methodology/"]
DETAIL_PAGES = ["recommendation", "response", "issue", "stakeholder", "review", "document"]


@kept_rows("class")
def site():
    """One of each public thing, by the name of its page."""
    ngo = make.make_stakeholder()
    issue = make.make_issue()
    record = make.make_recommendation(raised_by=[ngo], issues=[issue])
    response = make.make_response([record])
    make.make_follow_up(record)
    return {
        "recommendation": record,
        "response": response,
        "issue": issue,
        "stakeholder": ngo,
        "review": record.document.review,
        "document": record.document,
    }


@pytest.fixture(params=["nobody", "staff"])
def visitor(request, client):
    """Public pages show the same to everyone, whoever is signed in."""
    if request.param == "staff":
        client.force_login(make.make_superuser())
    return client


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_general_pages_are_public(visitor, site, address):
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_general_pages_answer_without_any_record(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("thing", DETAIL_PAGES)
def test_public_rows_have_a_page(visitor, site, thing):
    assert visitor.get(site[thing].get_absolute_url()).status_code == 200


# What is hidden → the pages that answer 404 then; the others still answer.
HIDING = {
    "record": ({"recommendation"}, lambda site: hide(Recommendation, site["recommendation"])),
    "response": ({"response"}, lambda site: hide(StateResponse, site["response"])),
    "stakeholder": ({"stakeholder"}, lambda site: hide(Stakeholder, site["stakeholder"])),
    "document of the record": (
        {"recommendation", "document", "review"},
        lambda site: hide(Document, site["document"]),
    ),
    "document of the response": ({"response"}, lambda site: hide(Document, site["response"].document)),
}


def hide(model, row):
    model.objects.filter(pk=row.pk).update(published=False)


class TestHidden:
    """Each thing that can be hidden, and every page."""

    @pytest.mark.parametrize("hidden", HIDING)
    @pytest.mark.parametrize("thing", DETAIL_PAGES)
    def test_hidden_row_is_404(self, visitor, site, hidden, thing):
        gone, act = HIDING[hidden]
        act(site)
        assert visitor.get(site[thing].get_absolute_url()).status_code == (404 if thing in gone else 200)


@pytest.mark.parametrize(
    "address",
    [
        "/recommendations/NO-SUCH/",
        "/recommendations/%F0%9F%92%A3/",
        "/responses/NO-SUCH/",
        "/issues/no/such/",
        "/stakeholders/no-such/",
        "/reviews/no-such/",
        "/documents/no-such/",
        "/recommendations/" + "9" * 500 + "/",
    ],
)
def test_unknown_address_is_a_helpful_404(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Nothing public stands at this address." in response.text
    assert "/recommendations/" in response.text


class TestMethods:
    """No page is written to."""

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    @pytest.mark.parametrize("thing", [*DETAIL_PAGES, *PUBLIC_PAGES])
    def test_write_methods_are_refused(self, site, thing, method):
        client = Client(enforce_csrf_checks=True)
        address = thing if thing in PUBLIC_PAGES else site[thing].get_absolute_url()
        response = getattr(client, method)(address)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert "This address can only be read" in response.text
        assert client.head(address).status_code == 200
        options = client.options(address)
        assert (options.status_code, options["Allow"]) == (200, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("address", ["/documents/x.json", "/documents/x.json/", "/no-such.json"])
def test_unknown_json_address_is_404_as_json(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 404
    assert response.json() == {"detail": "Nothing public stands at this address."}


def test_form_without_csrf_token_is_refused_with_explanation(django_user_model):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "editor", "password": "x"})
    assert response.status_code == 403
    assert "Nothing was saved: the form has expired" in response.text
    assert 'class="site-header"' in response.text


def test_invalid_cookie_is_ignored(client):
    client.cookies.load('sessionid="a\\000b"; csrftoken="\\000"')
    assert client.get("/desk/account/login/").status_code == 200
    assert client.get("/").status_code == 200


CANARY = "SHIBBOLETH"


def test_nothing_hidden_is_on_any_page(visitor):
    """Whatever is a draft, a suggestion, private or withheld carries the canary; no page may show it."""
    issue, ngo = make.make_issue(), make.make_stakeholder()
    withheld = make.make_stakeholder(
        name=f"{CANARY} organisation", acronym=CANARY, slug="withheld", published=False
    )
    review = make.make_review()
    document = make.make_document(review=review)
    paragraph = make.make_paragraph(document=document)
    record = make.make_recommendation(paragraph=paragraph, raised_by=[ngo, withheld], issues=[issue])
    ngo.members.add(withheld)
    response = make.make_response([record])

    # A draft record of the same paragraph, issue, stakeholder and document; and links to it from all sides.
    draft = make.make_recommendation(
        paragraph=paragraph, raised_by=[ngo], issues=[issue], summary=CANARY, published=False
    )
    make.make_response_link(response=response, recommendation=draft)
    make.make_link(record, draft, rationale=CANARY)
    make.make_follow_up(draft, summary=CANARY, assessor=ngo, role="civil_society")
    Recommendation.objects.filter(pk=draft.pk).update(parent=record)

    # Public ends, but a link that nobody has confirmed.
    other = make.make_recommendation(document=document, raised_by=[ngo], issues=[issue])
    make.make_link(record, other, confirmed=False, rationale=CANARY)
    make.make_response_link(response=response, recommendation=other, confirmed=False, rationale=CANARY)

    # A draft response, and one of a hidden document.
    make.make_response([record], paragraph=paragraph, summary=CANARY, published=False)
    hidden_document = make.make_document(
        review=review, title=f"{CANARY} document", symbol=CANARY, published=False
    )
    hidden_paragraph = make.make_paragraph(document=hidden_document, text=f"{CANARY} paragraph")
    make.make_response([record], paragraph=hidden_paragraph, text=f"{CANARY} of a hidden document")

    # The log: a draft entry, an entry by a withheld assessor, and evidence of every hidden kind.
    make.make_follow_up(record, summary=CANARY, published_at=None)
    entry = make.make_follow_up(record, role="civil_society", assessor=withheld)
    make.make_evidence(follow_up=entry, title=f"{CANARY} private", access="private")
    make.make_evidence(follow_up=entry, title=f"{CANARY} partners", access="partners")

    # An issue that is only suggested.
    suggested = make.make_issue(name=f"{CANARY} issue", slug="suggested", parent=issue)
    record.tags.create(issue=suggested, origin="suggestion")

    shown = [record, other, response, ngo, review, document]
    for address in ["/", "/methodology/", *(row.get_absolute_url() for row in shown)]:
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert CANARY.lower() not in answer.text.lower(), address
    assert "name withheld" in visitor.get(record.get_absolute_url()).text
    issue_page = visitor.get(issue.get_absolute_url()).text
    assert f"{CANARY} issue (0)" in page_words(issue_page)  # the tree itself is no secret
    assert CANARY not in issue_page.replace(f"{CANARY} issue", "")


def test_withheld_assessor_still_counts_in_the_status(client):
    """The name is kept off the pages; the entry and its verdict stay."""
    withheld = make.make_stakeholder(published=False)
    entry = make.make_follow_up(role="civil_society", assessor=withheld, status="regressed")
    text = page_words(client.get(entry.recommendation.get_absolute_url()).text)
    assert "Headline: regressed, from an assessor whose name is withheld" in text
