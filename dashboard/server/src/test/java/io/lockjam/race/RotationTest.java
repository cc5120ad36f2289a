// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.control.LoadedList.Loaded;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final String OWN = "com.acme.Shop";
    private static final String OWN_MET = "com.acme.Cart";
    private static final String LIBRARY_MET = "org.apache.lib.Pool";
    private static final String LIBRARY_NEAR = "org.apache.lib.Entry";
    private static final String LIBRARY_FAR = "org.apache.other.Thing";
    private static final List<Loaded> LOADED =
            List.of(loaded(LIBRARY_FAR), loaded(LIBRARY_NEAR), loaded(LIBRARY_MET), loaded(OWN), loaded(OWN_MET));

    private final Nominator nominator = new Nominator();
    private final Rotation rotation = new Rotation(nominator);

    private static Loaded loaded(String name) {
        return new Loaded(name, "app", "file:/app.jar");
    }

    private void see(long thread, String className) {
        Frame frame = new Frame(className, "run", null, null, 1, -1);
        nominator.accept(new Fact.StackSeen(
                Instant.EPOCH,
                new ThreadRef(thread, "t" + thread, false, thread),
                "",
                null,
                "",
                new Stack(List.of(frame))));
    }

    private List<String> names(boolean auto) {
        return rotation.next(rotation.plan(LOADED, auto, LOADED.size()), 10);
    }

    @Test
    void threadsMayMeetWhileTheNextAreChosen() throws Exception {
        List<Loaded> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(loaded("com.acme.C" + i));
        }
        List<Rotation.Candidate> planned = rotation.plan(many, false, many.size());
        AtomicBoolean over = new AtomicBoolean();
        Thread seeing = new Thread(() -> {
            for (int i = 0; !over.get(); i++) {
                see(i % 7, "com.acme.C" + i % 2_000);
            }
        });
        seeing.start();
        try {
            for (int i = 0; i < 200; i++) {
                assertThat(rotation.next(planned, 40)).hasSize(40);
            }
        } finally {
            over.set(true);
            seeing.join();
        }
    }

    @Test
    void ofTooManyClassesThoseWhereThreadsMeetArePlanned() {
        see(1, OWN_MET);
        see(2, OWN_MET);

        assertThat(rotation.plan(LOADED, false, 1))
                .extracting(Rotation.Candidate::name)
                .containsExactly(OWN_MET);
    }

    @Test
    void autoTakesLibrariesOnlyWhereThreadsMeet() {
        assertThat(names(true)).containsExactlyInAnyOrder(OWN, OWN_MET);

        see(1, LIBRARY_MET);
        assertThat(names(true)).doesNotContain(LIBRARY_MET);

        see(2, LIBRARY_MET);
        see(1, OWN_MET);
        see(2, OWN_MET);
        assertThat(names(true)).containsExactly(OWN_MET, LIBRARY_MET, OWN, LIBRARY_NEAR);
        assertThat(nominator.meetings()).isEqualTo(2);
    }

    @Test
    void whatTheApplicationUsesWhereThreadsMeetGoesBeforeWhatNobodyWasSeenIn() {
        rotation.uses(OWN_MET, Set.of(LIBRARY_FAR));
        assertThat(names(true)).doesNotContain(LIBRARY_FAR);

        see(1, OWN_MET);
        see(2, OWN_MET);
        assertThat(names(true)).containsExactly(OWN_MET, LIBRARY_FAR, OWN);
    }

    @Test
    void aClassMadeAtRunTimeIsNotTakenForOneOfTheLibraryNextToIt() {
        see(1, LIBRARY_MET);
        see(2, LIBRARY_MET);
        Loaded made = new Loaded("org.apache.lib.Made", "app", "");
        Loaded spun = loaded("org.apache.lib.Pool$$Lambda$7");

        assertThat(rotation.plan(List.of(loaded(LIBRARY_MET), made, spun), true, 10))
                .extracting(Rotation.Candidate::name)
                .containsExactly(LIBRARY_MET);
    }

    @Test
    void patternsTakeWhateverMatches() {
        assertThat(names(false)).hasSize(LOADED.size());
    }

    @Test
    void promisingClassesComeAgainBeforeTheRestIsThroughAndNoneIsLeftOut() {
        see(1, OWN_MET);
        see(2, OWN_MET);
        int[] looks = new int[2];
        for (int i = 0; i < 10; i++) {
            String next =
                    rotation.next(rotation.plan(LOADED, true, LOADED.size()), 1).get(0);
            rotation.looked(next, true);
            looks[next.equals(OWN_MET) ? 0 : 1]++;
        }
        assertThat(looks[0]).isGreaterThan(looks[1]);
        assertThat(looks[1]).isPositive();
    }

    @Test
    void whatHasNothingToProbeIsNotTriedAgain() {
        rotation.looked(OWN, false);

        assertThat(names(true)).containsExactly(OWN_MET);
    }

    @Test
    void aWindowWithRoomEndsWhenThreadsMeetSinceItsPlanHoldsOnlyWhatWasKnown() {
        see(1, OWN_MET);
        see(2, OWN_MET);
        int met = nominator.meetings();
        List<String> window = names(true);
        assertThat(rotation.goesOn(window, false, met)).isTrue();

        see(1, LIBRARY_MET);
        see(2, LIBRARY_MET);
        assertThat(rotation.goesOn(window, false, met)).isFalse();
        assertThat(names(true)).contains(LIBRARY_MET, LIBRARY_NEAR);
    }

    @Test
    void aFullWindowEndsEarlyOnlyIfThreadsMeetElsewhere() {
        see(1, LIBRARY_MET);
        see(2, LIBRARY_MET);

        assertThat(rotation.goesOn(List.of(OWN_MET), true, 0)).isFalse();
        assertThat(rotation.goesOn(List.of(LIBRARY_MET), true, 0)).isTrue();
    }
}
