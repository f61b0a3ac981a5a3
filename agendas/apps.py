from django.apps import AppConfig


class AgendasConfig(AppConfig):
    name = "agendas"

    def ready(self) -> None:
        from agendas import consenting
        from trajectories import report_content

        report_content.ROOM.append(
            consenting.heard_in
        )  # the report of a meeting says what its room thought of the points
