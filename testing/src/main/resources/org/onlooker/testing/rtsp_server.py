"""Serves an H.264 MP4 file at rtsp://127.0.0.1:PORT/cam, for tests.

Arguments: FILE, PORT (0 for a free one). Prints the port when clients may connect. Every client
sees the same pass through the file. Ends when its standard input ends, so that it never outlives
the test that started it. Needs Debian's python3-gi, gir1.2-gst-rtsp-server-1.0 and
gstreamer1.0-plugins-{base,good,bad}.
"""

import os
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


def main(path, port):
    Gst.init(None)
    factory = GstRtspServer.RTSPMediaFactory()
    location = path.replace("\\", "\\\\").replace('"', '\\"')
    factory.set_launch(
        f'( filesrc location="{location}" ! qtdemux ! h264parse config-interval=-1'
        " ! rtph264pay name=pay0 pt=96 )"
    )
    factory.set_shared(True)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    server.get_mount_points().add_factory("/cam", factory)
    if server.attach(None) == 0:
        sys.exit(f"port {port} cannot be used")
    print(server.get_bound_port(), flush=True)
    threading.Thread(target=end_with_input, daemon=True).start()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
