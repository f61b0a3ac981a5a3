from celery import shared_task

from trajectories import inviting, reporting


@shared_task(name="trajectories.remind")
def remind() -> None:
    inviting.remind_all()


@shared_task(name="trajectories.draw_report")
def draw_report(report_id: int) -> None:
    reporting.draw(report_id)


@shared_task(name="trajectories.sweep_reports")
def sweep_reports() -> None:
    reporting.sweep()
