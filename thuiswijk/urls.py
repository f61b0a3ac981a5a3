from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.decorators import rate_limit
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from allauth.socialaccount import views as provider
from allauth.socialaccount.providers.openid_connect import views as openid
from django.contrib import admin
from django.urls import include, path

# What the admin holds is named here. Ways of signing in are made and taken away by who signs in, not there.
import agendas.admin  # noqa: F401
import stakeholders.admin  # noqa: F401
import trajectories.admin  # noqa: F401
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
    path("inloggen/sleutel/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("inloggen/tweede-stap/", second_factor.authenticate, name="mfa_authenticate"),
    path("inloggen/via/<slug:provider_id>/", rate_limit(action="login")(openid.login), name="openid_connect_login"),
    path("inloggen/via/<slug:provider_id>/terug/", openid.callback, name="openid_connect_callback"),
    path("inloggen/afgebroken/", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("uitloggen/", account.logout, name="account_logout"),
    path("account/", second_factor.index, name="mfa_list_webauthn"),
    path("account/", second_factor.index, name="mfa_index"),
    path("account/bevestigen/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/bevestigen/sleutel/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/app/", app.activate_totp, name="mfa_activate_totp"),
    path("account/app/weghalen/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/sleutels/nieuw/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("account/sleutels/<int:pk>/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/sleutels/<int:pk>/weghalen/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/herstelcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/herstelcodes/nieuw/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/herstelcodes/bestand/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("beheer/", admin.site.urls),
    path("", include("stakeholders.urls")),
    path("", include("trajectories.urls")),
    path("", include("agendas.urls")),
]
