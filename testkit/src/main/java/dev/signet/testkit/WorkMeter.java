// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Measures work by what it allocates, which is the same however busy the machine is. For tests that a hostile message costs
 * no more than a small multiple of an ordinary one.
 */
public final class WorkMeter {
    private static final int RUNS = 5;

    private WorkMeter() {}

    /**
     * Bytes that this thread allocates while it does the work: the least of several runs, so that what is made once does not
     * count. The work ends by itself; what it throws is thrown.
     */
    public static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < RUNS; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            work.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /**
     * Fails if the work allocates more than so many times what the ordinary work does.
     *
     * @throws AssertionError with both figures
     */
    public static void assertAtMost(int times, Runnable ordinary, Runnable work) {
        long most = times * allocated(ordinary);
        long found = allocated(work);
        if (found > most) {
            throw new AssertionError("the work allocates " + found + " bytes, and may allocate " + most);
        }
    }
}
