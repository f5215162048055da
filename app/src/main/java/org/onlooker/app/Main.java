package org.onlooker.app;

/** The process: runs one verb and exits with its code. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(OnlookerCommand.commandLine().execute(args));
  }
}
