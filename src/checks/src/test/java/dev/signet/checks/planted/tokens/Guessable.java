// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.tokens;

import java.util.Random;

/** Is random in a way that others can follow, and tells of it. */
public final class Guessable {
    public Guessable() {}

    public double next() {
        double next = Math.log(new Random(1).nextDouble());
        System.out.println(next);
        return next;
    }
}
