// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Agent settings, read from the {@code key=value,key=value} after the jar's name; {@code config=FILE} adds those of a
 * properties file, over which the ones on the command line win.
 *
 * @param deep whether to measure what costs more
 * @param races patterns of the classes whose fields are checked; auto, off or patterns
 * @param predicts whether races that were not caught in the act are told, too
 * @param servePort where a companion process serves the dashboard; -1 for none, 0 for any free port
 * @param recordFile where the recording is dumped at exit; null for nowhere
 * @param connect socket of the lockjam process that loaded the agent; null with -javaagent
 * @param session folder of this attach; null for none
 * @param graceSeconds from the loss of the connection to the undoing
 * @param keep whether the agent stays in when the connection ends
 * @param memoryOnly whether facts go over the connection instead of into a recording
 */
record AgentConfig(
        boolean deep,
        List<String> races,
        boolean predicts,
        int servePort,
        @Nullable String recordFile,
        @Nullable String connect,
        String token,
        @Nullable String session,
        int graceSeconds,
        boolean keep,
        boolean memoryOnly) {
    /** Long enough for a dashboard to be started again, short enough that nobody wonders about a silent agent. */
    static final int GRACE_SECONDS = 10;

    private static final List<String> KEYS = List.of(
            "depth",
            "races",
            "races-mode",
            "serve",
            "record",
            "config",
            "connect",
            "token",
            "session",
            "grace",
            "keep",
            "memory");

    /** @throws ConfigException if a key is unknown or a value cannot be meant */
    static AgentConfig parse(@Nullable String arguments) throws ConfigException {
        Map<String, String> given = new LinkedHashMap<>();
        if (arguments != null && !arguments.isBlank()) {
            for (String pair : arguments.split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new ConfigException("expected key=value,key=value, got '" + pair + "'");
                }
                put(
                        given,
                        pair.substring(0, equals).trim(),
                        pair.substring(equals + 1).trim());
            }
        }
        String file = given.get("config");
        if (file != null) {
            readFile(file).forEach(given::putIfAbsent);
        }
        return of(given);
    }

    /** The session folder in arguments that may make no sense otherwise; null if there is none. */
    static @Nullable String session(@Nullable String arguments) {
        String key = "session=";
        for (String pair : arguments == null ? new String[0] : arguments.split(",", -1)) {
            if (pair.startsWith(key)) {
                return unescaped(pair.substring(key.length()));
            }
        }
        return null;
    }

    private static AgentConfig of(Map<String, String> given) throws ConfigException {
        String depth = oneOf("depth", given.getOrDefault("depth", "light"), "light", "deep");
        boolean deep = depth.equals("deep");
        List<String> races = races(given.getOrDefault("races", deep ? "auto" : "off"));
        String mode = oneOf("races-mode", given.getOrDefault("races-mode", "caught"), "caught", "predicted");
        if (mode.equals("predicted") && !named(races)) {
            throw new ConfigException("races-mode: predicted needs classes to look at, such as races=com.acme.*");
        }
        return new AgentConfig(
                deep,
                races,
                mode.equals("predicted"),
                number("serve", given.getOrDefault("serve", "-1"), given.containsKey("serve") ? 0 : -1, 65_535),
                path("record", given.get("record")),
                path("connect", given.get("connect")),
                given.getOrDefault("token", ""),
                path("session", given.get("session")),
                number("grace", given.getOrDefault("grace", Integer.toString(GRACE_SECONDS)), 0, 600),
                flag("keep", given.getOrDefault("keep", "false")),
                flag("memory", given.getOrDefault("memory", "false")));
    }

    private static void put(Map<String, String> given, String key, String value) throws ConfigException {
        if (!KEYS.contains(key)) {
            throw new ConfigException(
                    "unknown key '" + key + "'; known are depth, races, races-mode, serve, record and" + " config");
        }
        if (given.put(key, value) != null) {
            throw new ConfigException(key + ": given twice");
        }
    }

    private static Map<String, String> readFile(String file) throws ConfigException {
        Properties properties = new Properties();
        try (Reader in = new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ConfigException(
                    "config: expected a properties file, got '" + file + "' (" + unreadable.getMessage() + ")");
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.equals("config")) {
                throw new ConfigException("config: cannot be set in '" + file + "' itself");
            }
            put(given, key, properties.getProperty(key).trim());
        }
        return given;
    }

    /** Patterns such as com.acme.* or com.acme.Cache, separated by semicolons. */
    private static List<String> races(String text) throws ConfigException {
        List<String> patterns = new ArrayList<>();
        for (String pattern : text.split(";", -1)) {
            if (!pattern.matches("[\\p{L}_$*][\\p{L}\\p{N}_$.*]*")) {
                throw new ConfigException(
                        "races: expected auto, off or patterns like com.acme.*, got '" + pattern + "'");
            }
            patterns.add(pattern);
        }
        return List.copyOf(patterns);
    }

    private static String oneOf(String key, String value, String first, String second) throws ConfigException {
        if (!value.equals(first) && !value.equals(second)) {
            throw new ConfigException(key + ": expected " + first + " or " + second + ", got '" + value + "'");
        }
        return value;
    }

    private static boolean flag(String key, String value) throws ConfigException {
        return oneOf(key, value, "true", "false").equals("true");
    }

    private static int number(String key, String value, int least, int most) throws ConfigException {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // reported below
        }
        throw new ConfigException(key + ": expected " + least + " to " + most + ", got '" + value + "'");
    }

    /** A path in which a comma is written %2C and a percent sign %25. */
    private static @Nullable String path(String key, @Nullable String value) throws ConfigException {
        if (value == null) {
            return null;
        }
        String path = unescaped(value);
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw new ConfigException(key + ": expected a path, got '" + value + "'");
        }
        return path;
    }

    private static String unescaped(String value) {
        return value.replace("%2C", ",").replace("%2c", ",").replace("%25", "%");
    }

    private static boolean named(List<String> races) {
        return !races.equals(List.of("off")) && !races.equals(List.of("auto"));
    }

    /** Whether classes get probes as they are loaded, without a lockjam process. */
    boolean probesAtLoad() {
        return connect == null && named(races);
    }

    String depth() {
        return deep ? "deep" : "light";
    }
}
