// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.weave.Weaver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The real weaver; Byte Buddy is loaded with the first class that is not in the cache. */
final class JdkWeaver implements ClassWeaver {
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
        return Weaver.VERSION_KEY;
    }
}
