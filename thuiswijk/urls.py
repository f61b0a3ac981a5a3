from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from thuiswijk import views

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Beheer van Thuiswijk"

urlpatterns = [
    path("", views.home, name="home"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("healthz", views.healthz, name="healthz"),
    path("inloggen/", account.request_login_code, name="account_login"),
    path("inloggen/", account.request_login_code, name="account_request_login_code"),
    path("inloggen/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("uitloggen/", account.logout, name="account_logout"),
    path("beheer/", admin.site.urls),
    path("", include("stakeholders.urls")),
    path("", include("trajectories.urls")),
    path("", include("agendas.urls")),
]
