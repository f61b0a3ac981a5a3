from django.apps import AppConfig


class ThuiswijkConfig(AppConfig):
    name = "thuiswijk"
