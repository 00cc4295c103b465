"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from recommendations.desk import entries, find, follow, log, review, saved_views, withdraw, work

urlpatterns = [
    path("", work.MyWork.as_view(), name="desk"),
    path("work/<slug:slug>/", work.SectionList.as_view(), name="desk_section"),
    path("find/", find.Find.as_view(), name="desk_find"),
    path("follow/", follow.Follow.as_view(), name="desk_follow"),
    path("views/", saved_views.SavedViews.as_view(), name="desk_views"),
    path("views/new/", saved_views.EditView.as_view(), name="desk_view_new"),
    path("views/<int:pk>/", saved_views.EditView.as_view(), name="desk_view"),
    path("views/<int:pk>/delete/", saved_views.DeleteView.as_view(), name="desk_view_delete"),
    path("review/", review.Queue.as_view(), name="desk_review"),
    path("review/<int:pk>/", review.ReviewEntry.as_view(), name="desk_review_entry"),
    path("withdraw/", withdraw.FindEntry.as_view(), name="desk_withdraw_find"),
    path("withdraw/<int:pk>/", withdraw.WithdrawEntry.as_view(), name="desk_withdraw"),
    path("log/", log.LogFollowUp.as_view(), name="desk_log"),
    path("entries/<int:pk>/", entries.EntryPage.as_view(), name="desk_entry"),
    path("entries/<int:pk>/submit/", entries.SubmitEntry.as_view(), name="desk_entry_submit"),
    path("entries/<int:pk>/delete/", entries.DeleteEntry.as_view(), name="desk_entry_delete"),
    path("drafts/", entries.Drafts.as_view(), name="desk_drafts"),
]
