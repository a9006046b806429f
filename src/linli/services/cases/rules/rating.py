"""Which ratings count."""

from linli.services.cases.rules.vocabulary import Appeal


def counts_in_rates(rating: int | None, appeal: str) -> bool:
    """Whether a rating counts where satisfaction is measured (B7.15).

    It stays visible whatever the superior says; found unfair, it is counted neither as good nor as bad. While an appeal
    waits it counts.
    """
    return rating is not None and appeal != Appeal.UNFAIR
