"""What others may import of the catalogue."""

from linli.services.catalogue.actions.import_topics import ImportResult, import_topics
from linli.services.catalogue.importing import CatalogueFault, CataloguePreview, PlannedTopic, preview_topics
from linli.services.catalogue.models import Responsible, Topic
from linli.services.catalogue.selectors import (
    SEPARATOR,
    TopicChoice,
    is_in_use,
    responsible_unit,
    topics,
)

__all__ = [
    "SEPARATOR",
    "CatalogueFault",
    "CataloguePreview",
    "ImportResult",
    "PlannedTopic",
    "Responsible",
    "Topic",
    "TopicChoice",
    "import_topics",
    "is_in_use",
    "preview_topics",
    "responsible_unit",
    "topics",
]
