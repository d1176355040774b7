"""What a consumer in Python does with generated code: reads events, and uses the HTTP API of a running Rollcall."""

import json
import sys

from client import Client
from client.api.default import (
    delete_cameras_by_camera,
    get_cameras,
    get_events,
    get_people,
    patch_cameras_by_camera,
    post_cameras,
    post_people_by_id_name,
)
from client.models import PatchCamerasByCameraBody, PostCamerasBody, PostPeopleByIdNameBody, Problem
from events import RollcallEvent


def read_events():
    """Prints each event of stdin as the classes have it."""
    for line in sys.stdin:
        event = RollcallEvent.model_validate_json(line)
        print(event.model_dump_json(by_alias=True, exclude_unset=True))


def use_api(url):
    """Names a person, adds, changes and removes a camera; prints what was answered."""
    http = Client(base_url=url)
    person = get_people.sync(client=http).people[0]
    post_people_by_id_name.sync(person.id, client=http, body=PostPeopleByIdNameBody(name="Ada"))
    unknown = post_people_by_id_name.sync("p-none", client=http, body=PostPeopleByIdNameBody(name="Bea"))
    assert isinstance(unknown, Problem), unknown
    login = {"user": "viewer", "password": "${HOME}"}
    added = PostCamerasBody(name="roof", url="rtsp://127.0.0.1:1/x", max_fps=4, latency_ms=300, **login)
    post_cameras.sync(client=http, body=added)
    change = PatchCamerasByCameraBody(max_fps=None)
    changed = patch_cameras_by_camera.sync("roof", client=http, body=change)
    cameras = [camera.camera for camera in get_cameras.sync(client=http).cameras]
    delete_cameras_by_camera.sync("roof", client=http)
    print(
        json.dumps(
            {
                "names": [each.name for each in get_people.sync(client=http).people if each.name],
                "refused": unknown.error.code,
                "settings": changed.camera.settings.to_dict(),
                "cameras": cameras,
                "left": [camera.camera for camera in get_cameras.sync(client=http).cameras],
                "events": len(get_events.sync(client=http, limit=5).events),
            }
        )
    )


if len(sys.argv) > 1:
    use_api(sys.argv[1])
else:
    read_events()
