// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftPermitTest {
    /** Users of permits; only read, never run. */
    @SuppressWarnings("unused")
    static final class Users {
        private final Semaphore slots = new Semaphore(4);
        private int drawn;

        int releasesAtTheEnd(int page) throws Exception {
            slots.acquire();
            int bytes = draw(page);
            slots.release();
            return bytes;
        }

        int catchesTheWrongOne(int page) throws Exception {
            slots.acquire();
            try {
                draw(page);
            } catch (IOException wrong) {
                throw new IllegalStateException(wrong);
            }
            slots.release();
            return page;
        }

        int releasesAlways(int page) throws Exception {
            slots.acquire();
            try {
                return draw(page);
            } finally {
                slots.release();
            }
        }

        int releasesAfterEither(int page) throws Exception {
            slots.acquire();
            int bytes = 0;
            try {
                bytes = draw(page);
            } catch (IOException none) {
                bytes = -1;
            }
            slots.release();
            return bytes;
        }

        void counts() throws InterruptedException {
            slots.acquire();
            drawn += Math.max(drawn, 1);
            slots.release();
        }

        void handsOn(int page) throws Exception {
            slots.acquire();
            draw(page);
        }

        private int draw(int page) throws IOException {
            drawn += page;
            return drawn;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "releasesAtTheEnd, true",
        "catchesTheWrongOne, true",
        "releasesAlways, false",
        "releasesAfterEither, false",
        "counts, false",
        "handsOn, false"
    })
    void anExceptionLeavesThePermitWhereNothingReleasesIt(String method, boolean left) {
        Frame acquire = new Frame("java.util.concurrent.Semaphore", "acquire", null, "Semaphore.java", 1, -1);
        Frame user = new Frame(Users.class.getName(), method, null, "LeftPermitTest.java", -1, -1);

        assertThat(new LeftPermit(LookLoopTest::bytes)
                        .at(new Stack(List.of(acquire, user)))
                        .isPresent())
                .isEqualTo(left);
    }
}
