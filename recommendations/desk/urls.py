"""URLs of the desk."""

from __future__ import annotations

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from recommendations.accounts import invitations, people
from recommendations.desk.alerts import alert_pages
from recommendations.desk.entries import entry_create, evidence, my_entries
from recommendations.desk.importing import document_forms as import_document
from recommendations.desk.importing import drafts as import_drafts
from recommendations.desk.importing import pages as import_pages
from recommendations.desk.importing import stakeholders as import_stakeholders
from recommendations.desk.importing import tables as import_tables
from recommendations.desk.records import notes, record_pages, suggestions
from recommendations.desk.review import review, withdraw
from recommendations.desk.work import calendar, deadlines, find, follow, saved_views, work
from recommendations.models.evidence import KEY


class LinkKind(StringConverter):
    """Kinds of links of a record: to a response, to an earlier or to a later record."""

    regex = "answer|earlier|later"


register_converter(LinkKind, "unlinkable")
urlpatterns = [
    path("", work.MyWork.as_view(), name="desk"),
    path("mine/<slug:slug>/", work.SectionList.as_view(), name="desk_section"),
    path("find/", find.Find.as_view(), name="desk_find"),
    path("alerts/", alert_pages.Alerts.as_view(), name="desk_alerts"),
    path("follow/", follow.Follow.as_view(), name="desk_follow"),
    path("deadlines/", deadlines.Deadlines.as_view(), name="desk_deadlines"),
    path("deadlines/calendar/", calendar.EditCalendarAddress.as_view(), name="desk_calendar_edit"),
    path("deadlines/times/", deadlines.EditReportingTimes.as_view(), name="desk_reporting_times"),
    path("calendar/<str:key>.ics", calendar.Calendar.as_view(), name="desk_calendar"),
    path("views/", saved_views.SavedViewList.as_view(), name="desk_views"),
    path("views/new/", saved_views.EditSavedView.as_view(), name="desk_view_new"),
    path("views/<int:pk>/", saved_views.EditSavedView.as_view(), name="desk_view"),
    path("views/<int:pk>/delete/", saved_views.DeleteSavedView.as_view(), name="desk_view_delete"),
    path("review/", review.ReviewQueue.as_view(), name="desk_review"),
    path("review/<int:pk>/", review.ReviewEntry.as_view(), name="desk_review_entry"),
    path("withdraw/", withdraw.FindEntry.as_view(), name="desk_withdraw_find"),
    path("withdraw/<int:pk>/", withdraw.WithdrawEntry.as_view(), name="desk_withdraw"),
    path("log/", entry_create.EntryCreateView.as_view(), name="desk_log"),
    path("entries/<int:pk>/", my_entries.EntryUpdateView.as_view(), name="desk_entry"),
    path("entries/<int:pk>/submit/", my_entries.EntrySubmitView.as_view(), name="desk_entry_submit"),
    path("entries/<int:pk>/delete/", my_entries.EntryDeleteView.as_view(), name="desk_entry_delete"),
    path("records/<str:reference>/", record_pages.RecordPage.as_view(), name="desk_record"),
    path("records/<str:reference>/edit/", record_pages.EditRecord.as_view(), name="desk_record_edit"),
    path("records/<str:reference>/split/", record_pages.SplitRecord.as_view(), name="desk_record_split"),
    path("records/<str:reference>/merge/", record_pages.MergeRecord.as_view(), name="desk_record_merge"),
    path("records/<str:reference>/link/", record_pages.LinkRecord.as_view(), name="desk_record_link"),
    path(
        "records/<str:reference>/response/", record_pages.LinkResponse.as_view(), name="desk_record_response"
    ),
    path("records/<str:reference>/suggestions/", suggestions.Suggestions.as_view(), name="desk_suggestions"),
    path(
        "records/<str:reference>/unlink/<unlinkable:kind>/<int:pk>/",
        record_pages.Unlink.as_view(),
        name="desk_record_unlink",
    ),
    re_path(rf"^evidence/(?P<key>{KEY})/$", evidence.EvidenceFileView.as_view(), name="evidence_file"),
    path("records/<str:reference>/notes/", notes.Notes.as_view(), name="desk_notes"),
    path("notes/<int:pk>/delete/", notes.DeleteNote.as_view(), name="desk_note_delete"),
    path("drafts/", my_entries.DraftList.as_view(), name="desk_drafts"),
    path("import/", import_pages.ImportList.as_view(), name="desk_imports"),
    path("import/<uuid:key>/", import_pages.ImportPage.as_view(), name="desk_import"),
    path("import/<uuid:key>/table/", import_tables.WriteTable.as_view(), name="desk_import_write"),
    path("import/<uuid:key>/columns/", import_tables.TableColumns.as_view(), name="desk_import_columns"),
    path("import/<uuid:key>/rows.csv", import_tables.TableRows.as_view(), name="desk_import_rows"),
    path("import/<uuid:key>/document/", import_document.DocumentPage.as_view(), name="desk_import_document"),
    path(
        "import/<uuid:key>/stakeholders/",
        import_stakeholders.StakeholderMatching.as_view(),
        name="desk_import_stakeholders",
    ),
    path("import/<uuid:key>/drafts/", import_drafts.Drafts.as_view(), name="desk_import_drafts"),
    path("import/<uuid:key>/drafts/<int:pk>/", import_drafts.EditDraft.as_view(), name="desk_import_draft"),
    path(
        "import/<uuid:key>/drafts/<int:pk>/decide/",
        import_drafts.DecideDraft.as_view(),
        name="desk_import_decide",
    ),
    path("people/", people.PersonList.as_view(), name="desk_people"),
    path("people/invite/", people.InvitePerson.as_view(), name="desk_invite"),
    path("people/<int:pk>/", people.PersonDetail.as_view(), name="desk_person"),
    path("people/<int:pk>/deactivate/", people.DeactivatePerson.as_view(), name="desk_deactivate"),
    path("people/<int:pk>/reactivate/", people.ReactivatePerson.as_view(), name="desk_reactivate"),
    path("people/<int:pk>/end-sessions/", people.EndSessions.as_view(), name="desk_end_sessions"),
    path(
        "people/<int:pk>/remove-factor/",
        people.RemoveSecondFactor.as_view(),
        name="desk_remove_factor",
    ),
    path("invitations/<int:pk>/resend/", people.InvitationAction.as_view(act="resend"), name="desk_resend"),
    path("invitations/<int:pk>/revoke/", people.InvitationAction.as_view(act="revoke"), name="desk_revoke"),
    path("join/<str:key>/", invitations.AcceptInvitation.as_view(), name="desk_join"),
]
