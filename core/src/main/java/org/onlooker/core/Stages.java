package org.onlooker.core;

import java.util.Optional;

/**
 * What every stream runs through on its way into memory; shared by all of them.
 *
 * @param commentary hears what was remembered, where there is to be one
 */
public record Stages(
    VisualEncoder encoder,
    TokenReducer reducer,
    LanguageModel model,
    MemoryStore store,
    MemoryIndex index,
    Tiers tiers,
    ModelSlots slots,
    Optional<Commentary> commentary) {}
