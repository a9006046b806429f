"""The catalogue for programs; the face finds `router` here."""

from ninja import Field, Router, Schema

from linli.ground.exchange.bearer import Bearer, TokenRequest
from linli.ground.exchange.schemas import READS
from linli.ground.exchange.scopes import Scope
from linli.services.catalogue.models import Responsible
from linli.services.catalogue.selectors import topics

router = Router()


class TopicOut(Schema):
    """A topic that can be given to a demand."""

    id: int = Field(description="What the steps take as `topic`.")
    names: list[str] = Field(description="From the top down to its own.")
    responsible: Responsible = Field(description="The level of government that answers for it.")
    promised_days: int
    waives_second_person: bool = Field(description="Whoever drafts a reply may sign it.")


class TopicsOut(Schema):
    """Every topic in use, in the order of the catalogue."""

    rows: list[TopicOut]


@router.get("/topics", auth=Bearer(Scope.READ), response={200: TopicsOut, **READS}, summary="The catalogue of topics")
def catalogue_topics(request: TokenRequest) -> TopicsOut:
    """Every topic in use, with who answers for it and by when. Its file is imported on the server."""
    return TopicsOut(
        rows=[
            TopicOut(
                id=each.pk,
                names=list(each.names),
                responsible=Responsible(each.responsible),
                promised_days=each.promised_days,
                waives_second_person=each.waives_second_person,
            )
            for each in topics()
        ]
    )
