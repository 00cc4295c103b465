"""Review the drafts of an import beside their source: accept, reject, edit, split, join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from recommendations.core.paging import page_of
from recommendations.desk.importing.draft_counts import draft_counts
from recommendations.desk.importing.draft_forms import DraftForm, segments
from recommendations.desk.importing.pages import DocumentView
from recommendations.desk.importing.passages import passages
from recommendations.importing.documents import deciding
from recommendations.importing.documents.deciding import StaleError
from recommendations.models import ImportDraft

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from recommendations.models import Import

PARAGRAPHS = 10  # on a page
DECISIONS = {
    "accept": ImportDraft.State.ACCEPTED,
    "reject": ImportDraft.State.REJECTED,
    "reopen": ImportDraft.State.OPEN,
}


def drafts_of(source: Import) -> Any:
    """Return the drafts with the records made from them and who decided."""
    return source.drafts.select_related("recommendation", "response", "decided_by")


class Drafts(DocumentView, TemplateView):
    """List of the paragraphs that have a draft with the chosen standing, with all their drafts."""

    template_name = "desk/importing/draft_list.html"

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Accept or reject all open drafts on the page; `seen` holds id:version of each draft as shown."""
        if answer := self.redirect_if_not_ready():
            return answer
        pairs = [each.partition(":") for each in request.POST.getlist("seen")[:1_000]]
        versions = {
            int(pk): int(v)
            for pk, _colon, v in pairs
            if pk.isdecimal() and v.isdecimal() and len(pk + v) < 18
        }
        try:
            state = DECISIONS.get(request.POST.get("do", ""), DECISIONS["accept"])
            done, of = deciding.decide_all(self.source, versions, state, by=request.user)  # type: ignore[arg-type]  # sign-in is required
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.source)
        if done < of:
            messages.warning(
                request, _("Some were changed by somebody else meanwhile and are left to decide.")
            )
        messages.success(request, _("Decided: {number}.").format(number=done))
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.source
        found = draft_counts(source, self.request.GET)
        page, indexes = page_of(self.request, Paginator(found.paragraphs, PARAGRAPHS))
        shown = passages(
            source, drafts_of(source).filter(paragraph_index__in=indexes).order_by("position", "pk")
        )
        return super().get_context_data(
            passages=shown,
            page=page,
            figures=found,
            open_here=[
                draft
                for each in shown
                for draft in each.drafts
                if draft.standing == "open" and found.becomes in {"", draft.becomes}
            ],
            back=self.request.GET.urlencode(),
            **kwargs,
        )


class DraftView(DocumentView):
    """Base of pages about one draft, which may have been joined with another since."""

    def draft(self) -> ImportDraft | None:
        """Return the stored draft, or None if it no longer exists."""
        found: ImportDraft | None = drafts_of(self.source).filter(pk=self.kwargs["pk"]).first()
        return found

    @property
    def version(self) -> int:
        """Return the version of the draft that the page showed, 0 if invalid."""
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isdecimal() and len(typed) < 9 else 0

    def list_address(self, draft: ImportDraft | None = None) -> str:
        """Return the URL of the list with its former query string, at the draft."""
        query = self.request.POST.get("back") or self.request.GET.urlencode()
        address = reverse("desk_import_drafts", args=[self.source.key])
        at = f"#draft-{draft.pk}" if draft else ""
        return f"{address}{f'?{query[:200]}' if query else ''}{at}"


class DecideDraft(DraftView):
    """One decision by button or key; `do` in the form says which."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Save the decision; htmx gets the updated paragraph, a plain form is redirected to the list."""
        if answer := self.redirect_if_not_ready():
            return answer
        act, by = request.POST.get("do", ""), request.user
        draft = self.draft()
        index = draft.paragraph_index if draft else self.index()
        problem = ""
        try:
            if act in DECISIONS:
                draft = deciding.decide(self.source, self.kwargs["pk"], self.version, DECISIONS[act], by=by)  # type: ignore[arg-type]  # sign-in is required
            elif act.startswith("tag:"):
                slug = act.removeprefix("tag:")[:60]
                draft = deciding.tag(self.source, self.kwargs["pk"], self.version, slug, by=by)  # type: ignore[arg-type]  # sign-in is required
            elif act == "join":
                draft = deciding.join(self.source, self.kwargs["pk"], self.version, by=by)  # type: ignore[arg-type]  # sign-in is required
            else:
                problem = _("Choose what to do with the draft. Nothing was changed.")
        except StaleError as stale:
            draft, problem = stale.draft, stale_sentence(stale.draft, act)
        except ValidationError as error:
            problem = " ".join(error.messages)
        if "HX-Request" in request.headers:
            return self.fragment(index, problem, draft)
        if problem:
            messages.error(request, problem)
        return redirect(self.list_address(draft))

    def index(self) -> int:
        """Return the paragraph index submitted by the page, for a draft that no longer exists."""
        typed = self.request.POST.get("paragraph", "")
        return int(typed) if typed.isdecimal() and len(typed) < 9 else 0

    def fragment(self, index: int, problem: str, draft: ImportDraft | None) -> HttpResponse:
        """Render the paragraph with its current drafts. Raises Http404 if it has none."""
        rows = drafts_of(self.source).filter(paragraph_index=index).order_by("position", "pk")
        found = passages(self.source, rows)
        if not found:
            raise Http404
        back = self.request.POST.get("back", "")[:200]
        context = {
            "source": self.source,
            "passage": found[0],
            "problem": problem,
            "problem_of": draft.pk if draft else None,
            "back": back,
            # The counts must match the filter of the list that is still on the page.
            "figures": draft_counts(self.source, {"show": "open"} | QueryDict(back).dict()),
        }
        return render(self.request, "desk/importing/draft_decided.html", context)


def stale_sentence(draft: ImportDraft | None, act: str) -> str:
    """Return a message about the concurrent change, and the action that was not performed."""
    if draft is None:
        return _("Nothing was decided: this draft is gone, it was joined with the one before it.")
    yours = {
        "accept": _("accept"),
        "reject": _("reject"),
        "reopen": _("open again"),
        "join": _("join"),
        "split": _("split"),
        "save": _("save"),
        "tag": _("change its issues"),
    }.get(act.partition(":")[0], act[:20])
    who = (
        draft.decided_by.get_full_name() or draft.decided_by.get_username()
        if draft.decided_by
        else _("Somebody")
    )
    return _(
        "Nothing was decided: {who} changed this draft after you opened the page. Now it is: {state}."
        " You wanted to: {yours}. Decide again if you still mean it."
    ).format(who=who, state=draft.get_state_display(), yours=yours)


class EditDraft(DraftView, TemplateView):
    """Edit a draft, or split it in two."""

    template_name = "desk/importing/draft_form.html"
    form: DraftForm | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; redirect to the list if the draft no longer exists or is a record already."""
        if answer := self.redirect_if_not_ready():
            return answer
        draft = self.draft()
        if draft is None:
            messages.error(request, stale_sentence(None, "save"))
            return redirect(self.list_address())
        if draft.outcome in deciding.WRITTEN:
            messages.info(request, _("This is a record already; edit the record."))
            return redirect(self.list_address(draft))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, save and accept, or split the draft."""
        if answer := self.redirect_if_not_ready():
            return answer
        draft = self.draft()
        if draft is None:
            return self.get(request)
        act = request.POST.get("do", "save")
        if act.startswith("cut:"):
            return self.cut(draft, act.removeprefix("cut:"))
        self.form = form = DraftForm(request.POST, source=self.source, draft=draft)
        if not form.is_valid():
            return self.get(request, *args, **kwargs)
        by: Any = request.user
        try:
            saved = deciding.edit(self.source, draft.pk, self.version, form.values(), by=by)
            if act == "accept" and saved.outcome != ImportDraft.Outcome.KNOWN:
                saved = deciding.decide(self.source, saved.pk, saved.version, DECISIONS["accept"], by=by)
        except StaleError as stale:
            if stale.draft is None:
                return self.get(request)
            form.show_conflict(stale.draft, stale_sentence(stale.draft, "save"))
            return self.get(request, *args, **kwargs)
        except ValidationError as error:
            form.add_errors(error)
            return self.get(request, *args, **kwargs)
        messages.success(request, _("The draft is saved."))
        return redirect(self.list_address(saved))

    def cut(self, draft: ImportDraft, place: str) -> HttpResponse:
        """Split the draft at a character offset."""
        at = int(place) if place.isdecimal() and len(place) < 7 else 0
        try:
            deciding.split(self.source, draft.pk, self.version, at, by=self.request.user)  # type: ignore[arg-type]  # sign-in is required
        except StaleError as stale:
            messages.error(self.request, stale_sentence(stale.draft, "split"))
            return redirect(self.request.get_full_path())
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.request.get_full_path())
        messages.success(self.request, _("There are two drafts now."))
        return redirect(self.list_address(draft))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft: Any = self.draft()
        form = self.form or DraftForm(source=self.source, draft=draft)
        passage = passages(
            self.source,
            drafts_of(self.source).filter(paragraph_index=draft.paragraph_index).order_by("position", "pk"),
        )[0]
        return super().get_context_data(
            draft=draft,
            form=form,
            passage=passage,
            cuts=segments(draft.text),
            back=self.request.POST.get("back") or self.request.GET.urlencode(),
            list_address=self.list_address(draft),
            **kwargs,
        )
