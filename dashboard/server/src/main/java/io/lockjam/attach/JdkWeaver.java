// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.weave.Weaver;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The real weaver; Byte Buddy is loaded with the first class that is not in the cache. */
final class JdkWeaver implements ClassWeaver {
    private final String version = build();

    /** Size and time of the file that holds the weaver: what another build has woven may call hooks that this one does not have. */
    private static String build() {
        CodeSource source = Weaver.class.getProtectionDomain().getCodeSource();
        if (source != null) {
            try {
                Path file = Path.of(source.getLocation().toURI());
                if (Files.isRegularFile(file)) {
                    return Files.size(file) + "-"
                            + Files.getLastModifiedTime(file).toMillis();
                }
            } catch (IOException
                    | URISyntaxException
                    | IllegalArgumentException
                    | FileSystemNotFoundException unknown) {
                // then nothing is taken from another run
            }
        }
        return UUID.randomUUID().toString();
    }

    @Override
    public List<String> types() {
        return Weaver.types().stream().map(name -> name.replace('.', '/')).toList();
    }

    @Override
    public byte @Nullable [] weave(String internalName, byte[] original) {
        return Weaver.weave(internalName, original);
    }

    @Override
    public String version() {
        return version;
    }
}
