from django.apps import AppConfig


class ThuiswijkConfig(AppConfig):
    name = "thuiswijk"

    def ready(self) -> None:
        from thuiswijk.lib.forms import speak_dutch

        speak_dutch()
