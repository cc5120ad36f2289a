// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The targets on one dashboard, in the order they came. */
public final class Targets {
    private final List<Watched> all = new CopyOnWriteArrayList<>();

    public void add(Watched target) {
        all.removeIf(known -> known.id().equals(target.id()));
        all.add(target);
    }

    public void remove(String id) {
        all.removeIf(known -> known.id().equals(id));
    }

    List<Watched> all() {
        return all;
    }

    /** The target of this id; the first one if none is named. */
    Optional<Watched> find(@Nullable String id) {
        return id == null || id.isEmpty()
                ? all.stream().findFirst()
                : all.stream().filter(target -> target.id().equals(id)).findFirst();
    }
}
