package org.onlooker.memory;

import jdk.incubator.vector.FloatVector;

/** Whether vectors of at least 8 floats are there: a processor with AVX2, and the JDK's module. */
final class VectorModule {
  private static final int FLOATS = 8;

  private VectorModule() {}

  static boolean isUsed() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && FloatVector.SPECIES_PREFERRED.length() >= FLOATS;
  }
}
