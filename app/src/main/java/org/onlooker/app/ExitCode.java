package org.onlooker.app;

/** How the process ends; docs/configuration.md has the same table. */
enum ExitCode {
  OK(0, "done"),
  FAILED(1, "an unexpected failure; the log has the details"),
  USAGE(2, "a wrong option or argument"),
  BAD_CONFIG(3, "the configuration is wrong; the message names file and line"),
  ADDRESS(4, "the port is in use or the host cannot be served on"),
  DATA_FOLDER(5, "the data folder is locked by another process or cannot be written"),
  LOW_DISK(6, "less free disk space than memory.freeSpaceFloor"),
  MODEL(7, "the model pack is missing or broken"),
  UNREACHABLE(8, "no server answers at the address"),
  REFUSED(9, "the server refused the request or could not complete the answer"),
  DOCTOR(10, "doctor found something that will not work"),
  NO_JDK(11, "the launcher found no JDK 25 (launcher only)"),
  BUILD_FAILED(12, "the build failed (launcher only)"),
  INTERRUPTED(130, "stopped by Ctrl-C after finishing the clip"),
  TERMINATED(143, "stopped by SIGTERM after finishing the clip");

  final int code;
  final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }
}
