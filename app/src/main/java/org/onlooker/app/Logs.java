package org.onlooker.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import org.onlooker.app.config.Config;
import org.slf4j.LoggerFactory;

/** Where the log goes: everything to a bounded file, warnings also to the console, in a line. */
public final class Logs {
  private static final String OURS = "org.onlooker";
  private static final String FILE_PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %logger{20} %msg%n";
  private static final long FILE_BYTES = 10_000_000;
  // held here because java.util.logging forgets the level of a logger that nobody holds
  private static final java.util.logging.Logger JUL_ROOT = java.util.logging.Logger.getLogger("");

  private Logs() {}

  /** Replaces what held before; for the whole process. */
  public static void open(Config.Log config) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    context.getLogger("java.lang.Runtime").setLevel(Level.OFF);
    context.getLogger("ai.djl").setLevel(Level.ERROR);
    JUL_ROOT.setLevel(java.util.logging.Level.WARNING);
    context.getLogger(OURS).setLevel(Level.valueOf(config.level()));
    root.addAppender(file(context, config));
    root.addAppender(console(context));
  }

  private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, Config.Log config) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(config.file().toString());
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(config.file() + ".%d{yyyy-MM-dd}.%i");
    rolling.setMaxFileSize(new FileSize(FILE_BYTES));
    rolling.setMaxHistory(config.filesMax());
    rolling.setTotalSizeCap(new FileSize(FILE_BYTES * config.filesMax()));
    rolling.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(rolling);
    appender.setEncoder(encoder(context, FILE_PATTERN));
    appender.start();
    return appender;
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    ThresholdFilter warnings = new ThresholdFilter();
    warnings.setLevel("WARN");
    warnings.start();
    appender.addFilter(warnings);
    appender.setEncoder(encoder(context, "onlooker: %msg%n%nopex"));
    appender.start();
    return appender;
  }

  private static PatternLayoutEncoder encoder(LoggerContext context, String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    return encoder;
  }
}
