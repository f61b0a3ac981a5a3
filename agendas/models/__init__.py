"""What was made of it, and promised? Themes, points, commitments, the frozen version, its endorsements, its document."""

from agendas.models.consents import (
    Consent,
    PointOnScreen,
)
from agendas.models.endorsements import (
    CarriedEndorsement,
    Endorsement,
    EndorsementRequest,
    EndorsementRequestQuerySet,
    Round,
    RoundQuerySet,
    Scan,
    grounds_in_words,
    points_in_words,
    said_in_words,
    shown_in_words,
)
from agendas.models.events import (
    RoundEvent,
)
from agendas.models.expectations import (
    ExpectationAnswer,
)
from agendas.models.points import (
    Amount,
    Commitment,
    CommitmentQuerySet,
    ImprovementPoint,
    Origin,
    ProgressReport,
)
from agendas.models.themes import (
    Group,
    Placement,
    Suggestions,
    Theme,
)
from agendas.models.versions import (
    Agenda,
    AgendaVersion,
    AgendaVersionQuerySet,
    Document,
    DocumentQuerySet,
)

__all__ = [
    "Agenda",
    "AgendaVersion",
    "AgendaVersionQuerySet",
    "Amount",
    "CarriedEndorsement",
    "Commitment",
    "CommitmentQuerySet",
    "Consent",
    "Document",
    "DocumentQuerySet",
    "Endorsement",
    "EndorsementRequest",
    "EndorsementRequestQuerySet",
    "ExpectationAnswer",
    "Group",
    "ImprovementPoint",
    "Origin",
    "Placement",
    "PointOnScreen",
    "ProgressReport",
    "Round",
    "RoundEvent",
    "RoundQuerySet",
    "Scan",
    "Suggestions",
    "Theme",
    "grounds_in_words",
    "points_in_words",
    "said_in_words",
    "shown_in_words",
]
