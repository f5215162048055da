package org.onlooker.core;

/** What every stream runs through on its way into memory; shared by all of them. */
public record Stages(
    VisualEncoder encoder,
    TokenReducer reducer,
    LanguageModel model,
    MemoryStore store,
    MemoryIndex index,
    Tiers tiers,
    ModelSlots slots) {}
