package org.onlooker.ingest;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/**
 * Looks up the host of a source within its deadline, which FFmpeg itself cannot do, and refuses
 * link-local ones: cloud machines keep their credentials there.
 */
final class HostCheck {
  private static final long POLL_MILLIS = 50;

  private HostCheck() {}

  static void check(SourceAddress address, Interrupt interrupt) throws SourceException {
    if (address.host().isEmpty()) {
      return;
    }
    String host = address.host().get();
    interrupt.allow(address.limits().open());
    for (InetAddress found : lookUp(host, address, interrupt)) {
      if (isForbidden(found)) {
        throw new SourceException(
            SourceError.REFUSED,
            address.shown() + ": link-local addresses such as " + found.getHostAddress()
                + " are not allowed");
      }
    }
  }

  static boolean isForbidden(InetAddress address) {
    return address.isLinkLocalAddress() || isCloudMetadata(address);
  }

  /** {@code fd00:ec2::254}, the one such address that is not link-local. */
  private static boolean isCloudMetadata(InetAddress address) {
    return address instanceof Inet6Address
        && address.getHostAddress().startsWith("fd00:ec2:0:0:0:0:0:254");
  }

  private static List<InetAddress> lookUp(String host, SourceAddress address, Interrupt interrupt)
      throws SourceException {
    CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    Thread.ofVirtual().name("lookup " + host).start(() -> {
      try {
        answer.complete(List.of(InetAddress.getAllByName(host)));
      } catch (UnknownHostException | SecurityException e) {
        answer.completeExceptionally(e);
      }
    });
    while (!interrupt.isOver()) {
      try {
        return answer.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        continue;
      } catch (ExecutionException e) {
        throw new SourceException(
            SourceError.CONNECTION,
            address.shown() + ": host " + host + " is unknown; check the address");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SourceException(SourceError.ENDED, address.shown() + ": interrupted");
      }
    }
    throw new SourceException(
        SourceError.TIMEOUT, address.shown() + ": looking up host " + host + " took too long");
  }
}
