from django.views.generic import TemplateView


class RecommendationDetail(TemplateView):
    template_name = 'error.html'


class ResponseDetail(TemplateView):
    template_name = 'error.html'


class IssueDetail(TemplateView):
    template_name = 'error.html'


class StakeholderDetail(TemplateView):
    template_name = 'error.html'


class ReviewDetail(TemplateView):
    template_name = 'error.html'


class DocumentDetail(TemplateView):
    template_name = 'error.html'
