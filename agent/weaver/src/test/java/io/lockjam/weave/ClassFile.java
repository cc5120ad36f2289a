// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The raw parts of a class file.
 *
 * @param pool entries of the constant pool, as their bytes in hex
 * @param fields names and descriptors
 * @param methods the bytes of every method, by name and descriptor
 */
record ClassFile(List<String> pool, List<String> fields, Map<String, byte[]> methods) {
    private static final int MAGIC_AND_VERSION = 8;

    static ClassFile of(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.readFully(new byte[MAGIC_AND_VERSION]);
        String[] texts = new String[in.readUnsignedShort()];
        List<String> pool = pool(in, texts);
        in.readFully(new byte[6]);
        in.readFully(new byte[2 * in.readUnsignedShort()]);
        Map<String, byte[]> fields = members(in, bytes, texts);
        Map<String, byte[]> methods = members(in, bytes, texts);
        return new ClassFile(pool, new ArrayList<>(fields.keySet()), methods);
    }

    private static List<String> pool(DataInputStream in, String[] texts) throws IOException {
        List<String> pool = new ArrayList<>();
        for (int i = 1; i < texts.length; i++) {
            int tag = in.readUnsignedByte();
            if (tag == 1) {
                texts[i] = in.readUTF();
                pool.add(texts[i]);
                continue;
            }
            byte[] entry = new byte
                    [switch (tag) {
                        case 7, 8, 16, 19, 20 -> 2;
                        case 15 -> 3;
                        case 5, 6 -> 8;
                        default -> 4;
                    }];
            in.readFully(entry);
            pool.add(tag + Arrays.toString(entry));
            if (tag == 5 || tag == 6) {
                i++;
            }
        }
        return pool;
    }

    private static Map<String, byte[]> members(DataInputStream in, byte[] bytes, String[] texts) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            int begin = bytes.length - in.available();
            in.readUnsignedShort();
            String name = texts[in.readUnsignedShort()] + texts[in.readUnsignedShort()];
            int attributes = in.readUnsignedShort();
            for (int each = 0; each < attributes; each++) {
                in.readUnsignedShort();
                in.skipNBytes(in.readInt());
            }
            members.put(name, Arrays.copyOfRange(bytes, begin, bytes.length - in.available()));
        }
        return members;
    }
}
