"""The RTSP server of aio-rtsp-toolkit (PyPI, asyncio, Apache-2.0) with the files of a directory, over TCP only.

Prints {"port": N} when it listens; ends when its standard input closes, so that it never outlives the test that started it.
"""

import asyncio
import json
import logging
import sys

import aio_rtsp_toolkit.server as server


async def main():
    server.logger = logging.getLogger("rtsp")
    running = await server.RtspServer(sys.argv[1], host="127.0.0.1", port=0).start()
    port = running._server.sockets[0].getsockname()[1]
    print(json.dumps({"port": port}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
