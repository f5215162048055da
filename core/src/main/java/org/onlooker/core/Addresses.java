package org.onlooker.core;

import java.util.regex.Pattern;

/** Source addresses as they may be shown: credentials never reach logs, errors or answers. */
public final class Addresses {
  private static final Pattern USER_INFO = Pattern.compile("(?i)([a-z][a-z0-9+.-]*://)[^/?#\\s]*@");
  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)([?&](?:password|passwd|pwd|pass|token|key|secret|auth)=)[^&\\s#]*");

  private Addresses() {}

  /** {@code text} with user names, passwords and secret query values replaced by stars. */
  public static String redacted(String text) {
    String withoutUser = USER_INFO.matcher(text).replaceAll("$1***@");
    return SECRET_PARAMETER.matcher(withoutUser).replaceAll("$1***");
  }
}
