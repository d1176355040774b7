"""Follows one person over merges, until it is deleted, from Kafka.

    pip install kafka-python
    KAFKA_BROKERS=localhost:9092 python3 examples/follow_person.py PERSON

PERSON is an ID or a name. What is printed is one line of JSON an event.
"""

import json
import os
import sys

from kafka import KafkaConsumer

from people import People


def main(wanted):
    prefix = os.environ.get("KAFKA_TOPIC_PREFIX", "rollcall.")
    # No group and no commits: who is who is read from the beginning each time.
    consumer = KafkaConsumer(
        f"{prefix}people.v1",
        f"{prefix}sightings.v1",
        bootstrap_servers=os.environ.get("KAFKA_BROKERS", "localhost:9092").split(","),
        group_id=None,
        auto_offset_reset="earliest",
    )
    people = People()

    found = None  # the ID under which the one to follow was found first

    def followed():
        nonlocal found
        if found is None:
            found = next((one["id"] for one in people.all() if wanted in (one["id"], one["name"])), None)
        return found and people.resolve(found)

    for record in consumer:
        if record.value is None:  # a tombstone: the deleted event came before it
            continue
        header = {name: value.decode() for name, value in record.headers}
        data = json.loads(record.value)
        event = {"id": header["ce_id"], "source": header["ce_source"], "type": header["ce_type"], "data": data}
        before = followed()
        if not people.apply(event):
            continue
        person = people.resolve(data["person"])
        if person not in (followed(), before):
            continue
        print(json.dumps({"type": event["type"], "time": header["ce_time"], "person": person, "data": data}), flush=True)
        if event["type"] == "rollcall.person.deleted.v1":
            break
    consumer.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: follow_person.py PERSON")
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        pass
