from django.views.generic import TemplateView


class Overview(TemplateView):
    template_name = 'error.html'


class Methodology(TemplateView):
    template_name = 'error.html'
