from django.urls import path

from stakeholders import views

urlpatterns = [
    path("postvak/", views.outbox, name="outbox"),
]
