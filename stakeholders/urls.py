from django.urls import path

from stakeholders import views

urlpatterns = [
    path("postvak/", views.outbox, name="outbox"),
    path("personen/<int:pk>/inzage/", views.person_access, name="person_access"),
    path("personen/<int:pk>/wissen/", views.person_erase, name="person_erase"),
    path("account/geschiedenis/", views.account_history, name="account_history"),
    path("account/apparaten/", views.session_list, name="session_list"),
    path("account/apparaten/overal/", views.session_end_others, name="session_end_others"),
    path("account/apparaten/<int:pk>/", views.session_end, name="session_end"),
]
