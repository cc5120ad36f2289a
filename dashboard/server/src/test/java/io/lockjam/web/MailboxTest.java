// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Mailbox mailbox = new Mailbox(3);

    @Test
    void givesLettersInTheirOrder() throws Exception {
        mailbox.post("a");
        mailbox.post("b");

        assertThat(mailbox.take()).isEqualTo("a");
        assertThat(mailbox.take()).isEqualTo("b");
    }

    @Test
    void dropsTheOldestAndSaysHowManyBeforeTheNext() throws Exception {
        for (String letter : new String[] {"a", "b", "c", "d", "e"}) {
            mailbox.post(letter);
        }

        assertThat(mailbox.take()).isEqualTo("{\"type\":\"gap\",\"lost\":2}");
        assertThat(mailbox.take()).isEqualTo("c");
        assertThat(mailbox.lostInAll()).isEqualTo(2);
    }

    @Test
    void endsForItsReaderWhenClosed() throws Exception {
        mailbox.post("a");
        mailbox.close();

        assertThat(mailbox.take()).isNull();
    }
}
