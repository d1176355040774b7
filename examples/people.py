"""Who is who, from events: the part of a consumer that has nothing to do with where they come from.

Written from docs/events.md alone, without Rollcall's source. An event is a dict with id, source, type and data.
"""

MOST_IDS = 100_000
"""How many IDs of events are remembered, to drop repeats: more than can be under way."""


class People:
    def __init__(self):
        self._people = {}
        self._aliases = {}  # IDs of merged people, and whom they were merged into then
        self._sequences = {}  # by person, the sequence of the last event that was taken in
        self._deleted = set()  # only their IDs: events about them may still be under way
        self._seen_ids = {}  # a dict keeps the order in which they came

    def resolve(self, person):
        """The ID that this one stands for now; an alias may lead to another one."""
        while person in self._aliases:
            person = self._aliases[person]
        return person

    def get(self, person):
        return self._people.get(self.resolve(person))

    def all(self):
        return list(self._people.values())

    def apply(self, event):
        """False when there was nothing new in it: a repeat, or older than what is known."""
        if self._is_repeat(event):
            return False
        kind, data = event["type"], event["data"]
        if kind.startswith("rollcall.person."):
            if data["sequence"] <= self._sequences.get(data["person"], 0):
                return False
            self._sequences[data["person"]] = data["sequence"]
        match kind:
            case "rollcall.person.created.v1" | "rollcall.person.named.v1" | "rollcall.person.split.v1" | "rollcall.person.apart.v1":
                # The last one of a person is all that a compacted topic has.
                self._update(data["person"], name=data["name"])
            case "rollcall.person.archived.v1":
                self._update(data["person"], name=data["name"], archived=True)
            case "rollcall.person.restored.v1":
                self._update(data["person"], name=data["name"], archived=False)
            case "rollcall.person.merged.v1":
                # Partitions have no common order: an alias that this merge contradicts is one whose end is still under way.
                if self._sequences.get(data["into"], 0) < data["sequence"]:
                    self._aliases.pop(data["into"], None)
                elif self.resolve(data["into"]) == data["person"]:
                    return True
                merged = self._people.pop(data["person"], None)
                self._aliases[data["person"]] = data["into"]
                if merged and merged["seen"]:
                    self._saw(data["person"], **merged["seen"])
            case "rollcall.person.unmerged.v1":
                # Both were seen as one: when the one that is back was seen is in its sightings, of which this keeps none.
                self._aliases.pop(data["person"], None)
                self._update(data["person"], name=data["name"])
            case "rollcall.person.deleted.v1":
                self._forget(data["person"])
            case "rollcall.sighting.started.v1":
                self._saw(data["person"], data["camera"], data["fromMs"])
            case "rollcall.sighting.ended.v1" | "rollcall.sighting.corrected.v1":
                self._saw(data["person"], data["camera"], data["untilMs"])
            case _:  # other events, and those of a later Rollcall
                return False
        return True

    def _is_repeat(self, event):
        name = (event["source"], event["id"])
        if name in self._seen_ids:
            return True
        self._seen_ids[name] = None
        if len(self._seen_ids) > MOST_IDS:
            del self._seen_ids[next(iter(self._seen_ids))]
        return False

    def _update(self, person, **change):
        before = self._people.get(person, {"id": person, "name": None, "archived": False, "seen": None})
        self._people[person] = {**before, **change}

    def _saw(self, person, camera, atMs):
        person = self.resolve(person)
        if person in self._deleted:
            return
        seen = self._people.get(person, {}).get("seen")
        if seen is None or seen["atMs"] <= atMs:
            self._update(person, seen={"camera": camera, "atMs": atMs})

    def _forget(self, person):
        """Sightings of those who were merged into it are in it already; a real consumer deletes its rows of all these IDs."""
        self._deleted.add(person)
        self._people.pop(person, None)
