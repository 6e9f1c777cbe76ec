// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What the build wrote down about itself. */
public final class Build {
    private static final Properties PROPERTIES = load();

    private Build() {}

    public static String property(String name) {
        return PROPERTIES.getProperty(name, "unknown");
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            // Then nothing is known; no command depends on it.
        }
        return properties;
    }
}
