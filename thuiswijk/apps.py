from django.apps import AppConfig, apps
from django.core.checks import register
from django.db.models.signals import post_migrate


class ThuiswijkConfig(AppConfig):
    name = "thuiswijk"

    def ready(self) -> None:
        from thuiswijk.checks import check_seal
        from thuiswijk.lib.forms import speak_dutch

        register(check_seal)
        speak_dutch()
        post_migrate.connect(self.build_wall, sender=apps.get_app_config("agendas"))  # sent for apps with tables only

    @staticmethod
    def build_wall(**kwargs: object) -> None:
        from thuiswijk import wall

        wall.build()
