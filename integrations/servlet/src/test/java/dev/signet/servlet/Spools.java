// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import java.io.File;

/** The files to which long bodies go. */
final class Spools {
    private Spools() {}

    static int count() {
        String[] files =
                new File(System.getProperty("java.io.tmpdir")).list((dir, name) -> name.startsWith("signet-body"));
        return files == null ? -1 : files.length;
    }

    /** A request is done a little after its client has the answer. */
    static void awaitNone() throws InterruptedException {
        for (int i = 0; i < 500 && count() != 0; i++) {
            Thread.sleep(10);
        }
        if (count() != 0) {
            throw new AssertionError(count() + " spool files are left");
        }
    }
}
