from celery import shared_task

from stakeholders import mailing


@shared_task(name="stakeholders.deliver_mail")
def deliver_mail(mail_id: int) -> None:
    mailing.deliver(mail_id)


@shared_task(name="stakeholders.sweep_mail")
def sweep_mail() -> None:
    mailing.sweep()
