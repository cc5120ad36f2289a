// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnCodeTest {
    @SuppressWarnings({"unused", "NotifyAll"}) // only the code is of interest
    static final class Ring {
        private final int own = hashCode();
        private int turn;
        private int next;
        private boolean busy;
        private String name = "";
        private @Nullable Object owner;

        synchronized void ofParameter(int me) throws InterruptedException {
            while (turn != me) {
                wait();
            }
            turn++;
            notifyAll();
        }

        synchronized void ofRest(int me) throws InterruptedException {
            while (turn % 3 != me) {
                wait();
            }
        }

        synchronized void ofField() throws InterruptedException {
            while (own != turn) {
                wait();
            }
        }

        synchronized void ofName(String me) throws InterruptedException {
            while (!name.equals(me)) {
                wait();
            }
        }

        synchronized void flag(int me) throws InterruptedException {
            while (busy) {
                wait();
            }
            turn = me;
        }

        synchronized void owned(Object me) throws InterruptedException {
            while (owner != null && owner != me) {
                wait();
            }
        }

        synchronized void ticket() throws InterruptedException {
            int ticket = next++;
            while (turn != ticket) {
                wait();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ofParameter, true",
        "ofRest, true",
        "ofField, true",
        "ofName, true",
        "flag, false",
        "owned, false",
        "ticket, false",
        "none, false"
    })
    void aTurnIsWhatIsComparedWithSomethingOfTheThreadsOwn(String method, boolean turn) {
        Frame waits = new Frame("java.lang.Object", "wait", "()V", null, -1, -1);
        Frame own = new Frame(Ring.class.getName(), method, null, null, -1, -1);

        assertThat(new TurnCode(LookLoopTest::bytes).waitsForTurn(new Stack(List.of(waits, own))))
                .isEqualTo(turn);
    }
}
