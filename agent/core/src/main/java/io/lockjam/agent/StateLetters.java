// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.ThreadStatesEvent;
import java.util.ArrayList;
import java.util.List;

/** Collects the states and names of one snapshot's threads and cuts them into events of a bounded size. */
final class StateLetters {
    /** Characters of one event's string: far below JFR's buffers. */
    private static final int PART = 8_000;

    private final List<String> states = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private StringBuilder state = new StringBuilder();
    private StringBuilder name = new StringBuilder();

    void state(long id, char letter) {
        if (state.length() > PART) {
            states.add(state.toString());
            state = new StringBuilder();
        }
        state.append(state.length() == 0 ? "" : " ")
                .append(Long.toString(id, 36))
                .append(letter);
    }

    void name(long id, String text) {
        if (name.length() > PART) {
            names.add(name.toString());
            name = new StringBuilder();
        }
        name.append(name.length() == 0 ? "" : "\n")
                .append(Long.toString(id, 36))
                .append('=')
                .append(text);
    }

    void send(long snapshot, long virtualThreads, FactSink sink) {
        states.add(state.toString());
        names.add(name.toString());
        int parts = Math.max(states.size(), names.size());
        for (int part = 0; part < parts; part++) {
            sink.put(new Row(ThreadStatesEvent.NAME)
                    .put("snapshot", snapshot)
                    .put("states", part < states.size() ? states.get(part) : "")
                    .put("names", part < names.size() ? names.get(part) : "")
                    .put("virtualThreads", virtualThreads)
                    .put("part", part)
                    .put("parts", parts));
        }
    }
}
