// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One Chromium for all classes of tests: started for the first of them, closed after the last. */
final class OneBrowser implements BeforeAllCallback {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(OneBrowser.class);

    private Chromium chromium;

    @Override
    public void beforeAll(ExtensionContext context) {
        chromium = context.getRoot()
                .getStore(OURS)
                .computeIfAbsent(Chromium.class, ignored -> new Chromium(), Chromium.class);
        chromium.faults.clear();
    }

    Chromium chromium() {
        return chromium;
    }
}
