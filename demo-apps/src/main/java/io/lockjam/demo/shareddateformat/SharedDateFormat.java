// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.shareddateformat;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * Three invoice threads read and write dates with one SimpleDateFormat, which keeps its half-read date in a field.
 *
 * <p>Lockjam reports: data-race (unsafe class) on the SimpleDateFormat in {@code SharedDateFormat.format}, both threads in
 * {@code SharedDateFormat.rewrite}. The cure: DateTimeFormatter, which has no state.
 */
public final class SharedDateFormat {
    private static final int INVOICE_THREADS = 3;
    private static final int DATES_PER_TURN = 200;

    private final SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd", Locale.ROOT);
    private final DateTimeFormatter safeFormat = DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);
    private final LongAdder dates = new LongAdder();
    private final LongAdder wrong = new LongAdder();

    private SharedDateFormat() {}

    public static void run(Stage stage) throws InterruptedException {
        SharedDateFormat invoices = new SharedDateFormat();
        stage.loops("invoice", INVOICE_THREADS, () -> {
            for (int i = 0; i < DATES_PER_TURN; i++) {
                invoices.check(stage.fixed());
            }
            Work.remoteCall(3);
        });
        stage.report(() -> invoices.dates + " dates read", "wrong or refused so far", invoices.wrong::sum);
    }

    private void check(boolean safely) {
        int day = ThreadLocalRandom.current().nextInt(1, 29);
        String date = "2024-0%d-%02d".formatted(1 + day % 9, day);
        dates.increment();
        try {
            String back = safely ? rewriteSafely(date) : rewrite(date);
            if (!back.equals(date)) {
                wrong.increment();
            }
        } catch (ParseException | RuntimeException refused) {
            wrong.increment(); // NumberFormatException and worse: the shared fields were in pieces
        }
    }

    private String rewrite(String date) throws ParseException {
        return format.format(format.parse(date));
    }

    private String rewriteSafely(String date) {
        return safeFormat.format(LocalDate.parse(date, safeFormat));
    }
}
