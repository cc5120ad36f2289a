// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** The agent jar that travels inside ours. */
final class AgentJar {
    private static final String RESOURCE = "/META-INF/lockjam/lockjam-agent.jar";
    /** Where it is when we do not run from our jar, as in tests. */
    private static final String PROPERTY = "lockjam.agentJar";

    private static final String NAME = "lockjam-agent.jar";

    private AgentJar() {}

    static byte[] bytes() throws IOException {
        try (InputStream inside = AgentJar.class.getResourceAsStream(RESOURCE)) {
            if (inside != null) {
                return inside.readAllBytes();
            }
        }
        String outside = System.getProperty(PROPERTY);
        if (outside != null) {
            return Files.readAllBytes(Path.of(outside));
        }
        throw new IOException("this lockjam.jar does not hold the agent");
    }

    /** Path of the agent jar for a command line: the one beside ours if there is one, else its bare name. */
    static Path besideUs() {
        Path own = location();
        Path beside = own == null ? null : own.resolveSibling(NAME);
        return beside != null && Files.exists(beside) ? beside : Path.of(NAME);
    }

    private static @Nullable Path location() {
        CodeSource source = AgentJar.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException unusual) {
            return null;
        }
    }
}
