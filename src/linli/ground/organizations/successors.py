"""Where matters go when units and offices end or are moved: each answer is looked up once, for acts on many matters."""

from linli.ground.organizations.history import current_office, office_there
from linli.ground.organizations.models import Organization
from linli.ground.territory.facade import Unit, Ways


class Successors:
    """What stands today where something stood, by ids. Holds for one moment: not to be kept across a change."""

    def __init__(self) -> None:
        self.ways = Ways()
        self._units: dict[int, Unit] = {}
        self._offices: dict[int, Organization] = {}
        self._current: dict[tuple[int, int], Organization] = {}
        self._there: dict[tuple[int, int, int], Organization] = {}

    def unit(self, key: int) -> Unit:
        """The unit with this id."""
        if key not in self._units:
            self._units[key] = Unit.objects.get(pk=key)
        return self._units[key]

    def office(self, key: int) -> Organization:
        """The organization with this id."""
        if key not in self._offices:
            self._offices[key] = Organization.objects.select_related("area").get(pk=key)
        return self._offices[key]

    def after(self, key: int, place: Unit) -> Organization:
        """Who took over from an organization, for a place."""
        if (key, place.pk) not in self._current:
            self._current[key, place.pk] = current_office(self.office(key), place)
        return self._current[key, place.pk]

    def there(self, key: int, was: Unit, place: Unit) -> Organization:
        """Who took over from an organization, or does for a place what it did for the one that was left."""
        asked = key, was.pk, place.pk
        if asked not in self._there:
            self._there[asked] = office_there(self.after(key, place), was, place)
        return self._there[asked]
