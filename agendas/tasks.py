from celery import shared_task

from agendas import following, reminding, sealing, suggesting


@shared_task(name="agendas.build_document")
def build_document(document_id: int) -> None:
    sealing.build(document_id)


@shared_task(name="agendas.sweep_documents")
def sweep_documents() -> None:
    sealing.sweep()


@shared_task(name="agendas.make_suggestions")
def make_suggestions(suggestions_id: int) -> None:
    suggesting.make(suggestions_id)


@shared_task(name="agendas.sweep_suggestions")
def sweep_suggestions() -> None:
    suggesting.sweep()


@shared_task(name="agendas.tell_followers")
def tell_followers() -> None:
    following.tell_everybody()


@shared_task(name="agendas.remind")
def remind() -> None:
    reminding.remind_all()
