from django.views.generic import TemplateView


class RecommendationList(TemplateView):
    template_name = 'error.html'


class ResponseList(TemplateView):
    template_name = 'error.html'


class IssueList(TemplateView):
    template_name = 'error.html'


class StakeholderList(TemplateView):
    template_name = 'error.html'


class ReviewList(TemplateView):
    template_name = 'error.html'


class DocumentList(TemplateView):
    template_name = 'error.html'


class FollowUpList(TemplateView):
    template_name = 'error.html'
