from django.urls import path

from stakeholders import term_views, views

urlpatterns = [
    path("postvak/", views.outbox, name="outbox"),
    path("personen/<int:pk>/inzage/", views.person_access, name="person_access"),
    path("personen/<int:pk>/wissen/", views.person_erase, name="person_erase"),
    path("account/geschiedenis/", views.account_history, name="account_history"),
    path("account/apparaten/", views.session_list, name="session_list"),
    path("account/apparaten/overal/", views.session_end_others, name="session_end_others"),
    path("account/apparaten/<int:pk>/", views.session_end, name="session_end"),
    path("gemeenten/", views.gemeente_list, name="gemeente_list"),
    path("gemeenten/nieuw/", views.gemeente_new, name="gemeente_new"),
    path("gemeenten/<int:pk>/mensen/", views.people, name="people"),
    path("gemeenten/<int:pk>/mensen/uitnodigen/", views.invite, name="invite"),
    path("gemeenten/<int:pk>/mensen/lijst/", views.invite_many, name="invite_many"),
    path("gemeenten/<int:pk>/begrippen/", term_views.term_list, name="term_list"),
    path("begrippen/<int:pk>/", term_views.term_edit, name="term_edit"),
    path("begrippen/<int:pk>/weghalen/", term_views.term_remove, name="term_remove"),
    path("uitnodigingen/<int:pk>/opnieuw/", views.invitation_resend, name="invitation_resend"),
    path("uitnodigingen/<int:pk>/intrekken/", views.invitation_revoke, name="invitation_revoke"),
    path("u/<str:token>/", views.invitation_link, name="invitation_link"),
    path("uitnodiging/<int:pk>/", views.invitation, name="invitation"),
    path("voor-wie/", views.acting_for, name="acting_for"),
]
