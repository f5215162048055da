package org.onlooker.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import org.onlooker.core.Backups;
import org.onlooker.core.Commentary;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelCard;
import org.onlooker.core.MomentSearch;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.Segments;
import org.onlooker.core.Streams;

/** What the server puts before the world; all of it is owned, and closed, by others. */
public record Parts(
    Streams streams,
    QuestionAnswerer answerer,
    MomentSearch search,
    MemoryStore store,
    Segments segments,
    LiveMedia live,
    Commentary commentary,
    Backups backups,
    ModelCard model,
    PrometheusMeterRegistry meters,
    InstantSource clock) {}
