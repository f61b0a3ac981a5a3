"""A quick second opinion on PDF/A-3a and PDF/UA-1 for the tests: no Java, under a second. veraPDF is the judge."""

import page

# Says about once in 256 streams that a right length is wrong: it takes a last byte 0x0A or 0x0D for an end of line.
WRONG_RULE = "STREAM-LENGTH"


def failures(pdf: bytes) -> list[str]:
    """What is wrong with a PDF that has no seal yet: "profile rule: message" for each failure."""
    found = []
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        found += [
            f"{profile} {failure.rule_id}: {failure.message}"
            for failure in report.failures
            if WRONG_RULE not in failure.rule_id
        ]
    return found
