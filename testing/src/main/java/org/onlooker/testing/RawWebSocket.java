package org.onlooker.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket byte by byte, for frames that no client library sends, and for reading nothing. */
public final class RawWebSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;
  private final Socket socket = new Socket();

  /** Connects to a server of this machine; reads nothing yet. */
  public RawWebSocket(int port, String path) throws IOException {
    socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends a text frame. */
  public void text(String text) throws IOException {
    frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a frame under a mask of zeros (RFC 6455, section 5.2).
   *
   * @param first its first byte: 0x80 for the last of a message, and what it is
   */
  public void frame(int first, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length <= 125) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 127);
      frame.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(payload.length).array());
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    bytes(frame.toByteArray());
  }

  /** Sends bytes as they are. */
  public void bytes(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** What comes until {@code end} has come, as far as one reading went beyond it. */
  public String readTo(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8_192];
    while (text.indexOf(end) < 0) {
      int read = in.read(buffer);
      if (read < 0) {
        throw new IOException("the connection ended before " + end);
      }
      text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  /** Reads to the end of the connection, be it a close or a reset. */
  public void awaitEnd() throws IOException {
    try {
      socket.getInputStream().skip(Long.MAX_VALUE);
    } catch (SocketException reset) {
      // A peer that closes with bytes unread resets the connection.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
