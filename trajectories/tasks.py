from celery import shared_task

from trajectories import inviting


@shared_task(name="trajectories.remind")
def remind() -> None:
    inviting.remind_all()
