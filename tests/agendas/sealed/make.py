"""Draws and seals a document as the code around it does: README.md says how it was used."""

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import django

WORDS = "Wij halen dit alleen als de aannemer op tijd vergunning krijgt.\n\nEn alleen:\n- met geld\n- met “tijd”."


def main(key: Path, out: Path, name: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "thuiswijk.settings", "PRODUCTION": "0"}
    sys.path.insert(0, os.getcwd())
    django.setup()
    from agendas.documents import draw_document
    from tests.agendas import example_document
    from thuiswijk.lib import pdf, seal
    from thuiswijk.lib.canonical import canonical

    signer = seal.load_signer(key, "")

    def sealed(data: bytes) -> bytes:
        reason = "Vastgestelde verbeteragenda"
        return seal.seal(pdf.repack(data), signer=signer, reason=reason, location="Voorbeeldstad")

    content = example_document.example_content()
    if content["schema"] < 3:
        content["changes"] = []  # as it always was in a real one
    answers = example_document.example_answers(content)
    for answer in answers["answers"]:
        if answer["answer"] == "voorbehoud":
            answer |= _reserved(answer)
    has_evidence = hasattr(example_document, "example_evidence")
    evidence = example_document.example_evidence(content) if has_evidence else {}
    if evidence:
        answers |= {"events": len(evidence["events"]), "events_head": evidence["events_head"]}
    data = sealed(draw_document(canonical(content), canonical(answers)))
    (out / f"schema-{name}.pdf").write_bytes(data)
    if evidence:
        from agendas.dossier import draw_dossier

        evidence |= {"document_sha256": hashlib.sha256(data).hexdigest()}
        (out / f"schema-{name}-bewijs.pdf").write_bytes(sealed(draw_dossier(canonical(evidence))))


def _reserved(answer: dict[str, Any]) -> dict[str, Any]:
    """A reservation on two points, as that schema writes it down."""
    if "reservations" not in answer:
        return {"points": ["1.1", "3.1"], "text": WORDS}
    return {"reservations": [{"point": "1.1", "text": WORDS}, {"point": "3.1", "text": f"Ook hier. {WORDS}"}]}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
