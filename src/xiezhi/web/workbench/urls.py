from django.urls import path

from xiezhi.web.workbench.views.home import home

app_name = "workbench"
urlpatterns = [path("", home, name="home")]
