"""Serves a drawn clock at rtsp://127.0.0.1:PORT/clock: 25 pictures a second of 320x240, in H.264.

Argument: pictures in a group. Prints the port when clients may connect. 48 squares of 40 pixels,
eight in a row, most significant first and white for one, tell milliseconds since the epoch (44
bits) and the sum of their eleven hexadecimal digits (4 bits). Ends when its standard input ends.
Needs Debian's python3-gi, gir1.2-gst-rtsp-server-1.0 and gstreamer1.0-plugins-{base,good,bad}.
"""

import os
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

SQUARE = 40
COLUMNS = 8
BITS = 48
RATE = 25
COLOURS = (bytes(SQUARE), b"\xff" * SQUARE)


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


def picture(millis):
    digits = f"{millis:011x}"
    code = millis << 4 | sum(int(digit, 16) for digit in digits) & 0xF
    rows = []
    for top in range(0, BITS, COLUMNS):
        bits = (code >> (BITS - 1 - top - column) & 1 for column in range(COLUMNS))
        rows.append(b"".join(COLOURS[bit] for bit in bits) * SQUARE)
    return b"".join(rows)


def draw(source):
    due = time.monotonic()
    while True:
        due += 1 / RATE
        time.sleep(max(0, due - time.monotonic()))
        buffer = Gst.Buffer.new_wrapped(picture(time.time_ns() // 1_000_000))
        if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
            return


def begin(factory, media):
    source = media.get_element().get_by_name("clock")
    threading.Thread(target=draw, args=(source,), daemon=True).start()


def main(group):
    Gst.init(None)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        "( appsrc name=clock is-live=true do-timestamp=true format=time"
        f" caps=video/x-raw,format=GRAY8,width=320,height=240,framerate={RATE}/1"
        " ! videoconvert"
        f" ! openh264enc gop-size={group} complexity=low bitrate=2000000"
        " ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )"
    )
    factory.set_shared(True)
    factory.connect("media-configure", begin)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    server.get_mount_points().add_factory("/clock", factory)
    if server.attach(None) == 0:
        sys.exit("no port can be used")
    print(server.get_bound_port(), flush=True)
    threading.Thread(target=end_with_input, daemon=True).start()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
