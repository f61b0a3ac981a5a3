from celery import shared_task

from stakeholders import mailing, privacy


@shared_task(name="stakeholders.deliver_mail")
def deliver_mail(mail_id: int) -> None:
    mailing.deliver(mail_id)


@shared_task(name="stakeholders.sweep_mail")
def sweep_mail() -> None:
    mailing.sweep()


@shared_task(name="stakeholders.erase")
def erase(erasure_id: int) -> None:
    privacy.erase(erasure_id)


@shared_task(name="stakeholders.sweep_erasures")
def sweep_erasures() -> None:
    privacy.sweep()


@shared_task(name="stakeholders.expire")
def expire() -> None:
    privacy.expire()
